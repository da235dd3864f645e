package roster

import (
	"iter"
	"slices"
)

// view is a roster to be gone through once, record by record.
type view struct {
	orgs       iter.Seq[*SnapshotOrg]
	terms      iter.Seq[*SnapshotTerm]
	sections   iter.Seq[*SnapshotSection]
	people     iter.Seq[*SnapshotPerson]
	enrolments iter.Seq[*SnapshotEnrolment]
}

// overlay is what a state will be once the changes are made, without a copy of it.
func overlay(s *State, c *Changes) view {
	return view{
		orgs:     latest(s.Orgs, c.PutOrgs, orgTraits.compare),
		terms:    latest(s.Terms, c.PutTerms, termTraits.compare),
		sections: latest(s.Sections, c.PutSections, sectionTraits.compare),
		people:   latest(s.People, c.PutPeople, personTraits.compare),
		enrolments: except(latest(s.Enrolments, c.PutEnrolments, compareEnrolments), func(e *SnapshotEnrolment) bool {
			if len(c.RemoveEnrolments) == 0 {
				return false
			}
			_, removed := slices.BinarySearch(c.RemoveEnrolments, e.SourcedID)
			return removed
		}),
	}
}

// latest returns the records of a kind as they are once some were put.
func latest[T any](had, put []T, compare func(a, b *T) int) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for old, new := range match(had, put, compare) {
			if new == nil {
				new = old
			}
			if !yield(new) {
				return
			}
		}
	}
}

func except[T any](all iter.Seq[*T], out func(*T) bool) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for one := range all {
			if !out(one) && !yield(one) {
				return
			}
		}
	}
}

// guardianships are those of a state once the changes are made.
func guardianships(s *State, c *Changes) iter.Seq[*SnapshotGuardianship] {
	return except(latest(s.Guardianships, c.PutGuardianships, compareTies), func(g *SnapshotGuardianship) bool {
		_, removed := slices.BinarySearchFunc(c.RemoveGuardianships, g, func(r SnapshotGuardianship, g *SnapshotGuardianship) int {
			return compareTies(&r, g)
		})
		return removed
	})
}
