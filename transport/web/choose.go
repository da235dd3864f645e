package web

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
)

// choosePage asks who of an address's people one is (R28).
type choosePage struct {
	frame
	Next    string
	Choices []choiceView
}

type choiceView struct {
	ID, Name, About string
	Current         bool
}

func (s *Site) chooseForm(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if v == nil {
		s.signInFirst(w, r)
		return nil
	}
	choices, err := s.opts.Identity.Choices(r.Context(), v.session)
	if err != nil {
		return fmt.Errorf("choices: %w", err)
	}
	p := &choosePage{Next: nextOf(r)}
	p.Title = v.lang.Say("choose_title")
	for _, c := range choices {
		p.Choices = append(p.Choices, choiceView{
			ID: c.Person.ID.String(), Name: c.Person.Name(), About: about(v, c),
			Current: c.Person.ID == v.session.Person,
		})
	}
	return s.show(w, r, v, http.StatusOK, "choose", p)
}

// mayChange says whether the visitor's address is that of several people.
func (s *Site) mayChange(r *http.Request, v *visitor) (bool, error) {
	if v.session.Address == "" || v.session.Person == uuid.Nil || v.person.Staff() {
		return false, nil
	}
	choices, err := s.opts.Identity.Choices(r.Context(), v.session)
	if err != nil {
		return false, fmt.Errorf("choices: %w", err)
	}
	return len(choices) > 1, nil
}

// about tells apart people who may have the same name: by their students, or
// what they are.
func about(v *visitor, c identity.Choice) string {
	if len(c.Students) > 0 {
		var students []string
		for _, p := range c.Students {
			students = append(students, p.FirstName())
		}
		return v.lang.Say("part_guardian_of", "students", v.lang.Short(students, 5))
	}
	return roleWords(v.lang, c.Person)
}

func (s *Site) choose(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if v == nil {
		s.signInFirst(w, r)
		return nil
	}
	if err := parseForm(r); err != nil {
		return badForm(err)
	}
	person, err := uuid.Parse(r.PostForm.Get("person"))
	if err != nil {
		return errNoPage
	}
	if err := s.opts.Identity.Choose(r.Context(), v.session, person); err != nil {
		return err
	}
	session := v.session
	session.Person = person
	return s.land(w, r, session, nextOf(r))
}
