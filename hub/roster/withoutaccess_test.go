package roster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWhoReachesNoOneIsFoundInAState(t *testing.T) {
	at := func(org string, roles ...Role) (all []SnapshotRole) {
		for _, r := range roles {
			all = append(all, SnapshotRole{Org: org, Role: r})
		}
		return all
	}
	s := State{Snapshot: Snapshot{
		Orgs: []SnapshotOrg{{SourcedID: "d"}, {SourcedID: "s", Parent: "d"}, {SourcedID: "other", Parent: "d"}},
		People: []SnapshotPerson{
			{SourcedID: "aide", Given: "Abe", Roles: at("s", Aide)},
			{SourcedID: "both", Roles: at("s", Aide, Principal)},
			{SourcedID: "far", Roles: at("other", Proctor)},
			{SourcedID: "former", Roles: []SnapshotRole{{Org: "s", Role: Aide, End: today}}},
			{SourcedID: "gone", Roles: at("s", Aide), Gone: true},
			{SourcedID: "mum", Roles: at("s", Parent)},
			{SourcedID: "nurse", Given: "Nia", Roles: at("s", Teacher)},
			{SourcedID: "teacher", Roles: at("s", Teacher)},
		},
		Enrolments: []SnapshotEnrolment{{SourcedID: "e", Person: "teacher", Section: "last year's", Role: Teacher}, {SourcedID: "f", Person: "aide", Role: Aide}},
	}}
	for _, c := range []struct {
		grants []SnapshotGrant
		want   []string
	}{
		{nil, []string{"aide", "far", "nurse"}},
		{[]SnapshotGrant{{Person: "aide"}}, []string{"far", "nurse"}},
		{[]SnapshotGrant{{Role: TeacherWithoutClasses, RoleOrg: "d"}, {Role: Proctor, RoleOrg: "s"}}, []string{"aide", "far"}},
	} {
		var got []string
		for _, p := range s.WithoutAccess(c.grants, today) {
			got = append(got, p.SourcedID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("with %v: %v, want %v", c.grants, got, c.want)
		}
	}
	if got := s.WithoutAccess(nil, today); got[0] != (WithoutAccess{"aide", "Abe", Aide}) || got[2].Role != TeacherWithoutClasses {
		t.Errorf("they are %+v", got)
	}
}

// Who is listed reaches nobody by Judge, with the grants that there are.
func TestWhoIsListedWithoutAccessReachesNoOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		grants := anySnapshotGrants(t)
		f := factsOf(state, DefaultSettings())
		f.Grants = grantsOf(grants)
		for _, p := range state.WithoutAccess(grants, today) {
			if scope := f.Scope(id(p.SourcedID)); !scope.Empty() {
				t.Fatalf("%s is listed and has the scope %+v", p.SourcedID, scope)
			}
		}
	})
}
