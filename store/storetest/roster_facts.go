package storetest

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

var factsTests = []rosterTest{
	{"facts are of those asked for and their families, and of all organisations", factsAreOfFamilies},
	{"today is the district's day", todayIsTheDistricts},
	{"a section that names only unknown terms says so", unknownTermsAreSaid},
	{"people are found by either identifier", peopleAreFound},
}

func factsAreOfFamilies(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	f := given(s.Facts(t.Context(), d.ID, ids(person(t, s, d.ID, "leo"), person(t, s, d.ID, "kim"), person(t, s, d.ID, "teal")), schoolNow))(t)
	var names []string
	for _, p := range f.People {
		names = append(names, p.SourcedID)
	}
	slices.Sort(names)
	if want := []string{"ana", "kim", "leo", "marco", "teal", "zoe"}; !slices.Equal(names, want) {
		t.Errorf("facts of %v, want %v", names, want)
	}
	if len(f.Orgs) != 3 || f.District.ID != d.ID {
		t.Errorf("%d organisations, district %v", len(f.Orgs), f.District)
	}
	leo := f.People[person(t, s, d.ID, "leo").ID]
	if len(leo.Guardians) != 2 || len(leo.Enrolments) != 1 || len(leo.Students) != 0 {
		t.Fatalf("Leo: %+v", leo)
	}
	seat := leo.Enrolments[0]
	want := roster.Section{ID: seat.Section.ID, Title: "Algebra 1, A", Course: "Algebra 1", Period: "3", Org: leo.Roles[0].Org,
		Terms: []roster.Term{{Begin: roster.NewDate(2026, 8, 20), End: roster.NewDate(2026, 12, 20)}}}
	if seat.Role != roster.Student || !reflect.DeepEqual(*seat.Section, want) {
		t.Errorf("Leo's section %+v, want %+v", *seat.Section, want)
	}
	ana := f.People[person(t, s, d.ID, "ana").ID]
	if len(ana.Students) != 2 {
		t.Errorf("Ana is a guardian of %+v", ana.Students)
	}
}

func todayIsTheDistricts(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	for zone, want := range map[string]roster.Date{"America/New_York": schoolToday, "Pacific/Auckland": schoolToday + 1} {
		d.Settings.TimeZone = zone
		must(t, s.SaveDistrict(t.Context(), d))
		if f := given(s.Facts(t.Context(), d.ID, nil, schoolNow))(t); f.Today != want {
			t.Errorf("today in %s is %s, want %s", zone, f.Today, want)
		}
	}
}

func unknownTermsAreSaid(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	apply(t, s, d.ID, roster.Changes{
		PutTerms: []roster.SnapshotTerm{{SourcedID: "summer", Gone: true}},
		PutSections: []roster.SnapshotSection{
			{SourcedID: "alg", Terms: []string{"unheard of", "summer"}},
			{SourcedID: "hist", Terms: []string{"summer", "fall"}, Gone: true},
		},
	})
	f := given(s.Facts(t.Context(), d.ID, ids(person(t, s, d.ID, "leo"), person(t, s, d.ID, "eva")), schoolNow))(t)
	algebra := f.People[person(t, s, d.ID, "leo").ID].Enrolments[0].Section
	history := f.People[person(t, s, d.ID, "eva").ID].Enrolments[0].Section
	if !algebra.TermsUnknown || len(algebra.Terms) != 0 || algebra.Gone {
		t.Errorf("Algebra: %+v", algebra)
	}
	if history.TermsUnknown || len(history.Terms) != 1 || !history.Gone {
		t.Errorf("History: %+v", history)
	}
}

func peopleAreFound(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	gray := person(t, s, d.ID, "gray")
	if got := given(s.Person(t.Context(), d.ID, gray.ID))(t); !reflect.DeepEqual(got, gray) || len(got.Roles) != 1 || got.Roles[0].End == 0 {
		t.Errorf("got %+v, want %+v", got, gray)
	}
	if people := given(s.People(t.Context(), d.ID, []uuid.UUID{gray.ID, newID(), gray.ID}))(t); len(people) != 1 {
		t.Errorf("people: %+v", people)
	}
	if _, err := s.Person(t.Context(), d.ID, newID()); !errors.Is(err, roster.ErrNoPerson) {
		t.Errorf("an unknown person: %v", err)
	}
	if _, err := s.PersonBySourcedID(t.Context(), d.ID, "LEO"); !errors.Is(err, roster.ErrNoPerson) {
		t.Errorf("a sourcedId in other letters: %v", err)
	}
}
