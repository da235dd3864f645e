package postgres

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// patience bounds what must happen; nothing is expected to take that long.
const patience = 90 * time.Second

// installed is a primary, its standby, and a database that is reached by one
// address, which leads to the primary.
func installed(t *testing.T) (primary, standby *postgrestest.Server, d postgrestest.Database, at *postgrestest.Address) {
	t.Helper()
	primary = postgrestest.Start(t, postgrestest.Options{})
	d = primary.Database(t)
	standby = primary.Standby(t)
	at = postgrestest.NewAddress(t, primary)
	return primary, standby, d.By(at.String()), at
}

// becomesReady waits until the store is ready.
func becomesReady(t *testing.T, s *Store) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	for {
		err := s.Ready(ctx)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("it does not become ready: %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// letterWriters send until they are stopped, each a letter again until it is stored,
// and count what was acknowledged.
type letterWriters struct {
	stop  context.CancelFunc
	group sync.WaitGroup

	mu    sync.Mutex
	acked map[uuid.UUID]hub.Receipt
	more  chan struct{} // told of each
}

func (v *village) sending(c uuid.UUID) *letterWriters {
	ctx, stop := context.WithCancel(context.Background())
	s := &letterWriters{stop: stop, acked: map[uuid.UUID]hub.Receipt{}, more: make(chan struct{}, 1)}
	for _, sender := range v.People {
		s.group.Go(func() {
			for letter := v.Letter(c, sender); ctx.Err() == nil; {
				r, err := v.Post(ctx, letter)
				if err != nil {
					continue
				}
				s.mu.Lock()
				s.acked[letter.Key] = r
				s.mu.Unlock()
				select {
				case s.more <- struct{}{}:
				default:
				}
				letter = v.Letter(c, sender)
			}
		})
	}
	v.T.Cleanup(func() { s.stop(); s.group.Wait() })
	return s
}

// next waits until some more were acknowledged.
func (s *letterWriters) next(t *testing.T) {
	t.Helper()
	const some = 20
	s.mu.Lock()
	want := len(s.acked) + some
	s.mu.Unlock()
	for deadline := time.After(patience); ; {
		s.mu.Lock()
		have := len(s.acked)
		s.mu.Unlock()
		if have >= want {
			return
		}
		select {
		case <-s.more:
		case <-deadline:
			t.Fatal("nothing more is acknowledged")
		}
	}
}

// areStored holds if all that was acknowledged is there as it was.
func (s *letterWriters) areStored(v *village, c uuid.UUID) {
	v.T.Helper()
	s.stop()
	s.group.Wait()
	kept := map[uuid.UUID][32]byte{}
	rows, err := v.as(v.Owner).Query(v.T.Context(), `SELECT key, hash FROM message WHERE conversation = $1`, c)
	v.Must(err)
	var key uuid.UUID
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&key, &hash}, func() error {
		kept[key] = [32]byte(hash)
		return nil
	})
	v.Must(err)
	lost := 0
	for key, r := range s.acked {
		if kept[key] != r.Hash {
			lost++
		}
	}
	if lost > 0 || len(s.acked) == 0 {
		v.T.Errorf("%d of %d acknowledged letters are lost", lost, len(s.acked))
	}
	v.T.Logf("%d letters acknowledged, %d lost", len(s.acked), lost)
	v.s = openURL(v.T, v.URL) // a look through all of it is not begun anew if a connection ends
	v.unharmed()
}

func TestANodeFollowsItsAddressToTheServerThatWasPromoted(t *testing.T) {
	primary, standby, d, at := installed(t)
	v := settleIn(t, d, 3)
	v.Must(v.s.Join(t.Context(), false))
	c := v.Talk(v.People...)
	load := v.sending(c)
	load.next(t)

	primary.Stop(t)
	standby.Promote(t)
	primary.Follow(t, standby)
	// The address leads to the old primary still, which is a standby now.
	var readOnly *ReadOnlyError
	if err := v.s.Ready(t.Context()); !errors.As(err, &readOnly) || !readOnly.Standby {
		t.Errorf("at the old primary: %v", err)
	}
	at.Point(standby)
	if err := v.s.Ready(t.Context()); err != nil {
		t.Errorf("asked once the address had moved: %v", err)
	}
	load.next(t)
	load.areStored(v, c)
	held(t, v, 1)
}

// held waits until so many nodes hold the lock.
func held(t *testing.T, v *village, want int) {
	t.Helper()
	conn := v.as(v.Owner)
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		var have int
		const locks = `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
		v.Must(conn.QueryRow(t.Context(), locks).Scan(&have))
		if have == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d nodes hold the lock, not %d", have, want)
		}
	}
}

func TestANodeLeavesAServerThatTakesNoWritesAnyMoreThoughItsConnectionsStand(t *testing.T) {
	primary, standby, d, at := installed(t)
	v := settleIn(t, d, 3)
	c := v.Talk(v.People...)
	load := v.sending(c)
	load.next(t)
	becomesReady(t, v.s)
	load.stop()
	load.group.Wait()

	standby.Applied(t, primary)
	d.On(primary).Exec(t, `ALTER SYSTEM SET default_transaction_read_only = on`, `SELECT pg_reload_conf()`)
	standby.Promote(t)
	at.Point(standby)
	// Nobody has closed a connection to the old one.
	if r, err := v.Post(t.Context(), v.Letter(c, v.People[0])); err != nil {
		t.Errorf("a send over an old connection: %+v, %v", r, err)
	}
	becomesReady(t, v.s)
	load.areStored(v, c)
}

func TestReadinessAloneLeavesAServerThatWasDemoted(t *testing.T) {
	primary, standby, d, at := installed(t)
	s := openURL(t, d.URL)
	becomesReady(t, s)
	d.On(primary).Exec(t, `ALTER SYSTEM SET default_transaction_read_only = on`, `SELECT pg_reload_conf()`)
	var readOnly *ReadOnlyError
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	for err := error(nil); !errors.As(err, &readOnly); err = s.Ready(ctx) {
		if ctx.Err() != nil {
			t.Fatalf("it stays ready: %v", err)
		}
	}
	if readOnly.Standby {
		t.Errorf("a server that only takes no writes is called a standby: %v", readOnly)
	}
	standby.Promote(t)
	at.Point(standby)
	becomesReady(t, s)
	if n := s.pool.Stat().TotalConns(); n > 1 {
		t.Errorf("%d connections are left to the old server", n)
	}
}

func TestOfSeveralHostsTheOneThatTakesWritesIsTaken(t *testing.T) {
	primary, standby, d, _ := installed(t)
	both := "postgres://" + postgrestest.AppRole + "@" + standby.Addr() + "," + primary.Addr() + "/" + d.Name + "?sslmode=disable"
	v := &village{Village: settleIn(t, d.On(primary), 2).Village, Database: d}
	v.s = openURL(t, both)
	v.Store = v.s
	c := v.Talk(v.People...)
	v.Send(c, v.People[0])
	standby.Applied(t, primary)
	primary.Stop(t)
	standby.Promote(t)
	becomesReady(t, v.s)
	if r := v.Send(c, v.People[0]); r.Seq != 3 {
		t.Errorf("a send after the failover: %+v", r)
	}
}

func TestAStandbyIsRefusedInOneLine(t *testing.T) {
	_, standby, d, _ := installed(t)
	_, err := Open(t.Context(), Options{URL: d.On(standby).URL})
	if want := "DATABASE_URL: the server is a standby that takes no writes: connect to the primary"; err == nil || err.Error() != want {
		t.Errorf("it is opened with %v, not %s", err, want)
	}
}

func TestTheDoctorSeesThatAnAddressLeadsToAStandbyNowAndThen(t *testing.T) {
	primary, standby, d, at := installed(t)
	s := openURL(t, d.URL)
	seen, err := s.Examine(t.Context())
	if err != nil || seen.Tried == 0 || seen.ReadOnly != nil {
		t.Errorf("at the primary: %+v, %v", seen, err)
	}
	at.Point(primary, standby)
	if seen, err = s.Examine(t.Context()); err != nil || seen.ReadOnly == nil || !seen.ReadOnly.Standby || 2*seen.Refused != seen.Tried {
		t.Errorf("at both in turn: %+v, %v", seen, err)
	}
}
