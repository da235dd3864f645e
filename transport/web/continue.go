package web

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func continuePath(conversation uuid.UUID) string {
	return "/compose?continues=" + conversation.String()
}

// continueFrom is the compose page with the subject and the families of a
// sealed conversation, and what was being written in it when it was sealed
// (R25). Those who may no longer be written to are left out.
func (s *Site) continueFrom(w http.ResponseWriter, r *http.Request, v *visitor, from uuid.UUID) error {
	c, err := s.opts.Hub.Conversation(r.Context(), v.actor(), from)
	if err != nil {
		return fmt.Errorf("continue: %w", err)
	}
	me, ok := c.Participant(v.person.ID)
	if !ok || !me.Staff() || c.Seal == nil {
		return errNoPage
	}
	written, err := s.draft(r.Context(), v, slotOf(from))
	if err != nil {
		return err
	}
	if written.get("continues") != "" {
		return s.showCompose(w, r, v, http.StatusOK, readCompose(url.Values(written)), nil)
	}
	form := composeForm{
		Draft: uuid.New(),
		Side:  roster.AsWorker, Key: continuationKey(v, c), Subject: c.Subject, Body: written.get("body"), Continues: from,
	}
	for _, p := range c.Participants {
		for _, t := range p.Ties {
			if !t.Part.Staff() && t.Student != uuid.Nil {
				form.add(roster.Recipient{Person: p.Person.ID, Student: t.Student})
			}
		}
	}
	if err := s.dropRefused(r, v, &form); err != nil {
		return err
	}
	return s.showCompose(w, r, v, http.StatusOK, form, nil)
}

// continuationKey is the same until the reader has continued the conversation.
func continuationKey(v *visitor, c hub.Conversation) uuid.UUID {
	return uuid.NewSHA1(c.ID, fmt.Appendf(nil, "continued by %s after %d", v.person.ID, len(c.Successors)))
}

func (s *Site) dropRefused(r *http.Request, v *visitor, form *composeForm) error {
	preview, err := s.opts.Hub.Preview(r.Context(), v.actor(), form.request())
	if hub.CodeOf(err) != "" || len(form.To) == 0 {
		return nil // the page says what is wrong
	}
	if err != nil {
		return fmt.Errorf("continue: %w", err)
	}
	for _, refused := range preview.Refused {
		form.remove(refused.Recipient)
	}
	return nil
}
