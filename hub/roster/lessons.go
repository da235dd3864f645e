package roster

import (
	"slices"

	"github.com/google/uuid"
)

// Lessons are what a store has found of the teachers of students: who attends
// and who teaches which sections today.
type Lessons struct {
	Students []uuid.UUID
	Today    Date
	Attended []Enrolment // of the students, as students
	Taught   []Enrolment // of their sections, as teachers, by the teachers' names
	Teachers map[uuid.UUID]Person
	Barred   []Bar // from the students
}

// Pair puts each student together with who teaches the sections they attend, in
// the order of Students and Taught. A teacher whom the district has barred from
// a student as a guardian is none of theirs.
func (l Lessons) Pair() []TeacherOf {
	var pairs []TeacherOf
	for _, student := range l.Students {
		first := len(pairs)
		for _, t := range l.Taught {
			if t.Person == student || l.barred(t.Person, student) {
				continue
			}
			for _, a := range l.Attended {
				if a.Person == student && a.Section.ID == t.Section.ID {
					pairs = addLesson(pairs, first, TeacherOf{
						Teacher: l.Teachers[t.Person], Student: student, Section: *t.Section, Until: l.until(t, a),
					})
				}
			}
		}
	}
	return pairs
}

// addLesson keeps of several enrolments in the same section the one that lasts
// longest. pairs from first on are of the same student.
func addLesson(pairs []TeacherOf, first int, one TeacherOf) []TeacherOf {
	at := slices.IndexFunc(pairs[first:], func(p TeacherOf) bool {
		return p.Teacher.ID == one.Teacher.ID && p.Section.ID == one.Section.ID
	})
	if at < 0 {
		return append(pairs, one)
	}
	if had := &pairs[first+at]; lasting(one.Until) > lasting(had.Until) {
		had.Until = one.Until
	}
	return pairs
}

// until is the first day on which one of the two is no longer in the section.
func (l Lessons) until(teacher, student Enrolment) Date {
	a, _ := teacher.Current(l.Today)
	b, _ := student.Current(l.Today)
	return sooner(a, b)
}

func (l Lessons) barred(guardian, student uuid.UUID) bool {
	return slices.ContainsFunc(l.Barred, func(b Bar) bool { return b.Guardian == guardian && b.Student == student })
}
