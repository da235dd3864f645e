package web

import (
	"context"
	"fmt"
	"html/template"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/weblink"
)

// letterView is one letter of a conversation.
type letterView struct {
	Seq                int64
	Sender, Name, Part string
	Own, Gone          bool
	When               words.Moment
	Body               template.HTML
	NewSince           string // the line that stands before it, where the unread begins
	Opens              bool   // the page opens here
}

// letters are the messages of a page. The line New since stands before the
// first that the reader has neither read nor sent; the page opens there, else
// at its last letter.
//
// Finding links takes long in letters made for that: who has gone is not waited
// for.
func letters(ctx context.Context, v *visitor, parties []personView, me hub.Participant, messages []hub.Message) ([]letterView, error) {
	by := map[string]personView{}
	for _, p := range parties {
		by[p.ID] = p
	}
	views := make([]letterView, len(messages))
	newSince := false
	for i, m := range messages {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("letters: %w", err)
		}
		sender := by[m.Sender.String()]
		views[i] = letterView{
			Seq: m.Seq, Sender: m.Sender.String(), Name: sender.Name, Part: sender.Part,
			Own: m.Sender == v.person.ID, Gone: sender.Gone, When: v.moment(m.SentAt), Body: paper(m.Body),
		}
		if !newSince && m.Seq > me.ReadSeq && m.Sender != v.person.ID {
			newSince = true
			views[i].NewSince = v.lang.Day(m.SentAt, v.now, v.zone)
		}
	}
	if !newSince && len(views) > 0 {
		views[len(views)-1].Opens = true
	}
	return views, nil
}

// maxLinks of a letter become links.
const maxLinks = 100

// paper is a letter as HTML: its text, with links where it names addresses of
// the web, and nothing else (R11). Line breaks are kept by the style.
func paper(body string) template.HTML {
	var b strings.Builder
	for _, piece := range weblink.Split(body, maxLinks) {
		escaped := template.HTMLEscapeString(piece.Text)
		if piece.Link {
			escaped = `<a href="` + escaped + `" rel="noopener noreferrer nofollow">` + escaped + `</a>`
		}
		b.WriteString(escaped)
	}
	return template.HTML(b.String()) // every piece of the body was escaped above
}

// footerView stands below the letters: the box to reply in, or why there is none.
type footerView struct {
	ID        string
	Reader    string // whose page it is
	Readers   string // who will read a reply
	Form      replyForm
	Problem   problem
	Off       bool
	Sealed    *sealView
	Successor string // the conversation that goes on from this one
	MaySeal   bool
	Number    string
}

// sealView is why a conversation is read only.
type sealView struct {
	By, Reason, StaffReason string
	When                    words.Moment
	MayContinue             bool
	Unsent                  string // what the reader was writing when it was sealed
}

func footer(v *visitor, c hub.Conversation, parties []personView, known names, form replyForm) footerView {
	me, _ := c.Participant(v.person.ID)
	f := footerView{
		ID: c.ID.String(), Reader: v.person.ID.String(), Form: form, Problem: problem{Field: "body"}, Off: !v.district.Enabled, Number: c.ID.String(),
		MaySeal: me.Staff() && c.Seal == nil,
	}
	var readers []string
	for _, p := range parties {
		if !p.Self && !p.Gone {
			readers = append(readers, words.Isolate(p.Name))
		}
	}
	f.Readers = v.lang.Count("reply_readers", int64(len(readers)), "names", v.lang.List(readers))
	if len(readers) == 0 {
		f.Readers = v.lang.Say("reply_nobody")
	}
	if len(c.Successors) > 0 {
		f.Successor = conversationPath(c.Successors[len(c.Successors)-1]) + "#new"
	}
	if c.Seal != nil {
		f.Sealed = sealed(v, c, parties, form)
		f.Sealed.StaffReason = staffReason(v, c, known)
		f.Sealed.MayContinue = me.Staff() && v.district.Enabled
	}
	return f
}

func sealed(v *visitor, c hub.Conversation, parties []personView, form replyForm) *sealView {
	view := &sealView{
		Reason: c.Seal.Reason, When: v.moment(c.Seal.At), Unsent: form.Body,
	}
	if c.Seal.Cause != hub.SealedByStaff {
		view.Reason = v.lang.Say("sealed_family")
	}
	view.By = v.lang.Say("sealed_by_district")
	for _, p := range parties {
		if c.Seal.By != uuid.Nil && p.ID == c.Seal.By.String() {
			view.By = p.Name
		}
	}
	return view
}

// staffReason says to staff, and nobody else, whose tie to which student ended
// (R26). The hub leaves both out for everybody else.
func staffReason(v *visitor, c hub.Conversation, known names) string {
	guardian, ok := c.Participant(c.Seal.Guardian)
	if !ok {
		return ""
	}
	said := []any{
		"guardian", words.Isolate(guardian.Person.Name()), "student", words.Isolate(known[c.Seal.Student].Name()),
		"reason", c.Seal.StaffReason,
	}
	if c.Seal.Cause == hub.SealedByBar {
		return v.lang.Say("sealed_bar", said...)
	}
	return v.lang.Say("sealed_tie", said[:4]...)
}
