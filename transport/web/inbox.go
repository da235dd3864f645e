package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

type inboxPage struct {
	frame
	Rows     []rowView
	Filter   inboxFilter
	Sections []optionView
	Older    string // the address of the next page, empty on the last
	First    string // the address of the first page, where this is a later one
	Closed   []rowView
	Off      bool
	MayNot   string // why the reader begins no conversation
	MarkAll  *markAllView
	Drafts   int // how many messages the reader has begun
}

// inboxFilter is what the GET form above the inbox asks for.
type inboxFilter struct {
	Unread  bool
	Name    string
	Section string
	After   string
}

// On says whether the filter leaves anything out.
func (f inboxFilter) On() bool { return f.Unread || f.Name != "" || f.Section != "" }

func (f inboxFilter) path(after string) string {
	q := url.Values{}
	if f.Unread {
		q.Set("unread", "1")
	}
	for name, value := range map[string]string{"name": f.Name, "section": f.Section, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/inbox"
	}
	return "/inbox?" + q.Encode()
}

// Partial says whether the table is not the newest page of all: then the browser
// client does not put what arrives into it by itself.
func (p *inboxPage) Partial() bool { return p.Filter.On() || p.Filter.After != "" }

// rowView is a conversation in the inbox.
type rowView struct {
	ID, Subject, People, Preview string
	Unread, LastSeq              int64
	Sealed, Draft                bool
	When                         words.Moment
	Reader, Next                 string // of the form that marks it as read
}

// tableView is a table of conversations. A filtered one is not added to live.
type tableView struct {
	Caption  string
	Rows     []rowView
	Filtered bool
}

func newTable(caption string, rows []rowView, filtered bool) tableView {
	return tableView{caption, rows, filtered}
}

func (s *Site) inbox(w http.ResponseWriter, r *http.Request, v *visitor) error {
	query := r.URL.Query()
	p := &inboxPage{Off: !v.district.Enabled}
	p.Title, p.Section = v.lang.Say("inbox_title"), messagesTab(v)
	p.Filter = inboxFilter{
		Unread: query.Get("unread") != "", Name: clip(query.Get("name")),
		Section: query.Get("section"), After: query.Get("after"),
	}
	section, _ := uuid.Parse(p.Filter.Section) // anything else filters nothing
	found, err := s.opts.Hub.Inbox(r.Context(), v.actor(), hub.InboxQuery{
		UnreadOnly: p.Filter.Unread, Name: p.Filter.Name, Section: section, After: p.Filter.After,
	})
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	v.head = found.Head
	if p.Rows, err = s.rows(r.Context(), v, found.Rows); err != nil {
		return err
	}
	markable(r, v, p.Rows)
	p.MarkAll = markAllOf(v, p.Filter, found)
	if p.Drafts, err = s.markDrafts(r.Context(), v, p.Rows); err != nil {
		return err
	}
	if found.Next != "" {
		p.Older = p.Filter.path(found.Next)
	}
	if p.Filter.After != "" {
		p.First = p.Filter.path("")
	}
	if p.Closed, err = s.closed(r.Context(), v); err != nil {
		return err
	}
	if p.Sections, err = s.ownSections(r.Context(), v, p.Filter.Section); err != nil {
		return err
	}
	if p.MayNot, err = s.mayNotBegin(r.Context(), v); err != nil {
		return err
	}
	if p.Mailbox, err = s.ownMailbox(r, v); err != nil {
		return err
	}
	return s.show(w, r, v, http.StatusOK, "inbox", p)
}

const mostNamed = 3 // participants that a row names

func (s *Site) rows(ctx context.Context, v *visitor, rows []hub.InboxRow) ([]rowView, error) {
	var ids []uuid.UUID
	for _, row := range rows {
		ids = append(ids, tiedStudents(row.Participants)...)
	}
	known, err := s.people(ctx, v, roster.Distinct(ids))
	if err != nil {
		return nil, err
	}
	views := make([]rowView, len(rows))
	for i, row := range rows {
		var others []string
		for _, p := range partiesOf(v, row.Participants, known) {
			if !p.Self {
				others = append(others, p.words(v.lang))
			}
		}
		views[i] = rowView{
			ID: row.Conversation.String(), Subject: row.Subject, People: v.lang.ShortParts(others, mostNamed),
			Preview: row.Preview, Unread: row.Unread, LastSeq: row.LastSeq, Sealed: row.Sealed,
			When: v.moment(row.LastAt),
		}
	}
	return views, nil
}

// markDrafts marks the rows in which the reader has begun a reply, and says how
// many drafts there are in all.
func (s *Site) markDrafts(ctx context.Context, v *visitor, rows []rowView) (int, error) {
	all, err := s.opts.Drafts.Drafts(ctx, v.district.ID, v.person.ID, false)
	if err != nil {
		return 0, fmt.Errorf("inbox: %w", err)
	}
	begun := map[string]bool{}
	for _, d := range all {
		begun[d.Slot] = true
	}
	for i := range rows {
		rows[i].Draft = begun[replySlot+rows[i].ID]
	}
	return len(all), nil
}

// closed are conversations that a change in a family has sealed, for staff to
// go on from (R26): none while messaging is off, when nobody can.
func (s *Site) closed(ctx context.Context, v *visitor) ([]rowView, error) {
	if !v.person.Staff() || !v.district.Enabled {
		return nil, nil
	}
	rows, err := s.opts.Hub.ClosedForFamilies(ctx, v.actor())
	if err != nil {
		return nil, fmt.Errorf("closed conversations: %w", err)
	}
	return s.rows(ctx, v, rows)
}

// ownSections are the sections that a teacher may filter by: those they teach.
func (s *Site) ownSections(ctx context.Context, v *visitor, chosen string) ([]optionView, error) {
	if !v.person.Staff() {
		return nil, nil
	}
	facts, err := s.facts(ctx, v)
	if err != nil {
		return nil, err
	}
	return options(roster.SectionChoices(facts.Taught(v.person.ID)), chosen), nil
}

func options(choices []roster.Choice, chosen string) []optionView {
	list := make([]optionView, len(choices))
	for i, c := range choices {
		list[i] = optionView{Value: c.Value, Label: c.Label, Selected: c.Value == chosen}
	}
	return list
}

// messagesTab is the tab of the header under which somebody's inbox is.
func messagesTab(v *visitor) string {
	if v.person.Staff() {
		return "students"
	}
	return "messages"
}

func pathID(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return uuid.Nil, errNoPage
	}
	return id, nil
}
