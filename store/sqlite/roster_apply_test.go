package sqlite

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// family is a district in which Ana and Marco are parents of Leo and Eva, and
// Tom may write to all of them.
func family(t *testing.T) (s *Store, district uuid.UUID, who func(string) uuid.UUID) {
	s, district = openTemp(t), uuid.Must(uuid.NewV7())
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(s.CreateDistrict(t.Context(), roster.District{ID: district, Slug: "d", Enabled: true, Settings: roster.DefaultSettings()}))
	var c roster.Changes
	for _, name := range []string{"ana", "marco", "leo", "eva", "tom"} {
		c.PutPeople = append(c.PutPeople, roster.SnapshotPerson{SourcedID: name, Given: name})
	}
	for _, guardian := range []string{"ana", "marco"} {
		for _, student := range []string{"leo", "eva"} {
			c.PutGuardianships = append(c.PutGuardianships, roster.SnapshotGuardianship{Guardian: guardian, Student: student, Relation: roster.Parent})
		}
	}
	_, err := s.Apply(t.Context(), district, c, time.Now())
	check(err)
	return s, district, func(name string) uuid.UUID {
		p, err := s.PersonBySourcedID(t.Context(), district, name)
		check(err)
		return p.ID
	}
}

func TestADryRunCountsWhatAnImportSeals(t *testing.T) {
	s, district, who := family(t)
	start := func(guardian string, students ...string) {
		ties := make([]roster.Tie, len(students))
		for i, student := range students {
			ties[i] = roster.Tie{Person: who(guardian), Part: roster.AsGuardian, Student: who(student)}
		}
		c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Subject: "Trip", Body: "Hello.", Key: uuid.New(), Participants: []hub.NewParticipant{
			{Person: who("tom"), Ties: []roster.Tie{{Person: who("tom"), Part: roster.AsStaff}}}, {Person: who(guardian), Ties: ties},
		}}
		_, err := s.Start(t.Context(), hub.Start{District: district, Sender: who("tom"), Key: uuid.New(), About: []uuid.UUID{who("tom")}, Now: time.Now()},
			func(roster.Facts) ([]hub.NewConversation, error) { return []hub.NewConversation{c}, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	start("ana", "leo")
	start("ana", "leo", "eva") // through both: sealed once
	start("ana", "eva")
	start("marco", "leo") // whose tie stays
	ended := []roster.SnapshotGuardianship{{Guardian: "ana", Student: "leo"}, {Guardian: "ana", Student: "eva"}, {Guardian: "ana", Student: "nobody"}}
	for says, want := range map[string]struct {
		ended []roster.SnapshotGuardianship
		count int
	}{"none": {nil, 0}, "one tie": {ended[:1], 2}, "both ties": {ended, 3}} {
		if got, err := s.WouldSeal(t.Context(), district, want.ended); err != nil || got != want.count {
			t.Errorf("%s: %d would be sealed (%v), want %d", says, got, err, want.count)
		}
	}
	effects, err := s.Apply(t.Context(), district, roster.Changes{Base: 1, RemoveGuardianships: ended}, time.Now())
	if err != nil || len(effects.Sealed) != 3 {
		t.Errorf("%d were sealed (%v)", len(effects.Sealed), err)
	}
	if got, err := s.WouldSeal(t.Context(), district, ended); err != nil || got != 0 {
		t.Errorf("%d would be sealed again (%v)", got, err)
	}
}

// A tie that comes again in another relation, in the import that ends it, seals
// nothing.
func TestATieThatOnlyChangesItsRelationSealsNothing(t *testing.T) {
	s, district, _ := family(t)
	effects, err := s.Apply(t.Context(), district, roster.Changes{
		Base:                1,
		RemoveGuardianships: []roster.SnapshotGuardianship{{Guardian: "ana", Student: "leo", Relation: roster.Parent}},
		PutGuardianships:    []roster.SnapshotGuardianship{{Guardian: "ana", Student: "leo", Relation: roster.Relative}},
	}, time.Now())
	if err != nil || len(effects.Sealed) != 0 {
		t.Errorf("sealed %d (%v)", len(effects.Sealed), err)
	}
}

// An import that fails at its last step has stored nothing: not its first ones,
// not the version, and nobody was signed out.
func TestAnImportThatFailsStoresNothing(t *testing.T) {
	s, district, who := family(t)
	twice := roster.SnapshotEnrolment{SourcedID: "e", Person: "leo", Section: "alg", Role: roster.Student}
	again := twice
	again.Person = "eva"
	_, err := s.Apply(t.Context(), district, roster.Changes{
		Base:          1,
		PutSections:   []roster.SnapshotSection{{SourcedID: "alg"}},
		PutPeople:     []roster.SnapshotPerson{{SourcedID: "ana", Given: "Ana", Gone: true}},
		PutEnrolments: []roster.SnapshotEnrolment{twice, again},
	}, time.Now())
	if err == nil {
		t.Fatal("two enrolments of the same sourcedId were taken")
	}
	state, err := s.State(t.Context(), district)
	if err != nil || state.Version != 1 || len(state.Sections)+len(state.Enrolments) != 0 {
		t.Errorf("after a failed import: %+v (%v)", state, err)
	}
	if ana, err := s.Person(t.Context(), district, who("ana")); err != nil || ana.Gone {
		t.Errorf("Ana is %+v (%v)", ana, err)
	}
}

// The three tables of enrolments say the same.
func TestEnrolmentsStandTheSameInTheirThreeTables(t *testing.T) {
	s, district, _ := family(t)
	seat := func(id, person, section string) roster.SnapshotEnrolment {
		return roster.SnapshotEnrolment{SourcedID: id, Person: person, Section: section, Role: roster.Student, End: 9}
	}
	for base, c := range []roster.Changes{
		{PutSections: []roster.SnapshotSection{{SourcedID: "alg"}, {SourcedID: "bio"}},
			PutEnrolments: []roster.SnapshotEnrolment{seat("1", "leo", "alg"), seat("2", "eva", "bio"), seat("3", "leo", "bio")}},
		{PutEnrolments: []roster.SnapshotEnrolment{seat("1", "eva", "bio"), seat("4", "tom", "alg")}, RemoveEnrolments: []string{"2"}},
	} {
		c.Base = int64(base + 1)
		if _, err := s.Apply(t.Context(), district, c, time.Now()); err != nil {
			t.Fatal(err)
		}
		const columns = `district, person, section, sourced_id, role, begin, end`
		const keyColumns = `district, person, section, sourced_id, role`
		for _, pair := range [][2]string{
			{`SELECT ` + columns + ` FROM enrolment`, `SELECT ` + columns + ` FROM section_roll`},
			{`SELECT ` + keyColumns + ` FROM enrolment`, `SELECT ` + keyColumns + ` FROM enrolment_key`},
		} {
			var rows, apart int
			err := s.reader.QueryRow(`SELECT (SELECT count(*) FROM (`+pair[0]+`)), (SELECT count(*) FROM (`+pair[0]+` EXCEPT `+pair[1]+`)) + (SELECT count(*) FROM (`+pair[1]+` EXCEPT `+pair[0]+`))`).Scan(&rows, &apart)
			if err != nil || rows != 3 || apart != 0 {
				t.Errorf("import %d: %d enrolments, %d apart (%v)", base, rows, apart, err)
			}
		}
	}
}
