package storetest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

func columnsAreKept(t *testing.T, s roster.Store) {
	d, other := newSchool(t, s, "lincoln"), newSchool(t, s, "adams")
	columns := []roster.Column{
		{File: "classes.csv", Name: "title"}, {File: "users.csv", Name: "email", Missing: true}, {File: "users.csv", Name: "role"},
	}
	apply(t, s, d.ID, roster.Changes{Columns: columns})
	apply(t, s, d.ID, roster.Changes{}) // says nothing of columns
	if got := given(s.State(t.Context(), d.ID))(t).Known; !slices.Equal(got, columns) {
		t.Errorf("known are %v", got)
	}
	apply(t, s, d.ID, roster.Changes{Columns: columns[1:]})
	if got := given(s.State(t.Context(), d.ID))(t).Known; !slices.Equal(got, columns[1:]) {
		t.Errorf("known are %v", got)
	}
	if got := given(s.State(t.Context(), other.ID))(t).Known; len(got) > 0 {
		t.Errorf("in another district %v", got)
	}
}

func rolesKeepTheirSourcedID(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	held := []roster.SnapshotRole{{SourcedID: "r1", Org: "north", Role: roster.Teacher}, {Org: "north", Role: roster.Parent}}
	apply(t, s, d.ID, roster.Changes{PutPeople: []roster.SnapshotPerson{{SourcedID: "new", Given: "New", Roles: held}}})
	people := given(s.State(t.Context(), d.ID))(t).People
	at := slices.IndexFunc(people, func(p roster.SnapshotPerson) bool { return p.SourcedID == "new" })
	if at < 0 || !reflect.DeepEqual(people[at].Roles, held) {
		t.Errorf("of %v", people)
	}
}
