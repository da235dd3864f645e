package roster

import (
	"slices"

	"github.com/google/uuid"
)

// Scope is the students that a person of staff reaches, in a form that a store
// can search by. In it is a student who is not gone, is none of Except, and
// either
//   - holds the role student today at one of Orgs, or
//   - is enrolled as student today in a section of one of Orgs, or
//   - is enrolled as student today in one of Sections, or
//   - is one of Students;
//
// where a student is who holds the role student today at any organisation, or
// is enrolled as student today and holds no role of staff today.
type Scope struct {
	Person   uuid.UUID
	Orgs     []uuid.UUID // already with those below
	Sections []uuid.UUID
	Students []uuid.UUID // by a grant
	Except   []uuid.UUID // students from whom the person is barred as guardian
	Today    Date
}

// Scope is the reach of a person of staff (R3). It agrees with Judge: a student
// is in the scope exactly if Judge allows them, or finds them only too young.
func (f Facts) Scope(person uuid.UUID) Scope {
	s := Scope{Person: person, Today: f.Today}
	p, ok := f.People[person]
	if !ok || p.Gone {
		return s
	}
	orgs := f.orgsReached(p)
	for g := range f.Granted(person) {
		switch {
		case g.Org != uuid.Nil:
			orgs = append(orgs, g.Org)
		case g.Section != uuid.Nil:
			s.Sections = append(s.Sections, g.Section)
		default:
			s.Students = append(s.Students, g.Students...)
		}
	}
	s.Orgs = f.withBelow(orgs)
	for section := range f.taught(p) {
		s.Sections = append(s.Sections, section.ID)
	}
	for _, b := range p.Bars {
		if b.Guardian == person {
			s.Except = append(s.Except, b.Student)
		}
	}
	s.Sections, s.Students, s.Except = Distinct(s.Sections), Distinct(s.Students), Distinct(s.Except)
	return s
}

// Empty reports whether the scope can hold no student, whatever the roster says
// of them.
func (s Scope) Empty() bool { return len(s.Orgs)+len(s.Sections)+len(s.Students) == 0 }

// orgsReached are the organisations of the roles that reach by organisation.
func (f Facts) orgsReached(p PersonFacts) []uuid.UUID {
	var found []uuid.UUID
	for _, r := range p.Roles {
		if r.Role.Reach() == ReachOrgs && r.holds(f.Today) {
			found = append(found, r.Org)
		}
	}
	return found
}

// withBelow are those of the organisations that are in the roster, with all
// below them.
func (f Facts) withBelow(orgs []uuid.UUID) []uuid.UUID {
	found := slices.DeleteFunc(orgs, func(org uuid.UUID) bool {
		_, known := f.Orgs[org]
		return !known
	})
	if len(found) == 0 {
		return nil
	}
	children := make(map[uuid.UUID][]uuid.UUID, len(f.Orgs))
	for id, o := range f.Orgs {
		children[o.Parent] = append(children[o.Parent], id)
	}
	seen := make(map[uuid.UUID]bool, len(f.Orgs))
	var reached []uuid.UUID
	for len(found) > 0 {
		org := found[len(found)-1]
		found = found[:len(found)-1]
		if !seen[org] {
			seen[org] = true
			reached = append(reached, org)
			found = append(found, children[org]...)
		}
	}
	return Distinct(reached)
}
