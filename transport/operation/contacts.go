package operation

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/hub/wire"
)

// ContactsRequest asks for the people to whom one may write. All but Side and
// what turns the pages narrows a search of staff; families have few.
type ContactsRequest struct {
	Side    roster.Side `json:"side"`
	School  string      `json:"school"`
	Grade   string      `json:"grade"`
	Course  string      `json:"course"`
	Section string      `json:"section"`
	Teacher string      `json:"teacher"`
	Name    string      `json:"name"`
	After   string      `json:"after"`
	Limit   int         `json:"limit"`
}

// ContactsAnswer are students with the people around them: guardians for staff,
// teachers for families.
type ContactsAnswer struct {
	Students []Contact `json:"students"`
	Total    int       `json:"total"`
	Next     string    `json:"next,omitempty"`
}

// Contact is a student; Person of them and of those below is what a recipient
// is named by.
type Contact struct {
	Person    uuid.UUID         `json:"person"`
	Name      string            `json:"name"`
	Grades    []string          `json:"grades,omitempty"`
	Schools   []string          `json:"schools,omitempty"`
	Guardians []GuardianContact `json:"guardians,omitempty"`
	Teachers  []TeacherContact  `json:"teachers,omitempty"`
}

// GuardianContact is a guardian of a student.
type GuardianContact struct {
	Person   uuid.UUID   `json:"person"`
	Name     string      `json:"name"`
	Relation roster.Role `json:"relation"`
}

// TeacherContact is a current teacher of a student, with the sections.
type TeacherContact struct {
	Person  uuid.UUID `json:"person"`
	Name    string    `json:"name"`
	Teaches []string  `json:"teaches"`
}

// Contacts are the people to whom the actor may write, on one of their sides.
func (o *Operations) Contacts(ctx context.Context, a hub.Actor, r ContactsRequest) (ContactsAnswer, error) {
	switch r.Side {
	case roster.AsWorker:
		return o.staffContacts(ctx, a, r)
	case roster.AsFamily:
		return o.familyContacts(ctx, a)
	case "":
		return ContactsAnswer{}, &hub.Error{Code: hub.CodeRequired, Field: "side"}
	}
	return ContactsAnswer{}, &hub.Error{Code: hub.CodeInvalid, Field: "side"}
}

func (o *Operations) staffContacts(ctx context.Context, a hub.Actor, r ContactsRequest) (ContactsAnswer, error) {
	var f fields
	q := roster.StudentQuery{
		School: f.optionalID("school", r.School), Section: f.optionalID("section", r.Section),
		Teacher: f.optionalID("teacher", r.Teacher),
		Grade:   r.Grade, Course: r.Course, Name: r.Name, After: r.After, Limit: r.Limit,
	}
	if f.err != nil {
		return ContactsAnswer{}, f.err
	}
	for {
		answer, err := o.students(ctx, a, q)
		if err != nil {
			return ContactsAnswer{}, err
		}
		n := fitContacts(answer.Students)
		if n == len(answer.Students) {
			return answer, nil
		}
		q.Limit = n // what goes on after fewer students is the store's to say
	}
}

// fitContacts returns how many of the students fit in an answer, at least one.
func fitContacts(students []Contact) int {
	bytes := wire.MessagesBytes
	for i, s := range students {
		encoded, err := json.Marshal(s)
		if bytes -= len(encoded) + 1; (err != nil || bytes < 0) && i > 0 {
			return i
		}
	}
	return len(students)
}

func (o *Operations) students(ctx context.Context, a hub.Actor, q roster.StudentQuery) (ContactsAnswer, error) {
	page, err := o.hub.Students(ctx, a, q)
	if err != nil {
		return ContactsAnswer{}, err
	}
	answer := ContactsAnswer{Students: make([]Contact, len(page.Students)), Total: page.Total, Next: page.Next}
	for i, s := range page.Students {
		c := Contact{Person: s.ID, Name: s.Name(), Grades: s.Grades, Schools: s.Schools}
		for _, g := range s.Guardians {
			c.Guardians = append(c.Guardians, GuardianContact{g.ID, g.Name(), g.Relation})
		}
		answer.Students[i] = c
	}
	return answer, nil
}

func (o *Operations) familyContacts(ctx context.Context, a hub.Actor) (ContactsAnswer, error) {
	families, err := o.hub.Families(ctx, a)
	if err != nil {
		return ContactsAnswer{}, err
	}
	answer := ContactsAnswer{Students: make([]Contact, len(families)), Total: len(families)}
	for i, f := range families {
		c := Contact{Person: f.Student.ID, Name: f.Student.Name()}
		for _, t := range f.Teachers {
			c.Teachers = append(c.Teachers, TeacherContact{t.ID, t.Name(), t.Teaches})
		}
		answer.Students[i] = c
	}
	return answer, nil
}
