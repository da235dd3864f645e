package roster

import (
	"cmp"
	"slices"
	"strings"
)

func compareEnrolments(a, b *SnapshotEnrolment) int { return strings.Compare(a.SourcedID, b.SourcedID) }

func (c *comparison) compareEnrolments() {
	var put []*SnapshotEnrolment
	own := 0
	for had, row := range match(c.state.Enrolments, c.says.Enrolments, compareEnrolments) {
		if had != nil {
			c.Summary.Had[KindEnrolment]++
		}
		f, next := c.enrolmentBecomes(had, row)
		c.Summary.count(KindEnrolment, f)
		switch f {
		case arrives, differs:
			put = append(put, next)
			if next == row && row.Silent == 0 {
				own++
			}
		case leaves:
			c.RemoveEnrolments = append(c.RemoveEnrolments, had.SourcedID)
		}
	}
	c.PutEnrolments = gather(put, own, c.says.Enrolments, enrolmentTraits)
}

func (c *comparison) enrolmentBecomes(had, row *SnapshotEnrolment) (fate, *SnapshotEnrolment) {
	switch {
	case row == nil && c.keepsEnrolment(had):
		return stays, nil
	case row == nil:
		return leaves, nil
	case had == nil && row.Gone:
		return nothing, nil
	case row.Gone && c.unknown(KindEnrolment, row.SourcedID):
		return stays, nil
	case row.Gone:
		return leaves, nil
	}
	next := filled(c, KindEnrolment, had, row, enrolmentTraits)
	unlessStored := func() fate {
		if had == nil {
			return nothing
		}
		return stays
	}
	switch {
	case next == nil:
		c.Summary.Partial[KindEnrolment]++
		return unlessStored(), nil
	case c.people[next.Person] == 0 || c.sections[next.Section] == 0:
		c.Summary.Loose[KindEnrolment]++
		return unlessStored(), nil
	case had == nil:
		return arrives, next
	case *had == *next:
		return stays, nil
	}
	return differs, next
}

// keepsEnrolment says whether an enrolment that was not delivered is still to
// be taken for true: its row, or that of its person or section, may have been
// there without being understood.
func (c *comparison) keepsEnrolment(had *SnapshotEnrolment) bool {
	return !c.says.Whole[KindEnrolment] || c.unknown(KindEnrolment, had.SourcedID) ||
		c.unknown(KindPerson, had.Person) || c.unknown(KindSection, had.Section)
}

func compareTies(a, b *SnapshotGuardianship) int {
	return cmp.Or(strings.Compare(a.Guardian, b.Guardian), strings.Compare(a.Student, b.Student))
}

func (c *comparison) compareGuardianships() {
	var put []*SnapshotGuardianship
	says := append(slices.Clip(c.says.Guardianships), c.namedTies()...)
	for had, row := range match(c.state.Guardianships, says, compareTies) {
		if had != nil {
			c.Summary.Had[KindGuardianship]++
		}
		f := c.tieBecomes(had, row)
		c.Summary.count(KindGuardianship, f)
		switch f {
		case arrives, differs:
			put = append(put, row)
		case leaves:
			c.RemoveGuardianships = append(c.RemoveGuardianships, *had)
		}
	}
	if len(put) > 0 && len(put) == len(says) {
		c.PutGuardianships = says
		return
	}
	for _, g := range put {
		c.PutGuardianships = append(c.PutGuardianships, *g)
	}
}

// namedTies are the ties that rows mean by naming people whom only the store
// knows well enough: one must be a student, the other a guardian today.
func (c *comparison) namedTies() []SnapshotGuardianship {
	if len(c.says.Named) == 0 {
		return nil
	}
	people := map[string]*SnapshotPerson{}
	for _, n := range c.says.Named {
		people[n.Person], people[n.Agent] = nil, nil
	}
	for _, list := range [][]SnapshotPerson{c.state.People, c.PutPeople} {
		for i := range list {
			if _, asked := people[list[i].SourcedID]; asked {
				people[list[i].SourcedID] = &list[i]
			}
		}
	}
	var ties []SnapshotGuardianship
	for _, n := range c.says.Named {
		if tie, ok := TieOf(people[n.Person], people[n.Agent], c.says.Today); ok {
			ties = append(ties, tie)
		} else {
			c.Summary.Loose[KindGuardianship]++
		}
	}
	return ties
}

// TieOf is the tie between two people of whom the row of one names the other, as
// of a day: one end is a student, the other a guardian, parent or relative. ok is
// false if there is none, or if either is nil.
func TieOf(person, agent *SnapshotPerson, day Date) (tie SnapshotGuardianship, ok bool) {
	if person == nil || agent == nil || person.SourcedID == agent.SourcedID {
		return tie, false
	}
	for _, ends := range [][2]*SnapshotPerson{{agent, person}, {person, agent}} {
		relation, ok := ends[0].guardianRole(day)
		if ok && ends[1].HasRole(Student) {
			return SnapshotGuardianship{Guardian: ends[0].SourcedID, Student: ends[1].SourcedID, Relation: relation}, true
		}
	}
	return tie, false
}

// guardianRole is the role by which somebody is a guardian on a day.
func (p *SnapshotPerson) guardianRole(day Date) (Role, bool) {
	for _, r := range p.Roles {
		if r.Role.GuardianLike() && r.Holds(day) {
			return r.Role, true
		}
	}
	return "", false
}

// HasRole reports whether somebody has a role, on whatever day.
func (p *SnapshotPerson) HasRole(role Role) bool {
	return slices.ContainsFunc(p.Roles, func(r SnapshotRole) bool { return r.Role == role })
}

// Holds reports whether a role is held on a day.
func (r SnapshotRole) Holds(day Date) bool { return within(day, r.Begin, r.End) }

func (c *comparison) tieBecomes(had, row *SnapshotGuardianship) fate {
	switch {
	case row == nil && c.endsTie(had):
		return leaves
	case row == nil:
		return stays
	case c.people[row.Guardian] == 0 || c.people[row.Student] == 0:
		c.Summary.Loose[KindGuardianship]++
		return nothing
	case had == nil:
		return arrives
	case *had == *row:
		return stays
	}
	return differs
}

// endsTie says whether a tie that was not delivered has ended (R26). Either row
// may hold it, so both must have been read, and whole. With a person who is
// gone it sleeps until they return.
func (c *comparison) endsTie(had *SnapshotGuardianship) bool {
	if !c.says.Whole[KindPerson] || !c.says.Whole[KindGuardianship] {
		return false
	}
	for _, id := range []string{had.Guardian, had.Student} {
		if c.people[id]&here == 0 || c.unknown(KindPerson, id) || c.unknown(KindGuardianship, id) {
			return false
		}
	}
	return true
}
