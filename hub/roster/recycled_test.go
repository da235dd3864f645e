package roster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestASourcedIDWithAnotherNameAndAddressIsRecycled(t *testing.T) {
	guy := SnapshotPerson{SourcedID: "g3", Given: "Guy", Family: "Moor", Email: "guy@home.example", Roles: []SnapshotRole{{Role: Parent}}}
	for _, c := range []struct {
		says string
		now  SnapshotPerson
		want bool
	}{
		{"another person", SnapshotPerson{Given: "Zoe", Family: "Ferrari", Email: "zoe@other.example"}, true},
		{"another person of the same family", SnapshotPerson{Given: "Zoe", Family: "Moor", Email: "zoe@home.example"}, true},
		{"another person without an address", SnapshotPerson{Given: "Zoe", Family: "Ferrari"}, true},
		{"a marriage", SnapshotPerson{Given: "Guy", Family: "Ferrari", Email: "guy.ferrari@home.example"}, false},
		{"a namesake who teaches", SnapshotPerson{Given: "Guy", Family: "Ferrari", Email: "ferrari@school.example", Roles: []SnapshotRole{{Role: Teacher}}}, true},
		{"another address", SnapshotPerson{Given: "Guy", Family: "Moor", Email: "new@home.example"}, false},
		{"other names at the same address", SnapshotPerson{Given: "Zoe", Family: "Ferrari", Email: "GUY@home.example"}, false},
		{"another domain and a long form", SnapshotPerson{Given: "Guido", Family: "Moor", Email: "guy@new.example"}, false},
		{"second names and accents", SnapshotPerson{Given: "GUY Ian", Family: "Móor-Reed", Email: "gi@home.example"}, false},
		{"names that were swapped", SnapshotPerson{Given: "Moor", Family: "Guy", Email: "gm@home.example"}, false},
	} {
		if got := recycled(&guy, &c.now); got != c.want {
			t.Errorf("%s: recycled is %v", c.says, got)
		}
	}
	cruz := SnapshotPerson{Given: "Maria I.", Family: "de la Cruz", Email: "m@x"}
	if rosa := (SnapshotPerson{Given: "José I.", Family: "de la Rosa", Email: "j@x"}); !recycled(&cruz, &rosa) {
		t.Error("particles and initials make one person of two")
	}
}

// recycledTeacher is lakeside in which the sourcedIds of the teacher and of the
// guardian have become those of others.
func recycledTeacher() Snapshot {
	return but(func(s *Snapshot) {
		for i := range s.People {
			switch p := &s.People[i]; p.SourcedID {
			case "ruiz":
				p.Given, p.Family, p.Email = "Nora", "Bell", "nora@north.example"
			case "ana":
				p.Given, p.Family, p.Email = "Zoe", "Ferrari", "zoe@home.example"
			}
		}
		s.Enrolments = append(s.Enrolments, SnapshotEnrolment{SourcedID: "e9", Person: "ruiz", Section: "algebra", Role: Teacher})
		s.People = append(s.People, SnapshotPerson{SourcedID: "max", Given: "max", Roles: []SnapshotRole{{Org: "north", Role: Student}}})
		s.Guardianships = []SnapshotGuardianship{{Guardian: "ana", Student: "max", Relation: Parent}}
	})
}

func TestARecycledSourcedIDGivesAndTakesNothingUnlessOneSaysWhoseItIs(t *testing.T) {
	state, c := CompareIdentities(imported(), recycledTeacher(), Identities{Today: today})
	if len(c.Recycled) != 2 || len(c.Renames) != 0 {
		t.Fatalf("recycled %+v", c.Recycled)
	}
	if len(c.PutPeople) != 1 || c.PutPeople[0].SourcedID != "max" || len(c.PutEnrolments)+len(c.RemoveEnrolments) != 0 ||
		len(c.PutGuardianships)+len(c.RemoveGuardianships) != 0 {
		t.Errorf("changes %+v", c)
	}
	if after := made(state, c); after.People[0].Given != "ana" {
		t.Errorf("after it %+v", after.People)
	}
}

func TestTheSamePersonKeepsEverything(t *testing.T) {
	_, c := CompareIdentities(imported(), recycledTeacher(), Identities{Same: map[string]bool{"ruiz": true}, AllNew: true, Today: today})
	if len(c.Recycled) != 0 || len(c.Renames) != 1 || c.Renames[0].From != "ana" {
		t.Fatalf("recycled %+v, renamed %+v", c.Recycled, c.Renames)
	}
	ruiz := slices.IndexFunc(c.PutPeople, func(p SnapshotPerson) bool { return p.SourcedID == "ruiz" })
	if ruiz < 0 || c.PutPeople[ruiz].Given != "Nora" || len(c.PutEnrolments) != 1 {
		t.Errorf("changes %+v", c)
	}
}

func TestANewPersonBeginsWithNothing(t *testing.T) {
	state, c := CompareIdentities(imported(), recycledTeacher(), Identities{AllNew: true, Today: today})
	old := c.Renames[0].To
	if len(c.Renames) != 2 || old != "ana~until-"+today.String() {
		t.Fatalf("renamed %+v", c.Renames)
	}
	after := made(state, c)
	at := slices.IndexFunc(after.People, func(p SnapshotPerson) bool { return p.SourcedID == old })
	if at < 0 || !after.People[at].Gone || after.People[at].Given != "ana" {
		t.Errorf("the one before: %+v", after.People)
	}
	for _, g := range after.Guardianships {
		if g.Guardian == "ana" && g.Student != "max" {
			t.Errorf("Zoe has %s", g.Student)
		}
	}
	if len(c.RemoveGuardianships) != 0 {
		t.Errorf("guardianships of somebody who is inactive end: %+v", c.RemoveGuardianships)
	}
	for _, e := range after.Enrolments {
		if e.Person != "ruiz" && e.Role == Teacher {
			t.Errorf("the teacher before is enrolled: %+v", e)
		}
	}
	if _, again := CompareIdentities(after, recycledTeacher(), Identities{AllNew: true, Today: today}); !again.Empty() {
		t.Errorf("once more: %+v", again)
	}
	if _, once := CompareIdentities(after, but(func(*Snapshot) {}), Identities{AllNew: true, Today: today}); once.Renames[0].To == old {
		t.Errorf("two have the sourcedId %s", old)
	}
}

// Whatever comes, nobody whose sourcedId is recycled changes by it, and nobody
// gets an enrolment or a student under it.
func TestNothingIsEverTakenUnderARecycledSourcedID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, c := CompareIdentities(anyState(t), anyDelivery(t), Identities{Today: today})
		for _, r := range c.Recycled {
			id := r.Before.SourcedID
			if slices.ContainsFunc(c.PutPeople, func(p SnapshotPerson) bool { return p.SourcedID == id }) ||
				slices.ContainsFunc(c.PutEnrolments, func(e SnapshotEnrolment) bool { return e.Person == id }) ||
				slices.ContainsFunc(c.PutGuardianships, func(g SnapshotGuardianship) bool { return g.Guardian == id || g.Student == id }) ||
				slices.ContainsFunc(c.RemoveGuardianships, func(g SnapshotGuardianship) bool { return g.Guardian == id || g.Student == id }) {
				t.Fatalf("%s: %+v", id, c)
			}
		}
	})
}
