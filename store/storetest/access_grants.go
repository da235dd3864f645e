package storetest

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

var grantTests = []accessTest{
	{"a grant is kept whole, ends once, and its row stays", aGrantIsKept},
	{"a grant reaches what it is for and ends with it", aGrantReaches},
	{"a grant to a role is for who holds it", aGrantToARoleReaches},
	{"a grant ends on its day in the time zone of the district", aGrantEndsOnItsDay},
	{"no import undoes a grant", noImportUndoesAGrant},
	{"a grant names only what the district has", aGrantNamesWhatTheDistrictHas},
	{"facts hold the grants of the people and of their roles, and no others", factsHoldTheGrants},
	{"organizations and classes are found by either name", entriesAreFound},
}

// withNurse is the school with two whom the roster lets reach no one: a nurse, as
// OneRoster 1.1 exports one, and an aide of south.
func withNurse(t *testing.T, s AccessStore, slug string) roster.District {
	t.Helper()
	d := newSchool(t, s, slug)
	apply(t, s, d.ID, roster.Changes{PutPeople: []roster.SnapshotPerson{
		{SourcedID: "nurse", Given: "Nia", Family: "Nurse", Roles: []roster.SnapshotRole{{Org: "north", Role: roster.Teacher}}},
		{SourcedID: "aide", Given: "Abe", Family: "Aide", Roles: []roster.SnapshotRole{{Org: "south", Role: roster.Aide}}},
	}})
	return d
}

// grant keeps a grant with a reason and an author.
func grant(t *testing.T, s AccessStore, d roster.District, g roster.Grant) roster.Grant {
	t.Helper()
	g.ID, g.Reason, g.By = newID(), "Immunization campaign", "Dana Ortiz"
	must(t, s.Grant(t.Context(), d.ID, g, schoolNow))
	g.MadeAt = schoolNow
	return g
}

func aGrantIsKept(t *testing.T, s AccessStore) {
	d := withNurse(t, s, "lincoln")
	before := given(s.District(t.Context(), d.ID))(t).RosterVersion
	nurse, leo := person(t, s, d.ID, "nurse"), person(t, s, d.ID, "leo")
	north := entry(t, s, d, roster.KindOrg, "north")
	want := []roster.Grant{
		grant(t, s, d, roster.Grant{Person: nurse.ID, Org: north, Until: schoolToday + 30}),
		grant(t, s, d, roster.Grant{Role: roster.Aide, RoleOrg: north, Section: entry(t, s, d, roster.KindSection, "alg")}),
		grant(t, s, d, roster.Grant{Person: nurse.ID, Students: ids(leo)}),
	}
	if got := given(s.Grants(t.Context(), d.ID))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("kept are\n%+v, want\n%+v", got, want)
	}
	ended := schoolNow.Add(time.Hour)
	must(t, s.Revoke(t.Context(), d.ID, want[1].ID, "Superintendent", ended))
	for _, id := range []uuid.UUID{want[1].ID, newID()} {
		if err := s.Revoke(t.Context(), d.ID, id, "again", ended.Add(time.Hour)); !errors.Is(err, roster.ErrNoGrant) {
			t.Errorf("revoking what has ended, or never was: %v", err)
		}
	}
	want[1].EndedAt, want[1].EndedBy = ended, "Superintendent"
	if got := given(s.Grants(t.Context(), d.ID))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("at the end\n%+v, want\n%+v", got, want)
	}
	if after := given(s.District(t.Context(), d.ID))(t).RosterVersion; after != before+4 {
		t.Errorf("the version grew by %d, want 4", after-before)
	}
}

// reaches holds sender against the students whom they may write about.
func reaches(t *testing.T, s AccessStore, d roster.District, sender string, now time.Time, want ...string) {
	t.Helper()
	var got []string
	for _, student := range []string{"eva", "leo", "zoe"} {
		if code := judged(t, s, d, sender, roster.AsWorker, student, student, now); code == roster.ByGrant {
			got = append(got, student)
		} else if code != roster.NoReach {
			t.Errorf("%s to %s: %s", sender, student, code)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s reaches %v, want %v", sender, got, want)
	}
}

func aGrantReaches(t *testing.T, s AccessStore) {
	d := withNurse(t, s, "lincoln")
	nurse := person(t, s, d.ID, "nurse").ID
	for what, c := range map[string]struct {
		roster.Grant
		want []string
	}{
		"a school":     {roster.Grant{Org: entry(t, s, d, roster.KindOrg, "north")}, []string{"eva", "leo", "zoe"}}, // Zoë by her class there
		"the other":    {roster.Grant{Org: entry(t, s, d, roster.KindOrg, "south")}, []string{"zoe"}},
		"the district": {roster.Grant{Org: entry(t, s, d, roster.KindOrg, "lincoln")}, []string{"eva", "leo", "zoe"}},
		"a class":      {roster.Grant{Section: entry(t, s, d, roster.KindSection, "alg")}, []string{"leo", "zoe"}},
		"a list":       {roster.Grant{Students: ids(person(t, s, d.ID, "eva"), person(t, s, d.ID, "zoe"))}, []string{"eva", "zoe"}},
	} {
		t.Run(what, func(t *testing.T) {
			reaches(t, s, d, "nurse", schoolNow)
			c.Person = nurse
			g := grant(t, s, d, c.Grant)
			reaches(t, s, d, "nurse", schoolNow, c.want...)
			must(t, s.Revoke(t.Context(), d.ID, g.ID, "x", schoolNow))
			reaches(t, s, d, "nurse", schoolNow)
		})
	}
	grant(t, s, d, roster.Grant{Person: nurse, Org: entry(t, s, d, roster.KindOrg, "lincoln")})
	for what, c := range map[string]struct{ got, want roster.Code }{
		"a guardian": {judged(t, s, d, "nurse", roster.AsWorker, "kim", "zoe", schoolNow), roster.ByGrant},
		"a family":   {judged(t, s, d, "kim", roster.AsFamily, "nurse", "zoe", schoolNow), roster.NotTeacherNow},
		"an aide":    {judged(t, s, d, "aide", roster.AsWorker, "kim", "zoe", schoolNow), roster.NoReach},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", what, c.got, c.want)
		}
	}
}

func aGrantToARoleReaches(t *testing.T, s AccessStore) {
	d := withNurse(t, s, "lincoln")
	lincoln, south := entry(t, s, d, roster.KindOrg, "lincoln"), entry(t, s, d, roster.KindOrg, "south")
	grant(t, s, d, roster.Grant{Role: roster.Aide, RoleOrg: lincoln, Org: south})
	grant(t, s, d, roster.Grant{Role: roster.TeacherWithoutClasses, RoleOrg: lincoln, Students: ids(person(t, s, d.ID, "eva"))})
	reaches(t, s, d, "aide", schoolNow, "zoe")
	reaches(t, s, d, "nurse", schoolNow, "eva")
	reaches(t, s, d, "gray", schoolNow) // teaches no class today, and is enrolled in one
	apply(t, s, d.ID, roster.Changes{PutPeople: []roster.SnapshotPerson{
		{SourcedID: "aide", Given: "Abe", Family: "Aide", Roles: []roster.SnapshotRole{{Org: "south", Role: roster.Proctor}}},
	}})
	reaches(t, s, d, "aide", schoolNow)
}

func aGrantEndsOnItsDay(t *testing.T, s AccessStore) {
	d := withNurse(t, s, "lincoln") // in New York, whose 20 October begins at four o'clock UTC
	grant(t, s, d, roster.Grant{Person: person(t, s, d.ID, "nurse").ID, Students: ids(person(t, s, d.ID, "leo")), Until: roster.NewDate(2026, 10, 20)})
	end := time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)
	reaches(t, s, d, "nurse", end.Add(-time.Microsecond), "leo")
	reaches(t, s, d, "nurse", end)
}

// "no import undoes it, also if the person, the class or the school disappears
// for a time and returns".
func noImportUndoesAGrant(t *testing.T, s AccessStore) {
	d := withNurse(t, s, "lincoln")
	nurse, aide := person(t, s, d.ID, "nurse"), person(t, s, d.ID, "aide")
	grant(t, s, d, roster.Grant{Person: nurse.ID, Section: entry(t, s, d, roster.KindSection, "alg")})
	grant(t, s, d, roster.Grant{Role: roster.Aide, RoleOrg: entry(t, s, d, roster.KindOrg, "south"), Org: entry(t, s, d, roster.KindOrg, "south")})
	was := given(s.Grants(t.Context(), d.ID))(t)
	state := given(s.State(t.Context(), d.ID))(t)
	state.Sort()
	whole := state.Snapshot
	whole.Whole = roster.Whole{
		roster.KindOrg: true, roster.KindTerm: true, roster.KindSection: true, roster.KindPerson: true,
		roster.KindRole: true, roster.KindEnrolment: true, roster.KindGuardianship: true,
	}
	without := whole
	without.Orgs = slices.DeleteFunc(slices.Clone(whole.Orgs), func(o roster.SnapshotOrg) bool { return o.SourcedID == "south" })
	without.Sections = slices.DeleteFunc(slices.Clone(whole.Sections), func(c roster.SnapshotSection) bool { return c.SourcedID == "alg" })
	without.Enrolments = slices.DeleteFunc(slices.Clone(whole.Enrolments), func(e roster.SnapshotEnrolment) bool { return e.Section == "alg" })
	without.People = slices.DeleteFunc(slices.Clone(whole.People), func(p roster.SnapshotPerson) bool {
		return p.SourcedID == "nurse" || p.SourcedID == "aide"
	})
	for _, delivery := range []roster.Snapshot{without, whole} {
		state := given(s.State(t.Context(), d.ID))(t)
		state.Sort()
		apply(t, s, d.ID, roster.Compare(state, delivery))
		if got := given(s.Grants(t.Context(), d.ID))(t); !reflect.DeepEqual(got, was) {
			t.Errorf("the grants became %+v", got)
		}
		if slices.ContainsFunc(delivery.People, func(p roster.SnapshotPerson) bool { return p.SourcedID == "nurse" }) {
			break
		}
		for _, p := range []roster.Person{nurse, aide} {
			facts := given(s.Facts(t.Context(), d.ID, ids(p), schoolNow))(t)
			if !facts.People[p.ID].Gone || !facts.Scope(p.ID).Empty() {
				t.Errorf("%s is away and has the scope %+v", p.Given, facts.Scope(p.ID))
			}
		}
	}
	reaches(t, s, d, "nurse", schoolNow, "leo", "zoe")
	reaches(t, s, d, "aide", schoolNow, "zoe")
}

func aGrantNamesWhatTheDistrictHas(t *testing.T, s AccessStore) {
	d, other := withNurse(t, s, "lincoln"), newSchool(t, s, "adams")
	nurse, abroad := person(t, s, d.ID, "nurse").ID, person(t, s, other.ID, "leo").ID
	north, away := entry(t, s, d, roster.KindOrg, "north"), entry(t, s, other, roster.KindOrg, "north")
	class := entry(t, s, other, roster.KindSection, "alg")
	for what, c := range map[string]struct {
		roster.Grant
		want error
	}{
		"another district's person":  {roster.Grant{Person: abroad, Org: north}, roster.ErrNoPerson},
		"another district's student": {roster.Grant{Person: nurse, Students: []uuid.UUID{person(t, s, d.ID, "leo").ID, abroad}}, roster.ErrNoPerson},
		"another district's school":  {roster.Grant{Person: nurse, Org: away}, roster.ErrNoOrg},
		"a role at one":              {roster.Grant{Role: roster.Aide, RoleOrg: away, Org: north}, roster.ErrNoOrg},
		"another district's class":   {roster.Grant{Person: nurse, Section: class}, roster.ErrNoSection},
	} {
		c.ID = newID()
		if err := s.Grant(t.Context(), d.ID, c.Grant, schoolNow); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	g := grant(t, s, d, roster.Grant{Person: nurse, Org: north})
	if err := s.Revoke(t.Context(), other.ID, g.ID, "x", schoolNow); !errors.Is(err, roster.ErrNoGrant) {
		t.Errorf("revoked by another district: %v", err)
	}
	if got := given(s.Grants(t.Context(), other.ID))(t); len(got) != 0 {
		t.Errorf("another district has %+v", got)
	}
	if got := given(s.Entries(t.Context(), other.ID, roster.KindOrg, []uuid.UUID{north}, nil))(t); len(got) != 0 {
		t.Errorf("another district has %+v", got)
	}
	facts := given(s.Facts(t.Context(), other.ID, []uuid.UUID{nurse}, schoolNow))(t)
	if len(facts.Grants) != 0 {
		t.Errorf("another district's facts hold %+v", facts.Grants)
	}
}

func factsHoldTheGrants(t *testing.T, s AccessStore) {
	d := withNurse(t, s, "lincoln")
	north := entry(t, s, d, roster.KindOrg, "north")
	mine := grant(t, s, d, roster.Grant{Person: person(t, s, d.ID, "nurse").ID, Org: north})
	teachers := grant(t, s, d, roster.Grant{Role: roster.TeacherWithoutClasses, RoleOrg: north, Org: north})
	grant(t, s, d, roster.Grant{Person: person(t, s, d.ID, "aide").ID, Org: north})
	grant(t, s, d, roster.Grant{Role: roster.Aide, RoleOrg: north, Org: north})
	ended := grant(t, s, d, roster.Grant{Person: mine.Person, Org: north})
	must(t, s.Revoke(t.Context(), d.ID, ended.ID, "x", schoolNow))
	for who, want := range map[string][]roster.Grant{"nurse": {mine, teachers}, "teal": {teachers}, "kim": nil} {
		facts := given(s.Facts(t.Context(), d.ID, ids(person(t, s, d.ID, who)), schoolNow))(t)
		if !reflect.DeepEqual(facts.Grants, want) {
			t.Errorf("the facts of %s hold %+v, want %+v", who, facts.Grants, want)
		}
	}
}

func entriesAreFound(t *testing.T, s AccessStore) {
	d := newSchool(t, s, "lincoln")
	north, alg := entry(t, s, d, roster.KindOrg, "north"), entry(t, s, d, roster.KindSection, "alg")
	got := given(s.Entries(t.Context(), d.ID, roster.KindOrg, []uuid.UUID{north}, []string{"south", "north", "no such"}))(t)
	want := []roster.Entry{{ID: north, SourcedID: "north", Name: "North High"}, {ID: entry(t, s, d, roster.KindOrg, "south"), SourcedID: "south", Name: "South High"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("found are %+v, want %+v", got, want)
	}
	apply(t, s, d.ID, roster.Changes{PutSections: []roster.SnapshotSection{{SourcedID: "alg", Title: "Algebra 1, A", Period: "3", Gone: true}}})
	got = given(s.Entries(t.Context(), d.ID, roster.KindSection, []uuid.UUID{alg}, nil))(t)
	if want := []roster.Entry{{ID: alg, SourcedID: "alg", Name: "Algebra 1, A · 3", Gone: true}}; !reflect.DeepEqual(got, want) {
		t.Errorf("a class that is gone: %+v, want %+v", got, want)
	}
	if _, err := s.Entries(t.Context(), d.ID, roster.KindPerson, nil, nil); err == nil {
		t.Error("people are found among them")
	}
}
