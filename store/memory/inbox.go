package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Inbox implements hub.Store.
func (s *Store) Inbox(ctx context.Context, districtID, person uuid.UUID, q hub.InboxQuery) (hub.InboxPage, error) {
	limit, err := q.PageSize()
	if err != nil {
		return hub.InboxPage{}, err
	}
	after, err := parsePlace(q.After)
	if err != nil {
		return hub.InboxPage{}, err
	}
	return call(ctx, s, "Inbox", func() (hub.InboxPage, error) {
		page := hub.InboxPage{Head: s.headOf(districtID, person)}
		d := s.districts[districtID]
		if d == nil {
			return page, nil
		}
		for _, c := range d.inbox(person, q) {
			switch {
			case after != nil && after.compare(placeOf(c)) >= 0:
			case len(page.Rows) == limit:
				last := page.Rows[limit-1]
				page.Next = place{last.LastAt, last.Conversation}.String()
				return page, nil
			default:
				page.Rows = append(page.Rows, d.row(c, person))
			}
		}
		return page, nil
	})
}

// inbox are the conversations of somebody that a query asks for, newest first.
func (d *district) inbox(person uuid.UUID, q hub.InboxQuery) (list []*conversation) {
	words := roster.WordBeginnings(q.Name)
	for _, c := range d.conversations {
		me := c.member(person)
		if me == nil || q.UnreadOnly && me.unread(c) == 0 ||
			len(words) > 0 && !d.named(c, person, words) || q.Section != uuid.Nil && !d.attends(c, q.Section) {
			continue
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *conversation) int { return placeOf(a).compare(placeOf(b)) })
	return list
}

// named says whether somebody else in a conversation is called by all the words.
func (d *district) named(c *conversation, reader uuid.UUID, words []string) bool {
	return slices.ContainsFunc(c.members, func(m *member) bool {
		p := d.people[m.person]
		shown := roster.FoldName(roster.SnapshotPerson{Given: p.Given, Family: p.Family, Preferred: p.Preferred}).Shown
		return m.person != reader &&
			!slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(shown, word) })
	})
}

// attends says whether a student of a section takes part, or somebody through them.
func (d *district) attends(c *conversation, section uuid.UUID) bool {
	return slices.ContainsFunc(c.members, func(m *member) bool {
		return slices.ContainsFunc(m.ties, func(t roster.Tie) bool {
			return !t.Part.Staff() && slices.ContainsFunc(d.says.Enrolments, func(e roster.SnapshotEnrolment) bool {
				return e.Role == roster.Student && d.id(roster.KindPerson, e.Person) == t.Student &&
					d.id(roster.KindSection, e.Section) == section
			})
		})
	})
}

func (d *district) row(c *conversation, person uuid.UUID) hub.InboxRow {
	last := c.messages[len(c.messages)-1]
	return hub.InboxRow{
		Conversation: c.ID, Subject: c.Subject, LastSeq: c.LastSeq, LastAt: c.LastAt, LastSender: last.Sender,
		Preview: hub.Beginning(last.Body), Unread: c.member(person).unread(c),
		Sealed: c.Seal != nil, Participants: d.participants(c, person),
	}
}

// Row implements hub.Store.
func (s *Store) Row(ctx context.Context, districtID, conversation, person uuid.UUID) (hub.InboxRow, error) {
	return call(ctx, s, "Row", func() (hub.InboxRow, error) {
		d, c, _, err := s.in(districtID, conversation, person)
		if err != nil {
			return hub.InboxRow{}, err
		}
		return d.row(c, person), nil
	})
}

// SealedForFamilies implements hub.Store.
func (s *Store) SealedForFamilies(ctx context.Context, districtID, person uuid.UUID, limit int) ([]hub.InboxRow, error) {
	return call(ctx, s, "SealedForFamilies", func() (rows []hub.InboxRow, err error) {
		d := s.districts[districtID]
		if d == nil {
			return nil, nil
		}
		list := slices.DeleteFunc(d.inbox(person, hub.InboxQuery{}), func(c *conversation) bool {
			return c.Seal == nil || c.Seal.Cause == hub.SealedByStaff || !c.member(person).staff() || len(d.successors(c, person)) > 0
		})
		slices.SortStableFunc(list, func(a, b *conversation) int { return b.Seal.At.Compare(a.Seal.At) })
		for _, c := range list[:min(len(list), limit)] {
			rows = append(rows, d.row(c, person))
		}
		return rows, nil
	})
}

// place is one in an inbox, behind a conversation as it was then.
type place struct {
	at           time.Time
	conversation uuid.UUID
}

func placeOf(c *conversation) place { return place{c.LastAt, c.ID} }

// compare puts the newer before the older.
func (p place) compare(other place) int {
	return cmp.Or(other.at.Compare(p.at), bytes.Compare(other.conversation[:], p.conversation[:]))
}

func (p place) String() string { return fmt.Sprintf("%020d.%s", p.at.UnixMicro(), p.conversation) }

// parsePlace is nil for the place before all.
func parsePlace(text string) (*place, error) {
	if text == "" {
		return nil, nil
	}
	var micros int64
	var id string
	_, err := fmt.Sscanf(text, "%d.%s", &micros, &id)
	conversation, idErr := uuid.Parse(id)
	p := place{time.UnixMicro(micros), conversation}
	if err != nil || idErr != nil || p.String() != text {
		return nil, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	return &p, nil
}
