package roster

import (
	"cmp"
	"strings"
)

func compareEnrolments(a, b *SnapshotEnrolment) int { return strings.Compare(a.SourcedID, b.SourcedID) }

func (c *comparison) compareEnrolments() {
	var put []*SnapshotEnrolment
	for had, row := range match(c.state.Enrolments, c.says.Enrolments, compareEnrolments) {
		if had != nil {
			c.Summary.Had[KindEnrolment]++
		}
		f := c.enrolmentBecomes(had, row)
		c.Summary.count(KindEnrolment, f)
		switch f {
		case arrives, differs:
			put = append(put, row)
		case leaves:
			c.RemoveEnrolments = append(c.RemoveEnrolments, had.SourcedID)
		}
	}
	c.PutEnrolments = gather(put, len(put), c.says.Enrolments)
}

func (c *comparison) enrolmentBecomes(had, row *SnapshotEnrolment) fate {
	if row != nil && !row.Gone && (c.people[row.Person] == 0 || c.sections[row.Section] == 0) {
		c.Summary.Loose[KindEnrolment]++
		if had == nil {
			return nothing
		}
		return stays
	}
	switch {
	case row == nil && c.keepsEnrolment(had):
		return stays
	case row == nil:
		return leaves
	case had == nil && row.Gone:
		return nothing
	case had == nil:
		return arrives
	case row.Gone && c.unknown(KindEnrolment, row.SourcedID), *had == *row:
		return stays
	case row.Gone:
		return leaves
	}
	return differs
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
	for had, row := range match(c.state.Guardianships, c.says.Guardianships, compareTies) {
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
	c.PutGuardianships = gather(put, len(put), c.says.Guardianships)
}

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
