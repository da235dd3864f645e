package control_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/schooltest"
)

// delivered is the roster as it is kept, delivered whole, for a test to change.
func delivered(t *testing.T, inside *schooltest.School) roster.Snapshot {
	t.Helper()
	state, err := inside.Store.State(t.Context(), lincoln(inside))
	if err != nil {
		t.Fatal(err)
	}
	s := state.Snapshot
	s.Whole = roster.Whole{roster.KindPerson: true, roster.KindRole: true, roster.KindEnrolment: true, roster.KindGuardianship: true}
	return s
}

func importInto(inside *schooltest.School, s control.School, snapshot roster.Snapshot) control.Import {
	d := roster.District{ID: lincoln(inside), Slug: "lincoln", Settings: roster.DefaultSettings()}
	return control.Import{School: s, District: d, Snapshot: snapshot, Today: d.Today(time.Now())}
}

// without leaves people out of a delivery.
func without(s roster.Snapshot, leave func(n int, p roster.SnapshotPerson) bool) roster.Snapshot {
	kept := s.People[:0:0]
	for n, p := range s.People {
		if !leave(n, p) {
			kept = append(kept, p)
		}
	}
	s.People = kept
	return s
}

func TestAnImportMakesTheRosterWhatItSaysOnce(t *testing.T) {
	both(t, 30, func(t *testing.T, inside *schooltest.School, s control.School) {
		snapshot := delivered(t, inside)
		for range crowd {
			snapshot.People = append(snapshot.People, roster.SnapshotPerson{SourcedID: "new-" + uuid.NewString(), Given: "New"})
		}
		wanted := importInto(inside, s, snapshot)
		done, err := wanted.Run(t.Context())
		if err != nil || done.Changes.Summary.New[roster.KindPerson] != crowd {
			t.Fatalf("the first: %+v, %v", done.Changes.Summary, err)
		}
		before, err := s.State(t.Context(), wanted.District.ID)
		if err != nil {
			t.Fatal(err)
		}
		done, err = wanted.Run(t.Context())
		if err != nil || done.Changes.Summary.New[roster.KindPerson]+done.Changes.Summary.Changed[roster.KindPerson] != 0 {
			t.Errorf("the second: %+v, %v", done.Changes.Summary, err)
		}
		if after, err := s.State(t.Context(), wanted.District.ID); err != nil || after.Version != before.Version {
			t.Errorf("the second moved the version from %d to %d, %v", before.Version, after.Version, err)
		}
	})
}

func TestWhoIsGoneIsOutAtOnce(t *testing.T) {
	both(t, 30, func(t *testing.T, inside *schooltest.School, s control.School) {
		token := inside.Token(t, schooltest.Rosa)
		snapshot := without(delivered(t, inside), func(_ int, p roster.SnapshotPerson) bool { return p.SourcedID == schooltest.Rosa })
		done, err := importInto(inside, s, snapshot).Run(t.Context())
		if err != nil || len(done.Effects.Out) != 1 || done.Effects.Out[0] != inside.ID(schooltest.Rosa) {
			t.Fatalf("out are %v, %v", done.Effects.Out, err)
		}
		if _, err := inside.Identity.Authenticate(t.Context(), token); err == nil {
			t.Error("the token still signs in")
		}
	})
}

func TestAFileCutShortChangesNothingUnlessOneSaysSo(t *testing.T) {
	both(t, 30, func(t *testing.T, inside *schooltest.School, s control.School) {
		snapshot := without(delivered(t, inside), func(n int, _ roster.SnapshotPerson) bool { return n%2 == 0 })
		wanted := importInto(inside, s, snapshot)
		before, err := s.State(t.Context(), wanted.District.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = wanted.Run(t.Context())
		var excess *control.ExcessError
		if !errors.As(err, &excess) || excess.Excess[0].What != "people" {
			t.Fatalf("answered %v", err)
		}
		if after, err := s.State(t.Context(), wanted.District.ID); err != nil || after.Version != before.Version {
			t.Errorf("the version moved from %d to %d, %v", before.Version, after.Version, err)
		}
		wanted.Large = true
		if _, err := wanted.Run(t.Context()); err != nil {
			t.Errorf("told to: %v", err)
		}
	})
}

func TestAPlanChangesNothing(t *testing.T) {
	both(t, 30, func(t *testing.T, inside *schooltest.School, s control.School) {
		snapshot := without(delivered(t, inside), func(_ int, p roster.SnapshotPerson) bool { return p.SourcedID == schooltest.Leo })
		wanted := importInto(inside, s, snapshot)
		before, err := s.State(t.Context(), wanted.District.ID)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := wanted.Plan(t.Context())
		if err != nil || plan.Changes.Summary.Gone[roster.KindPerson] != 1 {
			t.Fatalf("the plan: %+v, %v", plan.Changes.Summary, err)
		}
		if len(plan.Reach.BySection) != 1 || plan.Reach.BySection[0].Loses != 1 {
			t.Errorf("it says of reach: %+v", plan.Reach.BySection)
		}
		if after, err := s.State(t.Context(), wanted.District.ID); err != nil || after.Version != before.Version {
			t.Errorf("the version moved from %d to %d, %v", before.Version, after.Version, err)
		}
	})
}

// meddled is a school in which somebody changes the roster each time that an
// import has read it, for so many times.
type meddled struct {
	control.School
	times int
}

func (m *meddled) State(ctx context.Context, district uuid.UUID) (roster.State, error) {
	state, err := m.School.State(ctx, district)
	if err != nil || m.times == 0 {
		return state, err
	}
	m.times--
	change := roster.Changes{Base: state.Version, PutPeople: []roster.SnapshotPerson{{SourcedID: uuid.NewString(), Given: "Late"}}}
	_, err = m.School.ApplyRoster(ctx, district, change)
	return state, err
}

func TestAnImportComparesAnewWhereTheRosterMovedUnderIt(t *testing.T) {
	inside := schooltest.Open(t, 0)
	snapshot := delivered(t, inside)
	snapshot.Whole = nil // a delta, that takes nobody away
	snapshot.People = append(snapshot.People, roster.SnapshotPerson{SourcedID: "nia", Given: "Nia"})
	if _, err := importInto(inside, &meddled{School: local(inside), times: 2}, snapshot).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := inside.Store.PersonBySourcedID(t.Context(), lincoln(inside), "nia"); err != nil {
		t.Errorf("nia: %v", err)
	}
}

func TestAnImportGivesUpWhereTheRosterNeverStandsStill(t *testing.T) {
	inside := schooltest.Open(t, 0)
	snapshot := delivered(t, inside)
	snapshot.Whole = nil
	snapshot.People = append(snapshot.People, roster.SnapshotPerson{SourcedID: "nia", Given: "Nia"})
	_, err := importInto(inside, &meddled{School: local(inside), times: 1000}, snapshot).Run(t.Context())
	if !errors.Is(err, roster.ErrStale) {
		t.Errorf("answered %v", err)
	}
}
