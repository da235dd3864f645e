package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Mark as read is the reader's own act (R12). Each of its forms carries the
// numbers up to which it marks: what arrived since the page was made is not
// marked.

// unreadView stands above the reply box: how many messages of the conversation
// the reader has not read.
type unreadView struct {
	ID     string
	Reader string
	Count  int64
	UpTo   int64
	Above  bool // all of them are above
}

// unreadHere counts what is unread once this page has been marked as shown.
func unreadHere(v *visitor, c hub.Conversation, shown window, marked int64) unreadView {
	return unreadView{
		ID: c.ID.String(), Reader: v.person.ID.String(), Count: marked, UpTo: c.LastSeq, Above: shown.newest(c),
	}
}

// markConversation marks one conversation as read.
func (s *Site) markConversation(w http.ResponseWriter, r *http.Request, v *visitor) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	upTo, err := strconv.ParseInt(r.PostForm.Get("up_to"), 10, 64)
	if err != nil || upTo < 0 {
		return badForm(errors.New("up_to is no number of a message"))
	}
	if _, err := s.opts.Hub.MarkRead(r.Context(), v.actor(), id, upTo); err != nil {
		return err
	}
	s.marked(w, r)
	return nil
}

// markAll marks what the page of the inbox told of.
func (s *Site) markAll(w http.ResponseWriter, r *http.Request, v *visitor) error {
	all := hub.MarkAll{}
	for _, shown := range r.PostForm["shown"] {
		one, ok := parseReadUpTo(shown)
		if !ok {
			return badForm(errors.New("shown is no message of a conversation"))
		}
		all.Shown = append(all.Shown, one)
	}
	if before := r.PostForm.Get("before"); before != "" {
		at, err := time.Parse(time.RFC3339Nano, before)
		if err != nil {
			return badForm(fmt.Errorf("before: %w", err))
		}
		all.Before = at
	}
	if _, err := s.opts.Hub.MarkAllRead(r.Context(), v.actor(), all); err != nil {
		return err
	}
	s.marked(w, r)
	return nil
}

// marked leads back to where one was. To the browser client it is enough that it
// is done: it says so itself.
func (s *Site) marked(w http.ResponseWriter, r *http.Request) {
	if !byScript(r) {
		s.flash(w, saidMarked, 0)
	}
	goOn(w, r, nextOf(r))
}

// A message that a page told of is written CONVERSATION:NUMBER in its form.
func readUpToText(row hub.InboxRow) string {
	return row.Conversation.String() + ":" + strconv.FormatInt(row.LastSeq, 10)
}

func parseReadUpTo(s string) (hub.ReadUpTo, bool) {
	conversation, number, found := strings.Cut(s, ":")
	id, err := uuid.Parse(conversation)
	seq, errSeq := strconv.ParseInt(number, 10, 64)
	return hub.ReadUpTo{Conversation: id, Seq: seq}, found && err == nil && errSeq == nil && seq >= 0
}

// markable gives rows the form that marks one of them, which leads back to the
// page they are on.
func markable(r *http.Request, v *visitor, rows []rowView) {
	for i := range rows {
		rows[i].Reader, rows[i].Next = v.person.ID.String(), r.URL.RequestURI()
	}
}

// markAllView is the form that marks all as read.
type markAllView struct {
	Reader, Next, Before string
	Shown                []string
}

// markAllOf is the form for a page of the inbox; nil if there is nothing to mark,
// or if the page is not the first of all conversations, or of all unread ones.
func markAllOf(v *visitor, f inboxFilter, found hub.InboxPage) *markAllView {
	if found.Head.Unread == 0 || len(found.Rows) == 0 || f.Name != "" || f.Section != "" || f.After != "" {
		return nil
	}
	form := &markAllView{Reader: v.person.ID.String(), Next: f.path("")}
	for _, row := range found.Rows {
		if row.Unread > 0 {
			form.Shown = append(form.Shown, readUpToText(row))
		}
	}
	if found.Next != "" {
		form.Before = found.Rows[len(found.Rows)-1].LastAt.Format(time.RFC3339Nano)
	}
	return form
}
