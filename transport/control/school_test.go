package control_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/schooltest"
)

// crowd is more people than fit into one piece.
const crowd = 2300

// both runs a test on the school itself and on the same through a socket: they
// must not differ.
func both(t *testing.T, crowd int, test func(t *testing.T, inside *schooltest.School, s control.School)) {
	t.Run("directly", func(t *testing.T) {
		inside := schooltest.Open(t, crowd)
		test(t, inside, local(inside))
	})
	t.Run("through the socket", func(t *testing.T) {
		inside := schooltest.Open(t, crowd)
		test(t, inside, dial(t, serve(t, local(inside))))
	})
}

func local(s *schooltest.School) control.School {
	return control.Local{Hub: s.Hub, Store: s.Store, Service: s.Identity}
}

// serve answers at a socket until the test ends.
func serve(t *testing.T, s control.School) (path string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "homeline") // the test's own would be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	path = filepath.Join(folder, "control.sock")
	l, err := control.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- control.Serve(ctx, l, s) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	return path
}

func dial(t *testing.T, path string) *control.Client {
	t.Helper()
	c, err := control.Dial(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func lincoln(s *schooltest.School) uuid.UUID { return s.Actor(schooltest.Ana).District }

func TestTheWholeRosterComesThrough(t *testing.T) {
	both(t, crowd, func(t *testing.T, inside *schooltest.School, s control.School) {
		want, err := inside.Store.State(t.Context(), lincoln(inside))
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.State(t.Context(), lincoln(inside))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d people of %d came, version %d of %d", len(got.People), len(want.People), got.Version, want.Version)
		}
	})
}

func TestDistrictsAreCreatedChangedAndListed(t *testing.T) {
	both(t, 0, func(t *testing.T, _ *schooltest.School, s control.School) {
		d := roster.District{ID: uuid.New(), Slug: "adams", Name: "Adams", Settings: roster.DefaultSettings()}
		if err := s.CreateDistrict(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		d.Enabled, d.Name, d.Settings.StudentsFrom = true, "Adams County", "07"
		if err := s.SaveDistrict(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		all, err := s.Districts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range all {
			if got.ID == d.ID && got.Enabled && got.Name == d.Name && got.Settings == d.Settings {
				return
			}
		}
		t.Errorf("listed are %+v", all)
	})
}

func TestErrorsThatACommandActsOnAreTheSame(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		d := lincoln(inside)
		again := roster.District{ID: uuid.New(), Slug: "lincoln", Name: "x", Settings: roster.DefaultSettings()}
		_, nobody := s.PersonBySourcedID(t.Context(), d, "nobody")
		_, nowhere := s.State(t.Context(), uuid.New())
		_, reset := s.ResetAddress(t.Context(), d, inside.ID(schooltest.Leo))
		_, stale := s.ApplyRoster(t.Context(), d, roster.Changes{Base: -1, PutPeople: []roster.SnapshotPerson{{SourcedID: "x"}}})
		for what, c := range map[string]struct{ got, want error }{
			"a slug that is taken":   {s.CreateDistrict(t.Context(), again), roster.ErrSlugTaken},
			"nobody of that id":      {nobody, roster.ErrNoPerson},
			"no such district":       {nowhere, roster.ErrNoDistrict},
			"a roster that moved on": {stale, roster.ErrStale},
			"no such bar":            {s.Unbar(t.Context(), d, inside.ID(schooltest.Rosa), inside.ID(schooltest.Leo)), roster.ErrNoBar},
			"no chosen address":      {reset, hub.ErrNotFound},
			"not their address":      {s.ConfirmHolder(t.Context(), d, "rosa@example.org", inside.ID(schooltest.Leo)), roster.ErrNoPerson},
		} {
			if !errors.Is(c.got, c.want) {
				t.Errorf("%s: %v", what, c.got)
			}
		}
	})
}

func TestARefusalNamesItsField(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		_, err := s.Bar(t.Context(), lincoln(inside), roster.Bar{Guardian: inside.ID(schooltest.Rosa), Student: inside.ID(schooltest.Leo)})
		var refused *hub.Error
		if !errors.As(err, &refused) || refused.Field != "reason" {
			t.Errorf("a bar without a reason: %v", err)
		}
	})
}

func TestTheFactsOfPeopleAreTheSame(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		d, people, now := lincoln(inside), []uuid.UUID{inside.ID(schooltest.Rosa), inside.ID(schooltest.Leo)}, time.Now()
		got, err := s.Facts(t.Context(), d, people, now)
		if err != nil {
			t.Fatal(err)
		}
		want, err := inside.Store.Facts(t.Context(), d, people, now)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v (%v)", got, want, err)
		}
	})
}

func TestABarIsKeptListedAndTakenAway(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		d, rosa, leo := lincoln(inside), inside.ID(schooltest.Rosa), inside.ID(schooltest.Leo)
		want := roster.Bar{Guardian: rosa, Student: leo, Since: roster.NewDate(2026, 10, 1), Reason: "court order"}
		if _, err := s.Bar(t.Context(), d, want); err != nil {
			t.Fatal(err)
		}
		bars, err := s.Bars(t.Context(), d)
		if err != nil || len(bars) != 1 || bars[0] != want {
			t.Fatalf("kept are %+v, %v", bars, err)
		}
		if err := s.Unbar(t.Context(), d, rosa, leo); err != nil {
			t.Fatal(err)
		}
		if bars, err := s.Bars(t.Context(), d); err != nil || len(bars) != 0 {
			t.Errorf("afterwards %+v, %v", bars, err)
		}
	})
}

func TestAnIssuedTokenSignsIn(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		token, issued, err := s.Issue(t.Context(), lincoln(inside), inside.ID(schooltest.Ana), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		session, err := inside.Identity.Authenticate(t.Context(), token)
		if err != nil || session.Person != inside.ID(schooltest.Ana) || !session.ExpiresAt.Equal(issued.ExpiresAt) {
			t.Errorf("it is %+v, %v", session, err)
		}
	})
}

func TestAChosenAddressIsTakenBack(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		d, rosa := lincoln(inside), inside.ID(schooltest.Rosa)
		if err := inside.Store.ChooseAddress(t.Context(), d, rosa, "thief@example.net", time.Now()); err != nil {
			t.Fatal(err)
		}
		was, err := s.ResetAddress(t.Context(), d, rosa)
		if err != nil || was != "thief@example.net" {
			t.Errorf("it was %q, %v", was, err)
		}
		if chosen, err := inside.Store.ChosenAddress(t.Context(), d, rosa); err != nil || chosen != "" {
			t.Errorf("chosen is %q, %v", chosen, err)
		}
	})
}

func TestASharedAddressIsConfirmed(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		if err := s.ConfirmHolder(t.Context(), lincoln(inside), "rosa@example.org", inside.ID(schooltest.Rosa)); err != nil {
			t.Fatal(err)
		}
		holders, err := inside.Store.HoldersIn(t.Context(), lincoln(inside), "rosa@example.org")
		want := identity.Holder{District: lincoln(inside), Person: inside.ID(schooltest.Rosa), Guardian: true, Confirmed: true}
		if err != nil || len(holders) != 1 || holders[0] != want {
			t.Errorf("its holders are %+v, %v", holders, err)
		}
	})
}
