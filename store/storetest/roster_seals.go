package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// RosterSealsStore is what [RosterSeals] needs: a roster, and conversations for
// it to seal.
type RosterSealsStore interface {
	hub.Store
	roster.Store
}

// RosterSeals asks of the stores that open opens, an empty one for each test,
// what an import does beyond the roster, and that it is done whole.
func RosterSeals(t *testing.T, open func(*testing.T) RosterSealsStore) {
	for _, one := range []struct {
		says string
		run  func(*testing.T, RosterSealsStore)
	}{
		{"a dry run counts what an import seals", aDryRunCountsWhatIsSealed},
		{"a tie that only changes its relation seals nothing", anotherRelationSealsNothing},
		{"an import seals nothing before its last message, although clocks differ", anImportSealsAfterTheLastMessage},
		{"an import that fails stores nothing", aFailedImportStoresNothing},
		{"of many imports at once one is taken", oneImportIsTaken},
	} {
		t.Run(one.says, func(t *testing.T) { one.run(t, open(t)) })
	}
}

// Family makes a district in which Ana and Marco are parents of Leo and Eva, and
// Tom may write to all of them.
func Family(t *testing.T, s RosterSealsStore) (district uuid.UUID, who func(string) uuid.UUID) {
	t.Helper()
	district = uuid.Must(uuid.NewV7())
	must(t, s.CreateDistrict(t.Context(), roster.District{ID: district, Slug: "d", Enabled: true, Settings: roster.DefaultSettings()}))
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
	must(t, err)
	return district, func(name string) uuid.UUID {
		p, err := s.PersonBySourcedID(t.Context(), district, name)
		must(t, err)
		return p.ID
	}
}

func aDryRunCountsWhatIsSealed(t *testing.T, s RosterSealsStore) {
	district, who := Family(t, s)
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
		if got, err := s.WouldSeal(t.Context(), district, want.ended); err != nil || len(got) != want.count {
			t.Errorf("%s: %v would be sealed (%v), want %d", says, got, err, want.count)
		}
	}
	effects, err := s.Apply(t.Context(), district, roster.Changes{Base: 1, RemoveGuardianships: ended}, time.Now())
	if err != nil || len(effects.Sealed) != 3 {
		t.Errorf("%d were sealed (%v)", len(effects.Sealed), err)
	}
	if got, err := s.WouldSeal(t.Context(), district, ended); err != nil || len(got) != 0 {
		t.Errorf("%v would be sealed again (%v)", got, err)
	}
}

func anImportSealsAfterTheLastMessage(t *testing.T, s RosterSealsStore) {
	district, who := Family(t, s)
	begun := time.Now().Truncate(time.Microsecond).UTC()
	c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Subject: "Trip", Body: "Hello.", Key: uuid.New(), Participants: []hub.NewParticipant{
		{Person: who("tom"), Ties: []roster.Tie{{Person: who("tom"), Part: roster.AsStaff}}},
		{Person: who("ana"), Ties: []roster.Tie{{Person: who("ana"), Part: roster.AsGuardian, Student: who("leo")}}},
	}}
	_, err := s.Start(t.Context(), hub.Start{District: district, Sender: who("tom"), Key: uuid.New(), About: []uuid.UUID{who("tom")}, Now: begun},
		func(roster.Facts) ([]hub.NewConversation, error) { return []hub.NewConversation{c}, nil })
	must(t, err)
	ended := []roster.SnapshotGuardianship{{Guardian: "ana", Student: "leo", Relation: roster.Parent}}
	effects, err := s.Apply(t.Context(), district, roster.Changes{Base: 1, RemoveGuardianships: ended}, begun.Add(-time.Hour))
	must(t, err)
	view, err := s.Conversation(t.Context(), district, c.ID, who("tom"))
	must(t, err)
	if len(effects.Sealed) != 1 || !effects.Sealed[0].At.Equal(begun) || view.Seal == nil || !view.Seal.At.Equal(begun) {
		t.Errorf("it was sealed with %+v and reads %+v; its last message is of %s", effects.Sealed, view.Seal, begun)
	}
}

// The tie comes again in another relation, in the import that ends it.
func anotherRelationSealsNothing(t *testing.T, s RosterSealsStore) {
	district, _ := Family(t, s)
	effects, err := s.Apply(t.Context(), district, roster.Changes{
		Base:                1,
		RemoveGuardianships: []roster.SnapshotGuardianship{{Guardian: "ana", Student: "leo", Relation: roster.Parent}},
		PutGuardianships:    []roster.SnapshotGuardianship{{Guardian: "ana", Student: "leo", Relation: roster.Relative}},
	}, time.Now())
	if err != nil || len(effects.Sealed) != 0 {
		t.Errorf("sealed %d (%v)", len(effects.Sealed), err)
	}
}

// Nothing: not its first steps, not the version, and nobody was signed out.
func aFailedImportStoresNothing(t *testing.T, s RosterSealsStore) {
	district, who := Family(t, s)
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

// Imports that were compared with the same state do not add up.
func oneImportIsTaken(t *testing.T, s RosterSealsStore) {
	district, _ := Family(t, s)
	errs := make(chan error)
	const many = 6
	for i := range many {
		go func() {
			c := roster.Changes{Base: 1, PutPeople: []roster.SnapshotPerson{{SourcedID: fmt.Sprint("new", i)}}}
			_, err := s.Apply(t.Context(), district, c, time.Now())
			errs <- err
		}()
	}
	taken := 0
	for range many {
		switch err := <-errs; {
		case err == nil:
			taken++
		case !errors.Is(err, roster.ErrStale):
			t.Error(err)
		}
	}
	if state := given(s.State(t.Context(), district))(t); taken != 1 || len(state.People) != 6 || state.Version != 2 {
		t.Errorf("%d were taken, %d people, version %d", taken, len(state.People), state.Version)
	}
}
