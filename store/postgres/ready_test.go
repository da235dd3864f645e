package postgres

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// occupied is a store all of whose connections are in use.
func occupied(t *testing.T, url string) *Store {
	t.Helper()
	s := openURL(t, url)
	for _, pool := range []*pgxpool.Pool{s.pool, s.calls} {
		for range pool.Config().MaxConns {
			conn, err := pool.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(conn.Release)
		}
	}
	return s
}

func TestANodeWhoseConnectionsAreAllInUseIsReady(t *testing.T) {
	s := occupied(t, postgrestest.New(t))
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if err := s.Ready(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestANodeHoldsTheConnectionsThatItSays(t *testing.T) {
	d := postgrestest.Open(t)
	s := occupied(t, d.URL)
	if err := errors.Join(s.Join(t.Context(), false), s.Ready(t.Context())); err != nil {
		t.Fatal(err)
	}
	conn, err := s.checking.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	var held int
	const ours = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'homeline'`
	if err := conn.QueryRow(t.Context(), ours).Scan(&held); err != nil || held != defaultMaxConns+Beside {
		t.Errorf("%d connections are open, of %d and %d: %v", held, defaultMaxConns, Beside, err)
	}
}

func TestANodeIsReadyAgainWhenItsServerIs(t *testing.T) {
	server := postgrestest.Start(t, postgrestest.Options{})
	s := openURL(t, server.Database(t).URL)
	server.Stop(t)
	if err := s.Ready(t.Context()); err == nil {
		t.Error("ready without a server")
	}
	server.Restart(t)
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("once it is back: %v", err)
	}
}

func TestReadinessWaitsForNoConnectionThatSwallows(t *testing.T) {
	p, url := through(t, postgrestest.New(t))
	s := openURL(t, url)
	p.cutOnce("pg_is_in_recovery", neverToAnswer)
	if err := s.Ready(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while nothing is answered: %v", err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("over the next connection: %v", err)
	}
	p.cutOnce("pg_is_in_recovery", neverToAnswer)
	impatient, stop := context.WithTimeout(t.Context(), time.Nanosecond)
	defer stop()
	if err := s.Ready(impatient); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("for who does not wait: %v", err)
	}
}
