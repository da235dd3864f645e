package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

type conversationPage struct {
	frame
	ID      string
	Subject string
	Parties []personView
	// Unreached are, for staff, those in it who get no mail.
	Unreached []string
	Letters   []letterView
	// Older and Newer lead to the letters before and after those shown.
	Older, Newer     string
	Newest           bool // the last letter shown is the conversation's last
	ReadSeq, LastSeq int64
	Unread           unreadView
	Printed          printView
	Predecessor      string
	Script           map[string]partyScript
	Footer           footerView
}

// partyScript is what the browser client needs to name the sender of a letter
// that arrives.
type partyScript struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

func (s *Site) conversation(w http.ResponseWriter, r *http.Request, v *visitor) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	c, err := s.opts.Hub.Conversation(r.Context(), v.actor(), id)
	if err != nil {
		return fmt.Errorf("conversation: %w", err)
	}
	written, err := s.draft(r.Context(), v, slotOf(id))
	if err != nil {
		return err
	}
	return s.showConversation(w, r, v, c, http.StatusOK, replyDraft(r, v, c, written), nil)
}

func (s *Site) showConversation(w http.ResponseWriter, r *http.Request, v *visitor, c hub.Conversation,
	status int, form replyForm, wrong []problem) error {
	window, err := s.window(r, v, c)
	if err != nil {
		return err
	}
	known, err := s.people(r.Context(), v, tiedStudents(c.Participants))
	if err != nil {
		return err
	}
	unread, err := s.markShown(r, v, c, window)
	if err != nil {
		return err
	}
	me, _ := c.Participant(v.person.ID)
	p := &conversationPage{
		ID: c.ID.String(), Subject: c.Subject, Parties: partiesOf(v, c.Participants, known),
		Older: window.older(c.ID), Newer: window.newer(c), Newest: window.newest(c),
		ReadSeq: me.ReadSeq, LastSeq: c.LastSeq, Unread: unreadHere(v, c, window, unread),
	}
	if p.Printed, err = s.printed(r.Context(), v, c, window); err != nil {
		return err
	}
	p.Title, p.Section, p.Problems = c.Subject, messagesTab(v), wrong
	if err := s.sayMailboxes(r, v, c, me.Staff(), p); err != nil {
		return err
	}
	if c.Predecessor != uuid.Nil {
		p.Predecessor = conversationPath(c.Predecessor)
	}
	if p.Letters, err = letters(r.Context(), v, p.Parties, me, window.messages); err != nil {
		return err
	}
	p.Script = map[string]partyScript{}
	for _, party := range p.Parties {
		p.Script[party.ID] = partyScript{Name: party.Name, Words: party.Part}
	}
	p.Footer = footer(v, c, p.Parties, known, form)
	p.Footer.Problem = p.At("body")
	return s.show(w, r, v, status, "conversation", p)
}

// sayMailboxes says who gets no mail: oneself, and to staff who else.
func (s *Site) sayMailboxes(r *http.Request, v *visitor, c hub.Conversation, staff bool, p *conversationPage) error {
	asked := []uuid.UUID{v.person.ID}
	if staff {
		asked = asked[:0]
		for _, party := range c.Participants {
			asked = append(asked, party.Person.ID)
		}
	}
	known, err := s.mailboxes(r.Context(), v, asked...)
	if err != nil {
		return err
	}
	p.Mailbox = mailbox(v, known[v.person.ID], conversationPath(c.ID))
	if staff {
		p.Unreached = unreached(v.lang, p.Parties, known)
	}
	return nil
}

// markShown marks as read what this page shows, where no script does it and a
// person opened the page: only what follows what was read without a gap (R12). It
// says how many messages of the conversation are unread then.
func (s *Site) markShown(r *http.Request, v *visitor, c hub.Conversation, shown window) (unread int64, err error) {
	me, _ := c.Participant(v.person.ID)
	unread = me.Unread(c.LastSeq)
	if runsScript(r) || !openedByPerson(r) || len(shown.messages) == 0 {
		return unread, nil
	}
	first, last := shown.messages[0].Seq, shown.messages[len(shown.messages)-1].Seq
	if first > me.ReadSeq+1 || last <= me.ReadSeq {
		return unread, nil
	}
	receipt, err := s.opts.Hub.MarkRead(r.Context(), v.actor(), c.ID, last)
	if err != nil {
		return 0, fmt.Errorf("conversation: %w", err)
	}
	v.head = receipt.Head
	return receipt.Here, nil
}

// backToConversation is for a browser that comes back to the address of a form.
func (s *Site) backToConversation(w http.ResponseWriter, r *http.Request, _ *visitor) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, atNew(conversationPath(id)), http.StatusSeeOther)
	return nil
}

// atNew is where a page opens that is reached by its path alone: a conversation
// where its unread begins.
func atNew(path string) string {
	address, _, _ := strings.Cut(path, "?")
	id, err := uuid.Parse(strings.TrimPrefix(address, "/conversations/"))
	if err != nil || address != conversationPath(id) || strings.Contains(path, "#") {
		return path
	}
	return path + "#new"
}

func conversationPath(id uuid.UUID) string { return "/conversations/" + id.String() }
