package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// signedIn is a district in which Kim has an address, served by two nodes.
type signedIn struct {
	*testing.T
	nodes    [2]*Store
	district uuid.UUID
	kim      uuid.UUID
}

func newSignedIn(t *testing.T) *signedIn {
	url := postgrestest.New(t)
	s := &signedIn{T: t, nodes: [2]*Store{openURL(t, url), openURL(t, url)}, district: uuid.Must(uuid.NewV7())}
	s.must(s.nodes[0].CreateDistrict(t.Context(), roster.District{ID: s.district, Slug: "d", Settings: roster.DefaultSettings()}))
	s.must(s.put(false))
	kim, err := s.nodes[0].PersonBySourcedID(t.Context(), s.district, "kim")
	s.must(err)
	s.kim = kim.ID
	return s
}

func (s *signedIn) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// put has the roster say whether Kim is gone.
func (s *signedIn) put(gone bool) error {
	d, err := s.nodes[0].District(s.Context(), s.district)
	if err != nil {
		return err
	}
	kim := roster.SnapshotPerson{SourcedID: "kim", Given: "Kim", Email: "kim@example.org", Gone: gone}
	_, err = s.nodes[0].Apply(s.Context(), s.district, roster.Changes{Base: d.RosterVersion, PutPeople: []roster.SnapshotPerson{kim}}, time.Now())
	return err
}

func (s *signedIn) session(id string, who uuid.UUID) identity.Session {
	return identity.Session{
		ID: id, District: s.district, Person: who, Address: "kim@example.org", CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour),
	}
}

func TestALinkIsUsedOnceOverSeveralNodes(t *testing.T) {
	s := newSignedIn(t)
	for round := range byte(20) {
		l := identity.Link{Hash: [32]byte{round}, District: s.district, Address: "kim@example.org", ExpiresAt: time.Now().Add(time.Hour)}
		s.must(s.nodes[0].SaveLink(t.Context(), l))
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				errs[i] = s.nodes[i%2].UseLink(t.Context(), l.Hash, s.session(fmt.Sprint(round, " ", i), s.kim), time.Now())
			})
		}
		all.Wait()
		used := 0
		for i, err := range errs {
			switch {
			case err == nil:
				used++
			case !errors.Is(err, identity.ErrNoLink):
				t.Errorf("use %d: %v", i, err)
			}
		}
		if used != 1 {
			t.Errorf("round %d: the link was used %d times", round, used)
		}
	}
}

// While a session is being given, its person is put out by another node. That
// waits, and then ends the session as well.
func TestNobodyWhoIsPutOutMeanwhileKeepsASession(t *testing.T) {
	for says, who := range map[string]func(*signedIn) uuid.UUID{
		"of theirs":          func(s *signedIn) uuid.UUID { return s.kim },
		"still to be chosen": func(*signedIn) uuid.UUID { return uuid.Nil },
	} {
		t.Run(says, func(t *testing.T) {
			s := newSignedIn(t)
			session := s.session("late", who(s))
			out := make(chan error, 1)
			err := s.nodes[1].write(t.Context(), func(ctx context.Context, tx pgx.Tx) error {
				if err := mayHaveSession(ctx, tx, session); err != nil {
					return err
				}
				go func() { out <- s.put(true) }()
				s.waitsForALock()
				return insertSession(ctx, tx, session)
			})
			s.must(err)
			s.must(<-out)
			var kept int
			s.must(s.nodes[0].pool.QueryRow(t.Context(), `SELECT count(*) FROM session`).Scan(&kept))
			if kept != 0 {
				t.Errorf("%d sessions outlived the import", kept)
			}
		})
	}
}

// waitsForALock returns once somebody waits for another's lock.
func (s *signedIn) waitsForALock() {
	s.Helper()
	for {
		var waits bool
		s.must(s.nodes[1].pool.QueryRow(s.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits))
		if waits {
			return
		}
	}
}

// An import, sign-ins with an address that three share, and their signing out
// lock the same people: each in the same order, so that none is given up.
func TestSignInsAndImportsDoNotDeadlock(t *testing.T) {
	s := newSignedIn(t)
	var people []roster.SnapshotPerson
	for _, name := range []string{"ana", "marco", "kim"} {
		people = append(people, roster.SnapshotPerson{SourcedID: name, Given: name, Email: "kim@example.org"})
	}
	_, err := s.nodes[0].Apply(t.Context(), s.district, roster.Changes{Base: 1, PutPeople: people}, time.Now())
	s.must(err)
	before := strings.Count(postgrestest.Shared(t).Log(t), "deadlock detected")
	var all sync.WaitGroup
	run := func(do func(n int) error) {
		all.Go(func() {
			for n := range 30 {
				if err := do(n); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for worker := range 3 {
		run(func(n int) error {
			return s.nodes[n%2].SaveSession(t.Context(), s.session(fmt.Sprint(worker, " ", n), uuid.Nil))
		})
	}
	for _, p := range people {
		who, err := s.nodes[0].PersonBySourcedID(t.Context(), s.district, p.SourcedID)
		s.must(err)
		run(func(n int) error { return s.nodes[n%2].EndSessions(t.Context(), s.district, who.ID) })
	}
	run(func(n int) error {
		slices.Reverse(people)
		people[0].Given += "x"
		_, err := s.nodes[n%2].Apply(t.Context(), s.district, roster.Changes{Base: int64(n) + 2, PutPeople: people}, time.Now())
		return err
	})
	all.Wait()
	if after := strings.Count(postgrestest.Shared(t).Log(t), "deadlock detected"); after != before {
		t.Errorf("%d deadlocks", after-before)
	}
}
