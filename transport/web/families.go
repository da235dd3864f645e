package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// familyView is one student with their current teachers: all to whom a family
// may write (R4).
type familyView struct {
	Student  string
	Self     bool
	Teachers []teacherView
}

type teacherView struct {
	Value, Name, Teaches string
	Added                bool
}

func (s *Site) families(ctx context.Context, v *visitor, form composeForm) ([]familyView, error) {
	students, err := s.ownStudents(ctx, v)
	if err != nil || len(students) == 0 {
		return nil, err
	}
	ids := make([]uuid.UUID, len(students))
	for i, p := range students {
		ids[i] = p.ID
	}
	teachers, err := s.opts.Roster.TeachersOf(ctx, v.district.ID, ids, v.district.Today(v.now))
	if err != nil {
		return nil, fmt.Errorf("teachers: %w", err)
	}
	views := make([]familyView, len(students))
	for i, student := range students {
		views[i] = familyView{Student: student.FirstName(), Self: student.ID == v.person.ID}
		views[i].Teachers = teachersOf(v, form, student.ID, teachers)
	}
	return views, nil
}

// teachersOf is each teacher of the student once, with all that they teach them.
func teachersOf(v *visitor, form composeForm, student uuid.UUID, all []roster.TeacherOf) []teacherView {
	var views []teacherView
	subjects := map[string][]string{}
	for _, t := range all {
		if t.Student != student || t.Teacher.ID == v.person.ID {
			continue
		}
		to := roster.Recipient{Person: t.Teacher.ID, Student: student}
		value := recipientText(to)
		if _, seen := subjects[value]; !seen {
			views = append(views, teacherView{Value: value, Name: t.Teacher.Name(), Added: slices.Contains(form.To, to)})
		}
		if !slices.Contains(subjects[value], t.Section.Title) {
			subjects[value] = append(subjects[value], t.Section.Title)
		}
	}
	for i := range views {
		views[i].Teaches = v.lang.List(subjects[views[i].Value])
	}
	return views
}

// ownStudents are the visitor, where they are a student, and the students they
// are guardian of and not barred from.
func (s *Site) ownStudents(ctx context.Context, v *visitor) ([]roster.Person, error) {
	facts, err := s.facts(ctx, v)
	if err != nil {
		return nil, err
	}
	me := facts.People[v.person.ID]
	var students []roster.Person
	if slices.ContainsFunc(me.Roles, func(r roster.RoleAt) bool { return r.Role == roster.Student }) {
		students = append(students, me.Person)
	}
	for _, g := range me.Students {
		barred := slices.ContainsFunc(me.Bars, func(b roster.Bar) bool {
			return b.Guardian == v.person.ID && b.Student == g.Student
		})
		if student := facts.People[g.Student]; !barred && student.ID != uuid.Nil && !student.Gone {
			students = append(students, student.Person)
		}
	}
	return students, nil
}
