package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// A school to try things on. Today is 15 October 2026, in the district's zone.
//
//	district  lincoln-usd
//	  north   Leo Ruiz (9), Eva Ruiz (10), whose mother is Ana Ruiz and father Marco Rossi
//	  south   Zoë Núñez (9), whose guardian is Kim O'Hara
//
// Mr. Teal teaches Algebra 1 (Leo, Zoë) at north; Ms. Gray taught History (Eva)
// until September. Pia Quinn is principal of north, Dan Dietz runs the district.
var (
	schoolNow   = time.Date(2026, 10, 15, 18, 0, 0, 0, time.UTC)
	schoolToday = roster.NewDate(2026, 10, 15)
)

func schoolChanges() roster.Changes {
	day := roster.NewDate
	role := func(org string, r roster.Role) []roster.SnapshotRole {
		return []roster.SnapshotRole{{Org: org, Role: r}}
	}
	return roster.Changes{
		PutOrgs: []roster.SnapshotOrg{
			{SourcedID: "lincoln", Name: "Lincoln USD", Type: "district"},
			{SourcedID: "north", Name: "North High", Type: "school", Parent: "lincoln"},
			{SourcedID: "south", Name: "South High", Type: "school", Parent: "lincoln"},
		},
		PutTerms: []roster.SnapshotTerm{
			{SourcedID: "fall", Title: "Fall", Begin: day(2026, 8, 20), End: day(2026, 12, 20)},
			{SourcedID: "summer", Title: "Summer", Begin: day(2026, 6, 1), End: day(2026, 8, 1)},
		},
		PutSections: []roster.SnapshotSection{
			{SourcedID: "alg", Title: "Algebra 1, A", Course: "Algebra 1", Period: "3", Org: "north", Grades: []string{"09"}, Terms: []string{"fall"}},
			{SourcedID: "hist", Title: "History, B", Course: "History", Period: "1", Org: "north", Terms: []string{"summer", "fall"}},
		},
		PutPeople: []roster.SnapshotPerson{
			{SourcedID: "leo", Given: "Leonardo", Preferred: "Leo", Family: "Ruiz", Grades: []string{"09"}, Roles: role("north", roster.Student)},
			{SourcedID: "eva", Given: "Eva", Family: "Ruiz", Email: "eva@example.org", Grades: []string{"10"}, Roles: role("north", roster.Student)},
			{SourcedID: "zoe", Given: "Zoë", Family: "Núñez", Grades: []string{"09"}, Roles: role("south", roster.Student)},
			{SourcedID: "ana", Given: "Ana", Family: "Ruiz", Email: "ruiz@example.org", Roles: role("lincoln", roster.Parent)},
			{SourcedID: "marco", Given: "Marco", Family: "Rossi", Email: "ruiz@example.org", Roles: role("lincoln", roster.Parent)},
			{SourcedID: "kim", Given: "Kim", Family: "O'Hara", Email: "kim@example.org", Roles: role("lincoln", roster.Guardian)},
			{SourcedID: "teal", Given: "Tom", Family: "Teal", Email: "teal@example.org", Roles: role("north", roster.Teacher)},
			{SourcedID: "gray", Given: "Gil", Family: "Gray", Roles: []roster.SnapshotRole{{Org: "north", Role: roster.Teacher, Begin: day(2025, 8, 1), End: day(2027, 6, 30)}}},
			{SourcedID: "pia", Given: "Pia", Family: "Quinn", Roles: role("north", roster.Principal)},
			{SourcedID: "dan", Given: "Dan", Family: "Dietz", Roles: role("lincoln", roster.DistrictAdministrator)},
		},
		PutEnrolments: []roster.SnapshotEnrolment{
			{SourcedID: "e1", Person: "leo", Section: "alg", Role: roster.Student},
			{SourcedID: "e2", Person: "zoe", Section: "alg", Role: roster.Student, Begin: day(2026, 10, 15), End: day(2026, 10, 16)},
			{SourcedID: "e3", Person: "eva", Section: "hist", Role: roster.Student},
			{SourcedID: "e4", Person: "teal", Section: "alg", Role: roster.Teacher},
			{SourcedID: "e5", Person: "gray", Section: "hist", Role: roster.Teacher, Begin: day(2026, 8, 20), End: day(2026, 9, 30)},
		},
		PutGuardianships: []roster.SnapshotGuardianship{
			{Guardian: "ana", Student: "leo", Relation: roster.Parent},
			{Guardian: "ana", Student: "eva", Relation: roster.Parent},
			{Guardian: "marco", Student: "leo", Relation: roster.Parent},
			{Guardian: "kim", Student: "zoe", Relation: roster.Guardian},
		},
	}
}

// newDistrict keeps a district and gives its first version.
func newDistrict(t *testing.T, s roster.Districts, slug string) roster.District {
	t.Helper()
	d := roster.District{ID: uuid.Must(uuid.NewV7()), Slug: slug, Name: "District " + slug, Settings: roster.DefaultSettings()}
	must(t, s.CreateDistrict(t.Context(), d))
	return d
}

// newSchool keeps a district with the school above in it.
func newSchool(t *testing.T, s AccessStore, slug string) roster.District {
	t.Helper()
	d := newDistrict(t, s, slug)
	apply(t, s, d.ID, schoolChanges())
	return d
}

// apply makes changes on whatever version there is.
func apply(t *testing.T, s AccessStore, district uuid.UUID, c roster.Changes) roster.Effects {
	t.Helper()
	c.Base = given(s.District(t.Context(), district))(t).RosterVersion
	return given(s.Apply(t.Context(), district, c, schoolNow))(t)
}

func person(t *testing.T, s AccessStore, district uuid.UUID, sourcedID string) roster.Person {
	t.Helper()
	return given(s.PersonBySourcedID(t.Context(), district, sourcedID))(t)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// given is what a call returned, where it must not fail.
func given[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		must(t, err)
		return v
	}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func ids(people ...roster.Person) []uuid.UUID {
	list := make([]uuid.UUID, len(people))
	for i, p := range people {
		list[i] = p.ID
	}
	return list
}
