package storetest

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

var applyTests = []rosterTest{
	{"what was applied is the state, in the order in which Compare walks it", whatWasAppliedIsTheState},
	{"applying the same again changes nothing", applyingAgainChangesNothing},
	{"changes to a roster that has changed meanwhile are refused", staleChangesAreRefused},
	{"who is gone keeps their name, and what was theirs when they return", whoIsGoneKeepsTheirName},
	{"records are replaced whole", recordsAreReplaced},
	{"an enrolment moves to another person and section", anEnrolmentMoves},
	{"a tie that comes in another relation has not ended", aTieInAnotherRelation},
	{"an organisation or a term that is named before it comes is not shown", namedBeforeItComes},
	{"an import that is given up stores nothing", anImportGivenUp},
	{"the columns that imports had are kept, district by district", columnsAreKept},
	{"a role is kept with its sourcedId", rolesKeepTheirSourcedID},
	{"hostile words are kept and found, and do no harm", hostileWords},
}

// stateOf is the state that changes to an empty roster lead to.
func stateOf(c roster.Changes) roster.State {
	s := roster.State{Snapshot: roster.Snapshot{
		Orgs: c.PutOrgs, Terms: c.PutTerms, Sections: c.PutSections, People: c.PutPeople,
		Enrolments: c.PutEnrolments, Guardianships: c.PutGuardianships,
	}}
	slices.SortFunc(s.Orgs, func(a, b roster.SnapshotOrg) int { return cmp.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Terms, func(a, b roster.SnapshotTerm) int { return cmp.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Sections, func(a, b roster.SnapshotSection) int { return cmp.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.People, func(a, b roster.SnapshotPerson) int { return cmp.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Enrolments, func(a, b roster.SnapshotEnrolment) int { return cmp.Compare(a.SourcedID, b.SourcedID) })
	slices.SortFunc(s.Guardianships, func(a, b roster.SnapshotGuardianship) int {
		return cmp.Or(cmp.Compare(a.Guardian, b.Guardian), cmp.Compare(a.Student, b.Student))
	})
	return s
}

func whatWasAppliedIsTheState(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	want := stateOf(schoolChanges())
	want.Version = 1
	if got := given(s.State(t.Context(), d.ID))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("state\n%+v\nwant\n%+v", got, want)
	}
}

func applyingAgainChangesNothing(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	before := given(s.State(t.Context(), d.ID))(t)
	leo := person(t, s, d.ID, "leo")
	if e := apply(t, s, d.ID, schoolChanges()); len(e.Out)+len(e.Sealed) != 0 {
		t.Errorf("the same roster again had effects: %+v", e)
	}
	before.Version++
	if after := given(s.State(t.Context(), d.ID))(t); !reflect.DeepEqual(after, before) {
		t.Errorf("the same roster again changed the state\n%+v\nwas\n%+v", after, before)
	}
	if again := person(t, s, d.ID, "leo"); !reflect.DeepEqual(again, leo) {
		t.Errorf("Leo became %+v, was %+v", again, leo)
	}
}

func staleChangesAreRefused(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	before := given(s.State(t.Context(), d.ID))(t)
	for _, base := range []int64{before.Version - 1, before.Version + 1} {
		c := roster.Changes{Base: base, RemoveEnrolments: []string{"e1"}}
		if _, err := s.Apply(t.Context(), d.ID, c, schoolNow); !errors.Is(err, roster.ErrStale) {
			t.Errorf("changes to version %d of %d: %v", base, before.Version, err)
		}
	}
	if _, err := s.Apply(t.Context(), newID(), roster.Changes{}, schoolNow); !errors.Is(err, roster.ErrNoDistrict) {
		t.Errorf("changes to an unknown district: %v", err)
	}
	if after := given(s.State(t.Context(), d.ID))(t); !reflect.DeepEqual(after, before) {
		t.Error("what was refused changed something")
	}
}

func whoIsGoneKeepsTheirName(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	before := person(t, s, d.ID, "kim")
	if e := leave(t, s, d.ID, "kim"); len(e.Out) != 1 || e.Out[0] != before.ID {
		t.Errorf("out: %v", e.Out)
	}
	gone := person(t, s, d.ID, "kim")
	if !gone.Gone || gone.ID != before.ID || gone.Name() != before.Name() {
		t.Errorf("gone: %+v", gone)
	}
	if e := apply(t, s, d.ID, schoolChanges()); len(e.Out) != 0 {
		t.Errorf("out on returning: %v", e.Out)
	}
	if back := person(t, s, d.ID, "kim"); !reflect.DeepEqual(back, before) {
		t.Errorf("back: %+v, was %+v", back, before)
	}
}

func recordsAreReplaced(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	changed := roster.Changes{
		PutOrgs:     []roster.SnapshotOrg{{SourcedID: "north", Name: "North Middle", Type: "school", Gone: true}},
		PutTerms:    []roster.SnapshotTerm{{SourcedID: "fall", Title: "Autumn", Begin: 5, End: 6, Gone: true}},
		PutSections: []roster.SnapshotSection{{SourcedID: "alg", Title: "Algebra 2", Org: "south", Grades: []string{"11", "12"}, Terms: []string{"summer", "fall"}, Gone: true}},
		PutPeople:   []roster.SnapshotPerson{{SourcedID: "leo", Given: "Lion", Roles: append(as("south", roster.Student), as("north", roster.Aide)...)}},
	}
	apply(t, s, d.ID, changed)
	want := stateOf(schoolChanges())
	want.Version = 2
	for i := range want.Orgs {
		if want.Orgs[i].SourcedID == "north" {
			want.Orgs[i] = changed.PutOrgs[0]
		}
	}
	want.Terms[0], want.Sections[0] = changed.PutTerms[0], changed.PutSections[0]
	for i := range want.People {
		if want.People[i].SourcedID == "leo" {
			want.People[i] = changed.PutPeople[0]
		}
	}
	if got := given(s.State(t.Context(), d.ID))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("state\n%+v\nwant\n%+v", got, want)
	}
}

func anEnrolmentMoves(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	moved := roster.SnapshotEnrolment{SourcedID: "e1", Person: "eva", Section: "hist", Role: roster.Aide, Begin: 3, End: 9}
	apply(t, s, d.ID, roster.Changes{PutEnrolments: []roster.SnapshotEnrolment{moved}, RemoveEnrolments: []string{"e2", "unknown"}})
	state := given(s.State(t.Context(), d.ID))(t)
	want := append([]roster.SnapshotEnrolment{moved}, schoolChanges().PutEnrolments[2:]...)
	if !reflect.DeepEqual(state.Enrolments, want) {
		t.Errorf("enrolments %+v, want %+v", state.Enrolments, want)
	}
}

func aTieInAnotherRelation(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	was := roster.SnapshotGuardianship{Guardian: "kim", Student: "zoe", Relation: roster.Guardian}
	is := roster.SnapshotGuardianship{Guardian: "kim", Student: "zoe", Relation: roster.Relative}
	apply(t, s, d.ID, roster.Changes{PutGuardianships: []roster.SnapshotGuardianship{is}, RemoveGuardianships: []roster.SnapshotGuardianship{was}})
	state := given(s.State(t.Context(), d.ID))(t)
	if got := state.Guardianships[len(state.Guardianships)-2]; got != is {
		t.Errorf("the tie is %+v", got)
	}
}

func namedBeforeItComes(t *testing.T, s roster.Store) {
	d := newDistrict(t, s, "lincoln")
	early := roster.Changes{
		PutOrgs:     []roster.SnapshotOrg{{SourcedID: "north", Name: "North", Type: "school", Parent: "nowhere"}},
		PutSections: []roster.SnapshotSection{{SourcedID: "alg", Org: "elsewhere", Terms: []string{"someday"}}},
		PutPeople:   []roster.SnapshotPerson{{SourcedID: "leo", Roles: as("anywhere", roster.Student)}},
	}
	apply(t, s, d.ID, early)
	want := stateOf(early)
	want.Version = 1
	if got := given(s.State(t.Context(), d.ID))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("state\n%+v\nwant\n%+v", got, want)
	}
	leo := person(t, s, d.ID, "leo")
	facts := given(s.Facts(t.Context(), d.ID, ids(leo), schoolNow))(t)
	if len(facts.Orgs) != 1 {
		t.Errorf("organisations that nobody knows are shown: %+v", facts.Orgs)
	}
	apply(t, s, d.ID, roster.Changes{PutOrgs: []roster.SnapshotOrg{{SourcedID: "anywhere", Name: "Here"}}})
	facts = given(s.Facts(t.Context(), d.ID, ids(leo), schoolNow))(t)
	if got := facts.Orgs[leo.Roles[0].Org].Name; got != "Here" {
		t.Errorf("once it came, Leo's school is %q", got)
	}
}

func anImportGivenUp(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	before := given(s.State(t.Context(), d.ID))(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := roster.Changes{Base: before.Version, RemoveEnrolments: []string{"e1"}}
	if _, err := s.Apply(ctx, d.ID, c, schoolNow); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if after := given(s.State(t.Context(), d.ID))(t); !reflect.DeepEqual(after, before) {
		t.Error("what was given up changed something")
	}
}
