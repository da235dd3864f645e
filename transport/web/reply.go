package web

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// replyForm is what stands in the reply box.
type replyForm struct {
	Key  uuid.UUID
	Body string
	At   string // when the browser client saved it, by its clock
	// Keep says that the box stays as it is in an open page, which takes only
	// the errors from this answer.
	Keep bool
}

// replyDraft is the box with what was written, under the key that it was written
// under. An empty one has a key of its own.
func replyDraft(r *http.Request, v *visitor, c hub.Conversation, d draft) replyForm {
	form := replyForm{Key: keyOf(d.get("key")), Body: d.get("body"), At: draftAt(d)}
	if d.get("key") == "" && !runsScript(r) {
		form.Key = nextKey(v, c)
	}
	return form
}

// nextKey is the same until the reader has sent something in the conversation,
// and another then. Without script only the browser keeps what is half written,
// for as long as the field has the same name; with script, which keeps drafts
// here, boxes in two tabs are two messages.
func nextKey(v *visitor, c hub.Conversation) uuid.UUID {
	me, _ := c.Participant(v.person.ID)
	return uuid.NewSHA1(c.ID, fmt.Appendf(nil, "reply of %s after %d", v.person.ID, me.Own))
}

// Field is the name of the field for the text.
func (f replyForm) Field() string { return bodyFieldOf(f.Key) }

func (f replyForm) draft() draft { return draft{"key": {f.Key.String()}, "body": {f.Body}} }

// reply sends a reply and leads back to the inbox (R21). What cannot be sent
// stays in the box, with the reason.
func (s *Site) reply(w http.ResponseWriter, r *http.Request, v *visitor) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	form := replyForm{Key: keyOf(r.PostForm.Get("key")), Body: r.PostForm.Get("body")}
	c, err := s.opts.Hub.Conversation(r.Context(), v.actor(), id)
	if err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	if err := s.keepDraft(r.Context(), v, slotOf(id), form.draft()); err != nil {
		return err
	}
	if r.PostForm.Get("do") == doKeep {
		s.flash(w, saidKept, 0)
		http.Redirect(w, r, conversationPath(id)+"#reply", http.StatusSeeOther)
		return nil
	}
	_, err = s.opts.Hub.Reply(r.Context(), v.actor(), id, form.Key, form.Body)
	if err != nil {
		return s.notReplied(w, r, v, c, form, err)
	}
	if err := s.forgetDraft(r.Context(), v, slotOf(id)); err != nil {
		return err
	}
	s.flash(w, saidReply, 0)
	goOn(w, r, "/inbox")
	return nil
}

func (s *Site) notReplied(w http.ResponseWriter, r *http.Request, v *visitor, c hub.Conversation, form replyForm, err error) error {
	wrong, ok := s.refusal(r, v.lang, err)
	if !ok {
		return err
	}
	status := statusOf(err)
	wrong.Field = "body"
	if hub.CodeOf(err) == hub.CodeKeyReused {
		form.Key = uuid.New() // what stands in the box now is another letter
	}
	form.Keep = byScript(r)
	if hub.CodeOf(err) == hub.CodeSealed {
		form.Keep = false
		// It was sealed while they wrote: show it as it is now.
		if c, err = s.opts.Hub.Conversation(r.Context(), v.actor(), c.ID); err != nil {
			return fmt.Errorf("reply: %w", err)
		}
	}
	return s.showConversation(w, r, v, c, status, form, []problem{wrong})
}

// conversationFooter is what stands in place of the reply box now, for an open
// page that hears of a seal.
func (s *Site) conversationFooter(w http.ResponseWriter, r *http.Request, v *visitor) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	c, err := s.opts.Hub.Conversation(r.Context(), v.actor(), id)
	if err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	known, err := s.people(r.Context(), v, tiedStudents(c.Participants))
	if err != nil {
		return err
	}
	written, err := s.draft(r.Context(), v, slotOf(id))
	if err != nil {
		return err
	}
	parties := partiesOf(v, c.Participants, known)
	return s.fragment(w, v.lang, "conversation", "footer", footer(v, c, parties, known, replyDraft(r, v, c, written)))
}
