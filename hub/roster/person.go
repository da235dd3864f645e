package roster

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Person is somebody of a district's roster.
type Person struct {
	ID        uuid.UUID
	SourcedID string // the roster's own identifier, unique in the district
	Given     string
	Family    string
	Preferred string // the given name one goes by, empty where it is Given
	Email     string // as the roster has it, lower-cased; may be shared, may be empty
	Grades    []string
	// Gone: the roster no longer has them, or not enabled (R24). Their name and
	// letters stay.
	Gone  bool
	Roles []RoleAt
}

// RoleAt is a role that a person holds at an organisation, from Begin
// (inclusive) to End (exclusive) where they are given.
type RoleAt struct {
	Org        uuid.UUID
	Role       Role
	Begin, End Date
}

// Name is what a person is called on every page: preferred or given name, then
// family name.
func (p Person) Name() string {
	given := p.Given
	if p.Preferred != "" {
		given = p.Preferred
	}
	return strings.TrimSpace(given + " " + p.Family)
}

// FirstName is the name a person is called by, for "parent of Leo".
func (p Person) FirstName() string {
	switch {
	case p.Preferred != "":
		return p.Preferred
	case p.Given != "":
		return p.Given
	}
	return p.Family
}

// Staff says whether the person holds a role of staff.
func (p Person) Staff() bool { return p.holds(Role.Staff) }

// IsFamily says whether the person holds the role of a student or guardian.
func (p Person) IsFamily() bool { return p.holds(Role.Family) }

func (p Person) holds(is func(Role) bool) bool {
	for _, r := range p.Roles {
		if is(r.Role) {
			return true
		}
	}
	return false
}

// holdsToday is holds with the dates of the roles; who is gone holds none.
func (p Person) holdsToday(today Date, is func(Role) bool) bool {
	return !p.Gone && slices.ContainsFunc(p.Roles, func(r RoleAt) bool { return is(r.Role) && r.holds(today) })
}

func (r RoleAt) holds(today Date) bool { return within(today, r.Begin, r.End) }

// Org is a district, school, department or other organisation of a roster.
type Org struct {
	ID        uuid.UUID
	SourcedID string
	Name      string
	Type      string    // OneRoster OrgType: district, school, department, local, state, national
	Parent    uuid.UUID // uuid.Nil at the top, or where the parent is not in the roster
}

// Section is one class that meets: Algebra 1, period 3.
type Section struct {
	ID     uuid.UUID
	Title  string
	Course string // title of the course, may be empty
	Period string
	Org    uuid.UUID // the school
	Terms  []Term    // those that are in the roster
	// TermsUnknown: the section names terms, but none that is in the roster.
	// Nobody knows whether it meets today, and so it does not.
	TermsUnknown bool
	Gone         bool // no longer in the roster: nobody is in it today
}

// Term is a span in which a section meets: Begin inclusive, End exclusive.
type Term struct{ Begin, End Date }

// Enrolment is somebody in a section. Begin is inclusive, End exclusive. Where
// either is not given, the section's terms decide as well: one of them must be
// on, or the section name none.
type Enrolment struct {
	Person     uuid.UUID
	Section    *Section
	Role       Role // of the enrolment: student, teacher, aide, proctor, administrator
	Begin, End Date
}

// Current says whether the enrolment holds today and, where it does and an end
// is known, the first day on which it no longer does.
func (e Enrolment) Current(today Date) (until Date, ok bool) {
	if e.Section == nil || e.Section.Gone || !within(today, e.Begin, e.End) {
		return NoDate, false
	}
	if e.Begin != NoDate && e.End != NoDate {
		return e.End, true
	}
	until, ok = e.Section.meets(today)
	return sooner(until, e.End), ok
}

// meets says whether a term of the section is on, and until when.
func (s *Section) meets(today Date) (until Date, ok bool) {
	if len(s.Terms) == 0 {
		return NoDate, !s.TermsUnknown
	}
	for _, t := range s.Terms {
		if within(today, t.Begin, t.End) && (!ok || lasting(t.End) > lasting(until)) {
			until, ok = t.End, true
		}
	}
	return until, ok
}

func within(day, begin, end Date) bool {
	return (begin == NoDate || begin <= day) && (end == NoDate || day < end)
}

// Guardianship ties a guardian to a student.
type Guardianship struct {
	Guardian, Student uuid.UUID
	Relation          Role // guardian, parent or relative
}
