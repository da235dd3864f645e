package hub

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Family is a student of somebody's with all to whom they may write about them:
// the current teachers (R4).
type Family struct {
	Student  roster.Person
	Teachers []FamilyTeacher // by name, each once
}

// FamilyTeacher is a teacher with the titles of all sections in which they
// teach the student, in their order: one stands twice where two are called so.
type FamilyTeacher struct {
	roster.Person
	Teaches []string
}

// Students is a page of the students whom the actor reaches as staff (R3), each
// with their guardians; for who reaches none it is empty.
func (h *Hub) Students(ctx context.Context, a Actor, q roster.StudentQuery) (roster.StudentPage, error) {
	limit, err := pageSize(q.Limit, 25, 100)
	if err != nil {
		return roster.StudentPage{}, err
	}
	q.Limit, q.Name = limit, cleanLine(q.Name)
	facts, err := h.facts(ctx, a)
	if err != nil {
		return roster.StudentPage{}, err
	}
	found, err := h.roster.FindStudents(ctx, a.District, facts.Scope(a.Person), q)
	if err != nil {
		return roster.StudentPage{}, fmt.Errorf("students: %w", err)
	}
	return found, nil
}

// Families are the actor, where they are a student, and the students whom they
// are guardian of and not barred from, each with their current teachers.
func (h *Hub) Families(ctx context.Context, a Actor) ([]Family, error) {
	facts, err := h.facts(ctx, a)
	if err != nil {
		return nil, err
	}
	students := ownStudents(facts, a.Person)
	if len(students) == 0 {
		return nil, nil
	}
	families, ids := make([]Family, len(students)), make([]uuid.UUID, len(students))
	for i, s := range students {
		families[i].Student, ids[i] = s, s.ID
	}
	teachers, err := h.roster.TeachersOf(ctx, a.District, ids, facts.Today)
	if err != nil {
		return nil, fmt.Errorf("teachers: %w", err)
	}
	for _, t := range teachers {
		if i := slices.Index(ids, t.Student); i >= 0 && t.Teacher.ID != a.Person {
			families[i].add(t)
		}
	}
	return families, nil
}

func (f *Family) add(t roster.TeacherOf) {
	i := slices.IndexFunc(f.Teachers, func(had FamilyTeacher) bool { return had.ID == t.Teacher.ID })
	if i < 0 {
		i = len(f.Teachers)
		f.Teachers = append(f.Teachers, FamilyTeacher{Person: t.Teacher})
	}
	f.Teachers[i].Teaches = append(f.Teachers[i].Teaches, t.Section.Title)
}

func (h *Hub) facts(ctx context.Context, a Actor) (roster.Facts, error) {
	facts, err := h.roster.Facts(ctx, a.District, []uuid.UUID{a.Person}, h.now())
	if err != nil {
		return roster.Facts{}, fmt.Errorf("facts: %w", err)
	}
	return facts, nil
}

func ownStudents(facts roster.Facts, person uuid.UUID) []roster.Person {
	me, known := facts.People[person]
	if !known || me.Gone {
		return nil
	}
	var students []roster.Person
	if slices.ContainsFunc(me.Roles, func(r roster.RoleAt) bool { return r.Role == roster.Student }) {
		students = append(students, me.Person)
	}
	for _, g := range me.Students {
		barred := slices.ContainsFunc(me.Bars, func(b roster.Bar) bool {
			return b.Guardian == person && b.Student == g.Student
		})
		if student := facts.People[g.Student]; !barred && student.ID != uuid.Nil && !student.Gone {
			students = append(students, student.Person)
		}
	}
	return students
}
