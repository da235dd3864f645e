package roster

import (
	"github.com/google/uuid"
)

// Scope is the students that a person of staff reaches, in a form that a store
// can search by. In it is a student who is not gone, is none of Except, and
// either
//   - holds the role student today at one of Orgs, or
//   - is enrolled as student today in a section of one of Orgs, or
//   - is enrolled as student today in one of Sections;
//
// where a student is who holds the role student today at any organisation, or
// is enrolled as student today and holds no role of staff today.
type Scope struct {
	Person   uuid.UUID
	Orgs     []uuid.UUID // already with those below
	Sections []uuid.UUID
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
	s.Orgs = f.orgsReached(p)
	for section := range f.taught(p) {
		s.Sections = append(s.Sections, section.ID)
	}
	for _, b := range p.Bars {
		if b.Guardian == person {
			s.Except = append(s.Except, b.Student)
		}
	}
	s.Sections, s.Except = Distinct(s.Sections), Distinct(s.Except)
	return s
}

// orgsReached are the organisations of the roles that reach by organisation,
// with all below them.
func (f Facts) orgsReached(p PersonFacts) []uuid.UUID {
	var found []uuid.UUID
	for _, r := range p.Roles {
		if _, ok := f.Orgs[r.Org]; ok && r.Role.Reach() == ReachOrgs && r.holds(f.Today) {
			found = append(found, r.Org)
		}
	}
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
