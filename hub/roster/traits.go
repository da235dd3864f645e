package roster

import (
	"cmp"
	"slices"
	"strings"
)

// traits are what a comparison must know of a kind of record that stays, marked,
// when it is gone.
type traits[T any] struct {
	compare func(a, b *T) int // by sourcedId
	id      func(*T) string
	gone    func(*T) *bool
	silent  func(*T) *Fields
	fields  []field[T]
	// complete reports whether a record says enough to be stored.
	complete func(*T) bool
	same     func(a, b *T) bool
	// mend is what is to be stored of a row, given what is stored (nil where
	// nothing is): the row itself where it says everything.
	mend func(had, row *T) *T
}

func asItIs[T any](_, row *T) *T { return row }

var orgTraits = traits[SnapshotOrg]{
	compare:  func(a, b *SnapshotOrg) int { return strings.Compare(a.SourcedID, b.SourcedID) },
	id:       func(o *SnapshotOrg) string { return o.SourcedID },
	gone:     func(o *SnapshotOrg) *bool { return &o.Gone },
	silent:   func(o *SnapshotOrg) *Fields { return &o.Silent },
	fields:   orgFields,
	complete: func(o *SnapshotOrg) bool { return o.Name != "" },
	same:     func(a, b *SnapshotOrg) bool { return *a == *b },
	mend:     asItIs[SnapshotOrg],
}

var termTraits = traits[SnapshotTerm]{
	compare:  func(a, b *SnapshotTerm) int { return strings.Compare(a.SourcedID, b.SourcedID) },
	id:       func(t *SnapshotTerm) string { return t.SourcedID },
	gone:     func(t *SnapshotTerm) *bool { return &t.Gone },
	silent:   func(t *SnapshotTerm) *Fields { return &t.Silent },
	fields:   termFields,
	complete: func(t *SnapshotTerm) bool { return t.Begin != NoDate && t.End != NoDate },
	same:     func(a, b *SnapshotTerm) bool { return *a == *b },
	mend:     asItIs[SnapshotTerm],
}

var sectionTraits = traits[SnapshotSection]{
	compare:  func(a, b *SnapshotSection) int { return strings.Compare(a.SourcedID, b.SourcedID) },
	id:       func(s *SnapshotSection) string { return s.SourcedID },
	gone:     func(s *SnapshotSection) *bool { return &s.Gone },
	silent:   func(s *SnapshotSection) *Fields { return &s.Silent },
	fields:   sectionFields,
	complete: func(s *SnapshotSection) bool { return s.Title != "" },
	same: func(a, b *SnapshotSection) bool {
		return a.Title == b.Title && a.Course == b.Course && a.Period == b.Period && a.Org == b.Org &&
			a.Gone == b.Gone && sameSet(a.Grades, b.Grades, strings.Compare) && sameSet(a.Terms, b.Terms, strings.Compare)
	},
	mend: asItIs[SnapshotSection],
}

var enrolmentTraits = traits[SnapshotEnrolment]{
	compare:  compareEnrolments,
	id:       func(e *SnapshotEnrolment) string { return e.SourcedID },
	gone:     func(e *SnapshotEnrolment) *bool { return &e.Gone },
	silent:   func(e *SnapshotEnrolment) *Fields { return &e.Silent },
	fields:   enrolmentFields,
	complete: func(e *SnapshotEnrolment) bool { return e.Person != "" && e.Section != "" && e.Role != "" },
	same:     func(a, b *SnapshotEnrolment) bool { return *a == *b },
	mend:     asItIs[SnapshotEnrolment],
}

var personTraits = traits[SnapshotPerson]{
	compare:  func(a, b *SnapshotPerson) int { return strings.Compare(a.SourcedID, b.SourcedID) },
	id:       func(p *SnapshotPerson) string { return p.SourcedID },
	gone:     func(p *SnapshotPerson) *bool { return &p.Gone },
	silent:   func(p *SnapshotPerson) *Fields { return &p.Silent },
	fields:   personFields,
	complete: func(p *SnapshotPerson) bool { return p.Given != "" || p.Family != "" },
	same: func(a, b *SnapshotPerson) bool {
		return a.Given == b.Given && a.Family == b.Family && a.Preferred == b.Preferred && a.Email == b.Email &&
			a.Gone == b.Gone && sameSet(a.Grades, b.Grades, strings.Compare) && sameSet(a.Roles, b.Roles, compareRoles)
	},
	mend: asItIs[SnapshotPerson],
}

func compareRoles(a, b SnapshotRole) int {
	return cmp.Or(sameRole(a, b), cmp.Compare(a.Begin, b.Begin), cmp.Compare(a.End, b.End), strings.Compare(a.SourcedID, b.SourcedID))
}

// sameRole compares roles without their dates.
func sameRole(a, b SnapshotRole) int {
	return cmp.Or(strings.Compare(a.Org, b.Org), strings.Compare(string(a.Role), string(b.Role)))
}

// sameSet says whether two lists hold the same, in whatever order and however
// often.
func sameSet[E comparable](a, b []E, compare func(a, b E) int) bool {
	if slices.Equal(a, b) {
		return true
	}
	return slices.Equal(asSet(a, compare), asSet(b, compare))
}

func asSet[E comparable](list []E, compare func(a, b E) int) []E {
	return slices.Compact(slices.SortedFunc(slices.Values(list), compare))
}
