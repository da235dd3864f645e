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
	return control.Local{Hub: s.Hub, Store: s.Store, Service: s.Identity, Now: time.Now}
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
			"no such bar":            {s.Unbar(t.Context(), d, inside.ID(schooltest.Rosa), inside.ID(schooltest.Leo), "Dana"), roster.ErrNoBar},
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
		want := roster.Bar{
			Guardian: rosa, Student: leo, Since: roster.NewDate(2026, 10, 1), Until: roster.NewDate(2099, 1, 1),
			Reason: "court order", Order: "17/26", By: "Dana Ortiz",
		}
		if _, err := s.Bar(t.Context(), d, want); err != nil {
			t.Fatal(err)
		}
		kept := func() (b roster.Bar) {
			bars, err := s.Bars(t.Context(), d)
			if err != nil || len(bars) != 1 {
				t.Fatalf("kept are %+v, %v", bars, err)
			}
			b = bars[0]
			want.ID, want.MadeAt = b.ID, b.MadeAt
			return b
		}
		if b := kept(); b != want {
			t.Errorf("kept is %+v, want %+v", b, want)
		}
		if err := s.Unbar(t.Context(), d, rosa, leo, "Judge Hall"); err != nil {
			t.Fatal(err)
		}
		if b := kept(); b.EndedAt.IsZero() || b.EndedBy != "Judge Hall" || b.Reason != want.Reason {
			t.Errorf("afterwards %+v", b)
		}
	})
}

func TestAGrantIsKeptListedAndRevoked(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		d, ben := lincoln(inside), inside.ID(schooltest.Ben)
		schools, err := s.Entries(t.Context(), d, roster.KindOrg, nil, []string{"school"})
		if err != nil || len(schools) != 1 || schools[0].Name != "High School" {
			t.Fatalf("found are %+v, %v", schools, err)
		}
		g, err := s.Grant(t.Context(), d, roster.Grant{Person: ben, Org: schools[0].ID, Reason: "Nurse", By: "Dana Ortiz"})
		if err != nil {
			t.Fatal(err)
		}
		kept := func() roster.Grant {
			grants, err := s.Grants(t.Context(), d)
			if err != nil || len(grants) != 1 || grants[0].ID != g.ID || grants[0].Org != schools[0].ID {
				t.Fatalf("kept are %+v, %v", grants, err)
			}
			return grants[0]
		}
		if got := kept(); got.Person != ben || got.Reason != "Nurse" || got.By != "Dana Ortiz" || !got.EndedAt.IsZero() {
			t.Errorf("kept is %+v", got)
		}
		if err := s.Revoke(t.Context(), d, g.ID, "Dana Ortiz"); err != nil {
			t.Fatal(err)
		}
		if got := kept(); got.EndedAt.IsZero() || got.EndedBy != "Dana Ortiz" {
			t.Errorf("afterwards %+v", got)
		}
		if err := s.Revoke(t.Context(), d, g.ID, "Dana Ortiz"); !errors.Is(err, roster.ErrNoGrant) {
			t.Errorf("revoked again: %v", err)
		}
	})
}

func TestAGrantThatSaysNotWhomOrWhatOrWhyIsRefusedByField(t *testing.T) {
	both(t, 0, func(t *testing.T, inside *schooltest.School, s control.School) {
		d, ben, leo := lincoln(inside), inside.ID(schooltest.Ben), []uuid.UUID{inside.ID(schooltest.Leo)}
		school := inside.ID(schooltest.Pia) // any identifier
		for field, g := range map[string]roster.Grant{
			"person":   {Students: leo, Reason: "x", By: "x"},
			"role":     {Role: roster.Student, RoleOrg: school, Students: leo, Reason: "x", By: "x"},
			"role_org": {Role: roster.Aide, Students: leo, Reason: "x", By: "x"},
			"target":   {Person: ben, Students: leo, Org: school, Reason: "x", By: "x"},
			"students": {Person: ben, Students: make([]uuid.UUID, roster.MaxGrantStudents+1), Reason: "x", By: "x"},
			"until":    {Person: ben, Students: leo, Until: roster.NewDate(2020, 1, 1), Reason: "x", By: "x"},
			"reason":   {Person: ben, Students: leo, Reason: " ", By: "x"},
			"by":       {Person: ben, Students: leo, Reason: "x"},
		} {
			var refused *hub.Error
			if _, err := s.Grant(t.Context(), d, g); !errors.As(err, &refused) || refused.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := s.Grant(t.Context(), d, roster.Grant{Person: ben, Org: school, Reason: "x", By: "x"}); !errors.Is(err, roster.ErrNoOrg) {
			t.Errorf("a school that is none: %v", err)
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
