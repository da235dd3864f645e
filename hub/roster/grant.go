package roster

import (
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Grant is access that the district gives beyond the roster (R3): to one person,
// or to everyone who holds a role at an organization; for everyone at an
// organization, for a class, or for a list of students. No import changes it,
// and its row stays after it has ended.
type Grant struct {
	ID uuid.UUID

	Person  uuid.UUID // to one person, or
	Role    Role      // to everyone who holds this role, today,
	RoleOrg uuid.UUID // at this organization or one below it

	Org      uuid.UUID   // for the students of an organization and of those below it, or
	Section  uuid.UUID   // for the students of a class, or
	Students []uuid.UUID // for these students

	Reason  string // for the district only
	By      string // who decided it
	Until   Date   // the first day on which it no longer holds, NoDate if it is open
	MadeAt  time.Time
	EndedAt time.Time // zero unless it was revoked
	EndedBy string
}

// TeacherWithoutClasses is what a grant calls a teacher who is enrolled as
// teacher in no class, whenever that meets: OneRoster 1.1 exports nurses,
// counselors and case managers so. It is no role of a roster. Who only has no
// class today, between two terms, is a teacher.
const TeacherWithoutClasses Role = "teacherWithoutClasses"

// MaxGrantStudents is how many students one grant may list.
const MaxGrantStudents = 500

// Grantable reports whether access can be given to everyone with the role.
func (r Role) Grantable() bool { return r.Staff() || r == TeacherWithoutClasses }

// Holds reports whether the grant is in force on a day.
func (g Grant) Holds(today Date) bool {
	return g.EndedAt.IsZero() && (g.Until == NoDate || today < g.Until)
}

// Granted yields the grants that give a person access today, each with the first
// day on which it no longer does.
func (f Facts) Granted(person uuid.UUID) iter.Seq2[Grant, Date] {
	return func(yield func(Grant, Date) bool) {
		p, ok := f.People[person]
		if !ok || !p.holdsToday(f.Today, Role.Staff) {
			return
		}
		for _, g := range f.Grants {
			if !g.Holds(f.Today) {
				continue
			}
			if until, ok := f.givenTo(g, p); ok && !yield(g, sooner(g.Until, until)) {
				return
			}
		}
	}
}

// givenTo reports whether a grant is for a person, and until when their role
// makes it so.
func (f Facts) givenTo(g Grant, p PersonFacts) (until Date, ok bool) {
	if g.Role == "" {
		return NoDate, g.Person == p.ID
	}
	role := g.Role
	if role == TeacherWithoutClasses {
		if slices.ContainsFunc(p.Enrolments, func(e Enrolment) bool { return e.Role == Teacher }) {
			return NoDate, false
		}
		role = Teacher
	}
	for _, r := range p.Roles {
		if r.Role == role && r.holds(f.Today) && f.below(r.Org, g.RoleOrg) && (!ok || lasting(r.End) > lasting(until)) {
			until, ok = r.End, true
		}
	}
	return until, ok
}

// byGrant is the grant through which a person of staff reaches a student, of
// several the one that lasts longest.
func (f Facts) byGrant(me, student PersonFacts) (v Verdict, ok bool) {
	for g, until := range f.Granted(me.ID) {
		found, reaches := f.reachedBy(g, student)
		found.Until = sooner(found.Until, until)
		if reaches && (!ok || lasting(found.Until) > lasting(v.Until)) {
			v, ok = found, true
		}
	}
	return v, ok
}

// reachedBy reports whether a grant gives access to a student, and what it is for
// in the terms of a verdict.
func (f Facts) reachedBy(g Grant, student PersonFacts) (v Verdict, ok bool) {
	v = Verdict{Allowed: true, Code: ByGrant}
	switch {
	case g.Org != uuid.Nil:
		v.Org = f.Orgs[g.Org].Name
		v.Until, ok = f.belongs(student, g.Org)
	case g.Section != uuid.Nil:
		for _, e := range student.Enrolments {
			if e.Role != Student || e.Section == nil || e.Section.ID != g.Section {
				continue
			}
			if v.Until, ok = e.Current(f.Today); ok {
				v.Section, v.Period = e.Section.Title, e.Section.Period
				break
			}
		}
	default:
		ok = slices.Contains(g.Students, student.ID)
	}
	return v, ok && student.isStudent(f.Today)
}
