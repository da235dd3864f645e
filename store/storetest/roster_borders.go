package storetest

import (
	"errors"
	"reflect"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

var borderTests = []rosterTest{
	{"no method finds another district's people", noMethodCrossesTheBorder},
	{"what is changed in one district changes nothing in another", changesStayAtHome},
}

// noMethodCrossesTheBorder asks every method in the name of one district for
// what belongs to another, whose sourcedIds are the same.
func noMethodCrossesTheBorder(t *testing.T, s roster.Store) {
	ctx := t.Context()
	home, abroad := newDistrict(t, s, "home"), newSchool(t, s, "abroad")
	leo, ana, dan := person(t, s, abroad.ID, "leo"), person(t, s, abroad.ID, "ana"), person(t, s, abroad.ID, "dan")
	scope := scopeOf(t, s, abroad, "dan")
	bar(t, s, abroad, "marco", "leo")
	grant(t, s, abroad, roster.Grant{Person: dan.ID, Students: ids(leo)})
	facts := given(s.Facts(ctx, home.ID, ids(leo, ana, dan), schoolNow))(t)
	page := given(s.FindStudents(ctx, home.ID, scope, roster.StudentQuery{}))(t)
	facets := given(s.Facets(ctx, home.ID, scope, roster.StudentQuery{}))(t)
	picked, _, err := s.FindPeople(ctx, home.ID, "", "", 10)
	must(t, err)
	would, err := s.WouldSeal(ctx, home.ID, []roster.SnapshotGuardianship{{Guardian: "ana", Student: "leo"}})
	must(t, err)
	for method, found := range map[string]int{
		"State":        len(given(s.State(ctx, home.ID))(t).People),
		"Grants":       len(given(s.Grants(ctx, home.ID))(t)),
		"Entries":      len(given(s.Entries(ctx, home.ID, roster.KindOrg, scope.Orgs, []string{"north"}))(t)),
		"Bars":         len(given(s.Bars(ctx, home.ID))(t)),
		"People":       len(given(s.People(ctx, home.ID, ids(leo, ana)))(t)),
		"Facts":        len(facts.People) + len(facts.Orgs) + len(facts.Grants),
		"FindStudents": page.Total + len(page.Students),
		"Facets":       len(facets.Schools) + len(facets.Grades) + len(facets.Courses) + len(facets.Sections) + len(facets.Teachers),
		"TeachersOf":   len(given(s.TeachersOf(ctx, home.ID, ids(leo), schoolToday))(t)),
		"FindPeople":   len(picked),
		"WouldSeal":    len(would), "Accounts": len(given(s.Accounts(ctx, home.ID, schoolNow))(t)),
	} {
		if found != 0 {
			t.Errorf("%s finds %d of another district", method, found)
		}
	}
	_, person := s.Person(ctx, home.ID, leo.ID)
	_, bySourcedID := s.PersonBySourcedID(ctx, home.ID, "leo")
	_, barred := s.Bar(ctx, home.ID, roster.Bar{ID: newID(), Guardian: ana.ID, Student: leo.ID}, schoolNow)
	for method, err := range map[string]error{"Person": person, "PersonBySourcedID": bySourcedID, "Bar": barred} {
		if !errors.Is(err, roster.ErrNoPerson) {
			t.Errorf("%s of somebody of another district: %v", method, err)
		}
	}
	if err := s.Unbar(ctx, home.ID, ana.ID, leo.ID, "x", schoolNow); !errors.Is(err, roster.ErrNoBar) {
		t.Errorf("Unbar of another district's: %v", err)
	}
}

func changesStayAtHome(t *testing.T, s roster.Store) {
	home, abroad := newSchool(t, s, "home"), newSchool(t, s, "abroad")
	before := given(s.State(t.Context(), abroad.ID))(t)
	leave(t, s, home.ID, "leo", "ana")
	apply(t, s, home.ID, roster.Changes{
		RemoveEnrolments:    []string{"e1", "e4"},
		RemoveGuardianships: []roster.SnapshotGuardianship{{Guardian: "kim", Student: "zoe"}},
		PutOrgs:             []roster.SnapshotOrg{{SourcedID: "north", Gone: true}},
	})
	bar(t, s, home, "marco", "leo")
	if after := given(s.State(t.Context(), abroad.ID))(t); !reflect.DeepEqual(before, after) {
		t.Errorf("another district's roster became\n%+v\nwas\n%+v", after, before)
	}
	if page := search(t, s, abroad, "dan", roster.StudentQuery{}); page.Total != 3 {
		t.Errorf("another district finds %d students", page.Total)
	}
}
