package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// FoundStudents are the students of a page, in the order of ids, put together
// from what a store has read about them: the people, guardians included; the
// ties, in the order in which guardians are shown; and the names of schools.
func FoundStudents(ids []uuid.UUID, people []Person, ties []Guardianship, schools map[uuid.UUID][]string) []FoundStudent {
	byID := make(map[uuid.UUID]Person, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	guardians := map[uuid.UUID][]GuardianOf{}
	for _, t := range ties {
		guardians[t.Student] = append(guardians[t.Student], GuardianOf{Person: byID[t.Guardian], Relation: t.Relation})
	}
	found := make([]FoundStudent, len(ids))
	for i, id := range ids {
		found[i] = FoundStudent{Person: byID[id], Schools: schools[id], Guardians: guardians[id]}
	}
	return found
}

// WithTie, WithBar and WithEnrolment tell the facts of those concerned who are
// among them. A bar counts only if it holds on the day of the facts.
func (f *Facts) WithTie(g Guardianship) {
	f.change(g.Student, func(p *PersonFacts) { p.Guardians = append(p.Guardians, g) })
	f.change(g.Guardian, func(p *PersonFacts) { p.Students = append(p.Students, g) })
}

// WithBar is explained at WithTie.
func (f *Facts) WithBar(b Bar) {
	if !b.Holds(f.Today) {
		return
	}
	f.change(b.Student, func(p *PersonFacts) { p.Bars = append(p.Bars, b) })
	f.change(b.Guardian, func(p *PersonFacts) { p.Bars = append(p.Bars, b) })
}

// WithEnrolment is explained at WithTie.
func (f *Facts) WithEnrolment(e Enrolment) {
	f.change(e.Person, func(p *PersonFacts) { p.Enrolments = append(p.Enrolments, e) })
}

func (f *Facts) change(person uuid.UUID, do func(*PersonFacts)) {
	if p, ok := f.People[person]; ok {
		do(&p)
		f.People[person] = p
	}
}

// NamesTerm tells a section of a term that it names, known or not.
func (s *Section) NamesTerm(t Term, known bool) {
	if known {
		s.Terms = append(s.Terms, t)
	}
	s.TermsUnknown = len(s.Terms) == 0
}

// Sort brings the lists into the order in which Compare walks them. It sorts in
// place and by bytes: at the size of a district a sort in a database would take
// as much memory again.
func (s *State) Sort() {
	slices.SortFunc(s.Orgs, func(a, b SnapshotOrg) int { return strings.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Terms, func(a, b SnapshotTerm) int { return strings.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Sections, func(a, b SnapshotSection) int { return strings.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.People, func(a, b SnapshotPerson) int { return strings.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Enrolments, func(a, b SnapshotEnrolment) int { return strings.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Guardianships, func(a, b SnapshotGuardianship) int {
		return cmp.Or(strings.Compare(a.Guardian, b.Guardian), strings.Compare(a.Student, b.Student))
	})
	SortColumns(s.Known)
	slices.SortFunc(s.Bars, func(a, b StateBar) int {
		return cmp.Or(strings.Compare(a.Guardian, b.Guardian), strings.Compare(a.Student, b.Student))
	})
}
