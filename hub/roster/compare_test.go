package roster

import (
	"slices"
	"testing"
)

// lakeside is a whole delivery: one school, a section with its teacher and two
// students, and their guardian.
func lakeside() Snapshot {
	person := func(id string, role Role) SnapshotPerson {
		return SnapshotPerson{SourcedID: id, Given: id, Roles: []SnapshotRole{{Org: "north", Role: role}}}
	}
	return Snapshot{
		Orgs:     []SnapshotOrg{{SourcedID: "north", Name: "North School", Type: "school"}},
		Terms:    []SnapshotTerm{{SourcedID: "autumn", Begin: today - 60, End: today + 30}},
		Sections: []SnapshotSection{{SourcedID: "algebra", Title: "Algebra 1", Org: "north", Terms: []string{"autumn"}}},
		People: []SnapshotPerson{
			person("ana", Parent), person("eva", Student), person("leo", Student), person("ruiz", Teacher),
		},
		Enrolments: []SnapshotEnrolment{
			{SourcedID: "e1", Person: "ruiz", Section: "algebra", Role: Teacher},
			{SourcedID: "e2", Person: "leo", Section: "algebra", Role: Student},
			{SourcedID: "e3", Person: "eva", Section: "algebra", Role: Student},
		},
		Guardianships: []SnapshotGuardianship{
			{Guardian: "ana", Student: "eva", Relation: Parent}, {Guardian: "ana", Student: "leo", Relation: Parent},
		},
		Whole: everything(), Unknown: map[Kind]map[string]bool{},
	}
}

// imported is the state after lakeside was imported.
func imported() State { return made(State{}, Compare(State{}, lakeside())) }

// but is lakeside as a change makes it.
func but(change func(*Snapshot)) Snapshot {
	s := lakeside()
	change(&s)
	return s
}

func withoutPerson(id string) func(*Snapshot) {
	return func(s *Snapshot) {
		s.People = slices.DeleteFunc(s.People, func(p SnapshotPerson) bool { return p.SourcedID == id })
	}
}

func refuse(k Kind, id string) func(*Snapshot) {
	return func(s *Snapshot) { s.Unknown[k] = map[string]bool{id: true} }
}

func both(changes ...func(*Snapshot)) func(*Snapshot) {
	return func(s *Snapshot) {
		for _, c := range changes {
			c(s)
		}
	}
}

func TestTheFirstImportIsAllNewAndTheSecondNothing(t *testing.T) {
	c := Compare(State{Version: 7}, lakeside())
	if c.Base != 7 || len(c.PutPeople) != 4 || len(c.PutEnrolments) != 3 || len(c.PutGuardianships) != 2 || len(c.PutSections) != 1 {
		t.Errorf("the first import: %+v", c)
	}
	if c.Summary.New[KindPerson] != 4 || c.Summary.Had[KindPerson] != 0 {
		t.Errorf("the first import: %+v", c.Summary)
	}
	again := Compare(imported(), lakeside())
	if !again.Empty() || again.Summary.Unchanged[KindPerson] != 4 || again.Summary.Had[KindRole] != 4 {
		t.Errorf("the second import: %+v", again)
	}
}

func TestWhatStandsInAnotherOrderIsTheSame(t *testing.T) {
	state, delivery := imported(), lakeside()
	state.People[0].Roles = []SnapshotRole{{Org: "a", Role: Parent}, {Org: "b", Role: Parent}}
	slices.Reverse(delivery.People)
	slices.Reverse(delivery.Enrolments)
	slices.Reverse(delivery.Guardianships)
	delivery.People[3].Roles = []SnapshotRole{{Org: "b", Role: Parent}, {Org: "a", Role: Parent}, {Org: "b", Role: Parent}}
	if c := Compare(state, delivery); !c.Empty() {
		t.Errorf("got %+v", c)
	}
}

func TestOfTwoRowsWithOneIdentifierTheFirstCounts(t *testing.T) {
	delivery := but(func(s *Snapshot) {
		second := s.People[0]
		second.Given = "another"
		s.People = append(s.People, second)
	})
	if c := Compare(imported(), delivery); !c.Empty() {
		t.Errorf("got %+v", c)
	}
	if c := Compare(State{}, delivery); len(c.PutPeople) != 4 || c.PutPeople[0].Given != "ana" {
		t.Errorf("got %+v", c.PutPeople)
	}
}

// R24: "A person whom the roster says is gone (missing from a bulk file that was
// read whole, or not enabled) is out … Their name and letters stay".
func TestR24WhoIsGone(t *testing.T) {
	disabled := func(s *Snapshot) { s.People[0] = SnapshotPerson{SourcedID: "ana", Gone: true} }
	for name, c := range map[string]struct {
		change func(*Snapshot)
		gone   bool
	}{
		"missing from a bulk file read whole": {withoutPerson("ana"), true},
		"not enabled":                         {disabled, true},
		"not enabled, in a delta file":        {both(disabled, func(s *Snapshot) { s.Whole = Whole{} }), true},
		"her row was refused":                 {both(withoutPerson("ana"), refuse(KindPerson, "ana")), false},
		"one of two rows was refused":         {both(disabled, refuse(KindPerson, "ana")), false},
		"a delta file":                        {both(withoutPerson("ana"), func(s *Snapshot) { s.Whole = Whole{} }), false},
		"users.csv was absent":                {func(s *Snapshot) { s.People = nil; s.Whole[KindPerson] = false }, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := Compare(imported(), but(c.change))
			if !c.gone {
				if !got.Empty() {
					t.Fatalf("it takes: %+v", got)
				}
				return
			}
			if len(got.PutPeople) != 1 || got.Summary.Gone[KindPerson] != 1 {
				t.Fatalf("got %+v", got.PutPeople)
			}
			if ana := got.PutPeople[0]; !ana.Gone || ana.Given != "ana" || len(ana.Roles) != 1 {
				t.Errorf("got %+v, want her name and roles kept", ana)
			}
			if again := Compare(made(imported(), got), but(c.change)); !again.Empty() {
				t.Errorf("once more: %+v", again)
			}
		})
	}
}

// R24: "if they return, they find what was theirs".
func TestR24WhoReturnsIsBackWithTheirTies(t *testing.T) {
	left := made(imported(), Compare(imported(), but(withoutPerson("ana"))))
	if len(left.Guardianships) != 2 {
		t.Fatalf("her ties did not wait: %v", left.Guardianships)
	}
	c := Compare(left, lakeside())
	if len(c.PutPeople) != 1 || c.PutPeople[0].Gone || c.Summary.Returned != 1 || c.Summary.Changed[KindPerson] != 1 {
		t.Errorf("got %+v, %+v", c.PutPeople, c.Summary)
	}
	if len(c.PutGuardianships)+len(c.RemoveGuardianships) != 0 {
		t.Error("her ties were touched")
	}
}

func TestR24AnEnrolmentEndsOnlyWhereAllOfItWasRead(t *testing.T) {
	dropped := func(s *Snapshot) { s.Enrolments = s.Enrolments[:2] } // without Eva's
	tombstone := func(s *Snapshot) { s.Enrolments[2].Gone = true }
	for name, c := range map[string]struct {
		change func(*Snapshot)
		ends   bool
	}{
		"missing from the whole file":   {dropped, true},
		"marked as to be deleted":       {tombstone, true},
		"marked, in a delta file":       {both(tombstone, func(s *Snapshot) { s.Whole = Whole{} }), true},
		"missing from a delta file":     {both(dropped, func(s *Snapshot) { s.Whole = Whole{} }), false},
		"enrollments.csv was absent":    {func(s *Snapshot) { s.Enrolments = nil; s.Whole[KindEnrolment] = false }, false},
		"its row was refused":           {both(dropped, refuse(KindEnrolment, "e3")), false},
		"one of its rows was refused":   {both(tombstone, refuse(KindEnrolment, "e3")), false},
		"its person's row was refused":  {both(dropped, refuse(KindPerson, "eva")), false},
		"its section's row was refused": {both(dropped, refuse(KindSection, "algebra")), false},
	} {
		got := Compare(imported(), but(c.change))
		if ends := slices.Equal(got.RemoveEnrolments, []string{"e3"}); ends != c.ends || !ends && !got.Empty() {
			t.Errorf("%s: got %v, want it to end: %t", name, got.RemoveEnrolments, c.ends)
		}
	}
}

func TestAnEnrolmentOfWhomNobodyKnowsIsLeftOut(t *testing.T) {
	c := Compare(imported(), but(func(s *Snapshot) {
		s.Enrolments = append(s.Enrolments,
			SnapshotEnrolment{SourcedID: "e4", Person: "nobody", Section: "algebra", Role: Student},
			SnapshotEnrolment{SourcedID: "e5", Person: "leo", Section: "nothing", Role: Student})
		s.Guardianships = append(s.Guardianships, SnapshotGuardianship{Guardian: "nobody", Student: "leo", Relation: Parent})
	}))
	if !c.Empty() || c.Summary.Loose[KindEnrolment] != 2 || c.Summary.Loose[KindGuardianship] != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestADeltaNamesPeopleThatOnlyTheStoreHas(t *testing.T) {
	delta := Snapshot{Enrolments: []SnapshotEnrolment{{SourcedID: "e9", Person: "leo", Section: "algebra", Role: Aide}}}
	if c := Compare(imported(), delta); len(c.PutEnrolments) != 1 || c.Summary.New[KindEnrolment] != 1 {
		t.Errorf("got %+v", c)
	}
}

// R26: "When a guardian's tie to a student ends, by roster …": only where both
// rows that can hold it were read.
func TestR26ATieEndsOnlyWhereBothSidesWereRead(t *testing.T) {
	dropped := func(s *Snapshot) { s.Guardianships = s.Guardianships[:1] } // without ana to leo
	for name, c := range map[string]struct {
		change func(*Snapshot)
		ends   bool
	}{
		"neither row has it any more":       {dropped, true},
		"the guardian's row was refused":    {both(dropped, refuse(KindPerson, "ana")), false},
		"the student's row was refused":     {both(dropped, refuse(KindPerson, "leo")), false},
		"a tie of the guardian was refused": {both(dropped, refuse(KindGuardianship, "ana")), false},
		"a tie of the student was refused":  {both(dropped, refuse(KindGuardianship, "leo")), false},
		"a delta file":                      {both(dropped, func(s *Snapshot) { s.Whole = Whole{} }), false},
		"people not whole":                  {both(dropped, func(s *Snapshot) { s.Whole[KindPerson] = false }), false},
		"no column of agents":               {both(dropped, func(s *Snapshot) { s.Whole[KindGuardianship] = false }), false},
		"the guardian has gone":             {both(dropped, withoutPerson("ana")), false},
		"the student has gone":              {both(dropped, withoutPerson("leo")), false},
		"the guardian is disabled":          {both(dropped, func(s *Snapshot) { s.People[0].Gone = true }), false},
	} {
		got := Compare(imported(), but(c.change))
		want := []SnapshotGuardianship{{Guardian: "ana", Student: "leo", Relation: Parent}}
		if ends := slices.Equal(got.RemoveGuardianships, want); ends != c.ends || !ends && len(got.RemoveGuardianships) > 0 {
			t.Errorf("%s: got %v, want it to end: %t", name, got.RemoveGuardianships, c.ends)
		}
	}
}

func TestR26AnotherRelationIsTheSameTie(t *testing.T) {
	c := Compare(imported(), but(func(s *Snapshot) { s.Guardianships[1].Relation = Guardian }))
	if len(c.PutGuardianships) != 1 || len(c.RemoveGuardianships) != 0 || c.Summary.Changed[KindGuardianship] != 1 {
		t.Errorf("got %+v", c)
	}
}

// R24 for roles: they are replaced only where all of a person's were read.
func TestR24RolesAreReplacedOnlyWhereAllWereRead(t *testing.T) {
	moved := func(s *Snapshot) { s.People[3].Roles = []SnapshotRole{{Org: "south", Role: Teacher}} }
	north, south := SnapshotRole{Org: "north", Role: Teacher}, SnapshotRole{Org: "south", Role: Teacher}
	for name, c := range map[string]struct {
		change func(*Snapshot)
		want   []SnapshotRole
	}{
		"all were read":              {moved, []SnapshotRole{south}},
		"roles.csv not whole":        {both(moved, func(s *Snapshot) { s.Whole[KindRole] = false }), []SnapshotRole{north, south}},
		"one of hers was refused":    {both(moved, refuse(KindRole, "ruiz")), []SnapshotRole{north, south}},
		"one of her rows is unclear": {both(moved, refuse(KindPerson, "ruiz")), []SnapshotRole{north, south}},
	} {
		got := Compare(imported(), but(c.change))
		if len(got.PutPeople) != 1 || !slices.Equal(got.PutPeople[0].Roles, c.want) {
			t.Errorf("%s: got %+v, want %v", name, got.PutPeople, c.want)
			continue
		}
		if gone := got.Summary.Gone[KindRole]; gone != 2-len(c.want) {
			t.Errorf("%s: %d roles counted as gone", name, gone)
		}
		if again := Compare(made(imported(), got), but(c.change)); !again.Empty() {
			t.Errorf("%s: once more: %+v", name, again)
		}
	}
	absent := but(func(s *Snapshot) {
		s.Whole[KindRole] = false
		for i := range s.People {
			s.People[i].Roles = nil
		}
	})
	if c := Compare(imported(), absent); !c.Empty() {
		t.Errorf("roles.csv was absent: %+v", c)
	}
}

func TestSectionsTermsAndOrganisationsGoWithAWholeFileOnly(t *testing.T) {
	empty := func(s *Snapshot) { s.Orgs, s.Terms, s.Sections = nil, nil, nil }
	c := Compare(imported(), but(empty))
	if len(c.PutOrgs) != 1 || !c.PutOrgs[0].Gone || len(c.PutTerms) != 1 || !c.PutTerms[0].Gone ||
		len(c.PutSections) != 1 || !c.PutSections[0].Gone || c.PutSections[0].Title != "Algebra 1" {
		t.Errorf("whole files without them: %+v", c)
	}
	c = Compare(imported(), but(both(empty, func(s *Snapshot) { s.Whole = Whole{} })))
	if !c.Empty() {
		t.Errorf("absent files: %+v", c)
	}
	c = Compare(imported(), but(both(empty, refuse(KindSection, "algebra"))))
	if len(c.PutSections) != 0 {
		t.Errorf("a refused row: %+v", c.PutSections)
	}
}
