package web

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// personView is somebody in a conversation, with what they are in it.
type personView struct {
	ID, Name, Part string
	Gone, Self     bool
}

// words are the name and the part: Ana Ruiz, parent of Leo.
func (p personView) words(lang *words.Language) string {
	if p.Part == "" {
		return words.Isolate(p.Name)
	}
	return lang.Say("person_part", "name", words.Isolate(p.Name), "part", p.Part)
}

func tiedStudents(all []hub.Participant) []uuid.UUID {
	var ids []uuid.UUID
	for _, p := range all {
		for _, t := range p.Ties {
			if t.Student != uuid.Nil && !slices.Contains(ids, t.Student) {
				ids = append(ids, t.Student)
			}
		}
	}
	return ids
}

// partiesOf are the participants as a page shows them, the reader last.
func partiesOf(v *visitor, all []hub.Participant, known names) []personView {
	views := make([]personView, 0, len(all))
	var self []personView
	for _, p := range all {
		view := personView{
			ID: p.Person.ID.String(), Name: p.Person.Name(), Gone: p.Person.Gone,
			Part: v.lang.Part(p.Ties, known.first), Self: p.Person.ID == v.person.ID,
		}
		if view.Self {
			self = append(self, view)
			continue
		}
		views = append(views, view)
	}
	return append(views, self...)
}

// roleWords says what somebody is at their schools: teacher, parent.
func roleWords(lang *words.Language, p roster.Person) string {
	var said []string
	for _, r := range p.Roles {
		if w := lang.Say(lang.Or("role_"+string(r.Role), "role_staff")); !slices.Contains(said, w) {
			said = append(said, w)
		}
	}
	return lang.List(said)
}
