package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// sealPage asks for the reason to seal a conversation, and, from district
// staff, for its number (R25).
type sealPage struct {
	frame
	Action   string
	Back     string
	Subject  string // empty where it is sealed by its number, without reading it
	ByNumber bool
	Number   string
	Reason   string
}

func (s *Site) sealForm(w http.ResponseWriter, r *http.Request, v *visitor) error {
	c, err := s.sealable(r, v)
	if err != nil {
		return err
	}
	if c.Seal != nil { // one has come back to the form: it is done
		http.Redirect(w, r, conversationPath(c.ID)+"#reply", http.StatusSeeOther)
		return nil
	}
	return s.showSeal(w, r, v, http.StatusOK, sealPage{Subject: c.Subject, Back: conversationPath(c.ID)}, nil)
}

// sealable is the conversation of the address, where the visitor is in it as
// staff.
func (s *Site) sealable(r *http.Request, v *visitor) (hub.Conversation, error) {
	id, err := pathID(r)
	if err != nil {
		return hub.Conversation{}, err
	}
	c, err := s.opts.Hub.Conversation(r.Context(), v.actor(), id)
	if err != nil {
		return hub.Conversation{}, fmt.Errorf("seal: %w", err)
	}
	if me, ok := c.Participant(v.person.ID); !ok || !me.Staff() {
		return hub.Conversation{}, errNoPage
	}
	return c, nil
}

func (s *Site) seal(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	c, err := s.sealable(r, v)
	if err != nil {
		return err
	}
	reason := r.PostForm.Get("reason")
	_, err = s.opts.Hub.Seal(r.Context(), v.actor(), c.ID, reason)
	if hub.CodeOf(err) == hub.CodeSealed && c.Seal != nil && c.Seal.By == v.person.ID && c.Seal.Reason == strings.TrimSpace(reason) {
		err = nil // pressed twice
	}
	if wrong, ok := s.refusal(r, v.lang, err); ok {
		p := sealPage{Subject: c.Subject, Back: conversationPath(c.ID), Reason: reason}
		return s.showSeal(w, r, v, statusOf(err), p, []problem{wrong})
	}
	if err != nil {
		return err
	}
	s.flash(w, saidSealed, 0)
	http.Redirect(w, r, conversationPath(c.ID)+"#reply", http.StatusSeeOther)
	return nil
}

func (s *Site) showSeal(w http.ResponseWriter, r *http.Request, v *visitor, status int, p sealPage, wrong []problem) error {
	p.Title, p.Section, p.Problems = v.lang.Say("seal_title"), messagesTab(v), wrong
	p.Action = r.URL.Path
	if p.ByNumber {
		p.Section = "dashboard"
	}
	return s.show(w, r, v, status, "seal", &p)
}

// mayNumber says whether the visitor may seal by number: district staff.
func (s *Site) mayNumber(r *http.Request, v *visitor) error {
	facts, err := s.facts(r.Context(), v)
	if err != nil {
		return err
	}
	if !facts.IsDistrictStaff(v.person.ID) {
		return errNoPage
	}
	return nil
}

func (s *Site) sealByNumberForm(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := s.mayNumber(r, v); err != nil {
		return err
	}
	return s.showSeal(w, r, v, http.StatusOK, sealPage{ByNumber: true, Back: "/dashboard"}, nil)
}

func (s *Site) sealByNumber(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if err := s.mayNumber(r, v); err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	p := sealPage{
		ByNumber: true, Back: "/dashboard",
		Number: strings.TrimSpace(r.PostForm.Get("number")), Reason: r.PostForm.Get("reason"),
	}
	if p.Number == "" {
		wrong := problem{Field: "number", Words: v.lang.Say("error_required_number")}
		return s.showSeal(w, r, v, http.StatusUnprocessableEntity, p, []problem{wrong})
	}
	id, err := uuid.Parse(p.Number)
	if err != nil {
		err = hub.ErrNotFound
	} else {
		_, err = s.opts.Hub.Seal(r.Context(), v.actor(), id, p.Reason)
	}
	if hub.CodeOf(err) == hub.CodeNotFound {
		wrong := problem{Field: "number", Words: v.lang.Say("error_not_found_number")}
		return s.showSeal(w, r, v, http.StatusNotFound, p, []problem{wrong})
	}
	if wrong, ok := s.refusal(r, v.lang, err); ok {
		return s.showSeal(w, r, v, statusOf(err), p, []problem{wrong})
	}
	if err != nil {
		return err
	}
	s.flash(w, saidSealed, 0)
	http.Redirect(w, r, "/dashboard", http.StatusSeeOther)
	return nil
}
