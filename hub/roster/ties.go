package roster

import (
	"slices"

	"github.com/google/uuid"
)

// SenderTies are the parts in which the sender takes part in a conversation
// with those recipients: the sections they teach the students in, or the
// students they are guardian of. As staff with students whom they do not teach
// they take part once, by their role.
func (f Facts) SenderTies(sender uuid.UUID, side Side, to []Recipient) []Tie {
	me := f.People[sender]
	me.ID = sender
	if side == AsFamily {
		return familyTies(me, to)
	}
	var ties []Tie
	byRole := false
	for _, id := range studentsAmong(to) {
		if l := f.lessons(me, f.People[id]); len(l) > 0 {
			ties = append(ties, Tie{Person: sender, Part: AsTeacher, Student: id, Detail: l.titles()})
		} else {
			byRole = true
		}
	}
	if role, ok := me.leadingRole(f.Today); ok && byRole {
		ties = append(ties, Tie{Person: sender, Part: AsStaff, Detail: string(role)})
	}
	return ties
}

func familyTies(me PersonFacts, to []Recipient) []Tie {
	var ties []Tie
	for _, id := range studentsAmong(to) {
		if id == me.ID {
			ties = append(ties, Tie{Person: me.ID, Part: AsStudent, Student: id})
		} else if g, ok := me.student(id); ok {
			ties = append(ties, Tie{Person: me.ID, Part: AsGuardian, Student: id, Detail: string(g.Relation)})
		}
	}
	return ties
}

// StudentsOf are the students about whom a person may write as family: they
// themself, and those they are guardian of, but no one who is gone or from whom
// they are barred (R4, R26).
func (f Facts) StudentsOf(person uuid.UUID) []uuid.UUID {
	me, ok := f.People[person]
	if !ok || me.Gone {
		return nil
	}
	var students []uuid.UUID
	if me.isStudent(f.Today) {
		students = append(students, person)
	}
	for _, g := range me.Students {
		if student, known := f.People[g.Student]; known && !student.Gone && !f.barred(person, g.Student) {
			students = append(students, g.Student)
		}
	}
	return students
}

// isStudent says whether somebody may be written to, and about, as a student:
// they hold that role today, or they are enrolled as one and are no staff.
// Staff who take a course among colleagues remain staff (R6).
func (p PersonFacts) isStudent(today Date) bool {
	if p.holdsToday(today, func(r Role) bool { return r == Student }) {
		return true
	}
	return !p.Gone && !p.holdsToday(today, Role.Staff) && slices.ContainsFunc(p.Enrolments, func(e Enrolment) bool {
		_, ok := e.Current(today)
		return ok && e.Role == Student
	})
}

func (p PersonFacts) guardian(id uuid.UUID) (Guardianship, bool) {
	return find(p.Guardians, func(g Guardianship) bool { return g.Guardian == id })
}

func (p PersonFacts) student(id uuid.UUID) (Guardianship, bool) {
	return find(p.Students, func(g Guardianship) bool { return g.Student == id })
}

func find[T any](list []T, is func(T) bool) (found T, ok bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return found, false
}

// leadingRole is the role of staff that reaches furthest today.
func (p PersonFacts) leadingRole(today Date) (Role, bool) {
	var leading Role
	for _, r := range p.Roles {
		if r.Role.Staff() && r.holds(today) && (leading == "" || r.Role.Reach() == ReachOrgs && leading.Reach() != ReachOrgs) {
			leading = r.Role
		}
	}
	return leading, leading != ""
}

// barred says whether the district keeps the guardian from the student (R26).
func (f Facts) barred(guardian, student uuid.UUID) bool {
	is := func(b Bar) bool { return b.Guardian == guardian && b.Student == student }
	return slices.ContainsFunc(f.People[guardian].Bars, is) || slices.ContainsFunc(f.People[student].Bars, is)
}

func studentsAmong(to []Recipient) []uuid.UUID {
	var students []uuid.UUID
	for _, r := range to {
		if !slices.Contains(students, r.Student) {
			students = append(students, r.Student)
		}
	}
	return students
}
