package postgres

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

// writers is how many write at once.
const writers = 100

// everybody runs do as many times at once as there are writers. None may fail.
func everybody(t *testing.T, do func(i int) error) {
	t.Helper()
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range writers {
		group.Go(func() {
			<-start
			if err := do(i); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	close(start)
	group.Wait()
}

// numbered holds where a conversation has so many messages, numbered without a
// gap.
func (v *village) numbered(c uuid.UUID, want int64) {
	v.T.Helper()
	var count, first, last int64
	err := v.s.pool.QueryRow(v.T.Context(), `SELECT count(*), min(seq), max(seq) FROM message WHERE district = $1 AND conversation = $2`,
		v.ID, c).Scan(&count, &first, &last)
	if err != nil || count != want || first != 1 || last != want {
		v.T.Errorf("%d messages, from %d to %d, not %d (%v)", count, first, last, want, err)
	}
}

// Locks are taken in one order, so no server ever has to end a deadlock; it
// looks for one after 10 ms.
func TestWhateverACrowdDoesThereIsNoDeadlock(t *testing.T) {
	server := postgrestest.Start(t, postgrestest.Options{Settings: map[string]string{"deadlock_timeout": "10ms"}})
	v := settleIn(t, server.Database(t), 12)
	nodes := []*Store{v.s, openURL(t, v.URL), openURL(t, v.URL)}
	hot := v.Talk(v.People...)
	var many []uuid.UUID
	for i := range 20 { // with the same people, in every order
		people := append([]uuid.UUID{}, v.People[:8]...)
		rand.New(rand.NewPCG(1, uint64(i))).Shuffle(len(people), func(a, b int) { people[a], people[b] = people[b], people[a] })
		many = append(many, v.Talk(people...))
	}
	t.Run("a hundred write to one", func(t *testing.T) {
		everybody(t, func(i int) error {
			letter := v.Letter(hot, v.People[i%12])
			return whileBusy(func() error { _, err := nodes[i%3].Post(t.Context(), letter); return err })
		})
		v.numbered(hot, writers+1)
	})
	t.Run("a hundred write to many, read and start", func(t *testing.T) {
		everybody(t, func(i int) error { return v.busy(nodes[i%3], many, i) })
		for _, c := range many {
			v.numbered(c, 1+2*writers/int64(len(many)))
		}
	})
	t.Run("a hundred write while ties end and conversations are sealed", func(t *testing.T) {
		everybody(t, func(i int) error { return v.torn(nodes[i%3], many, i) })
	})
	v.unharmed()
	log := server.Log(t)
	for _, bad := range []string{"deadlock detected", "could not serialize", "PANIC", "still waiting"} {
		if strings.Contains(log, bad) {
			t.Errorf("the server's log says %q:\n%s", bad, log)
		}
	}
}

// busy sends to two conversations, marks a third and starts a fourth.
func (v *village) busy(s *Store, many []uuid.UUID, i int) error {
	ctx := v.T.Context()
	for n := range 2 {
		letter := v.Letter(many[(i+n*7)%len(many)], v.People[(i/3)%8])
		if err := whileBusy(func() error { _, err := s.Post(ctx, letter); return err }); err != nil {
			return fmt.Errorf("send: %w", err)
		}
	}
	if err := whileBusy(func() error {
		_, err := s.MarkRead(ctx, v.ID, many[(i*3)%len(many)], v.People[i%8], int64(i))
		return err
	}); err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	key := uuid.New()
	return whileBusy(func() error { return v.begin(ctx, s, i, key) })
}

// whileBusy does what a client does: the same again, under the same key, as long
// as it is told to. A machine that does much beside makes a store say so.
func whileBusy(do func() error) error {
	for range 20 {
		if err := do(); hub.CodeOf(err) != hub.CodeBusy {
			return err
		}
	}
	return do()
}

// begin starts two conversations in one transaction.
func (v *village) begin(ctx context.Context, s *Store, i int, key uuid.UUID) error {
	_, err := s.Start(ctx, hub.Start{District: v.ID, Sender: v.People[i%12], Key: key, About: v.People[:2], Now: v.Now},
		func(roster.Facts) ([]hub.NewConversation, error) {
			var all []hub.NewConversation
			for n := range 2 {
				c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Key: uuid.New(), Subject: "trip", Body: "First."}
				for p := range 5 {
					c.Participants = append(c.Participants, hub.NewParticipant{Person: v.People[(i+p*(n*4+1))%12]})
				}
				all = append(all, c)
			}
			return all, nil
		})
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	return nil
}

// torn does what may meet a seal, and every tenth seals or bars.
func (v *village) torn(s *Store, many []uuid.UUID, i int) (err error) {
	ctx, c := v.T.Context(), many[(i*7)%len(many)]
	switch i % 10 {
	case 3:
		_, err = s.Seal(ctx, v.ID, c, hub.Seal{At: v.Now, By: v.People[0], Cause: hub.SealedByStaff, Reason: "So."}, func(roster.Facts) bool { return true })
	case 7:
		_, err = s.Bar(ctx, v.ID, roster.Bar{ID: uuid.New(), Guardian: v.People[i/10%8], Student: v.People[(i/10+1)%8], Since: roster.DateOf(v.Now), Reason: "So."}, v.Now)
	case 8:
		return v.begin(ctx, s, i, uuid.New())
	default:
		_, err = s.Post(ctx, v.Letter(c, v.People[i%8]))
	}
	if hub.CodeOf(err) == hub.CodeSealed {
		return nil
	}
	return err
}

// What was acknowledged is stored, whatever happens to the server; what was not
// is sent again with its key, and stored once.
func TestNothingAcknowledgedIsLostWithTheServer(t *testing.T) {
	server := postgrestest.Start(t, postgrestest.Options{Durable: true})
	v := settleIn(t, server.Database(t), 6)
	conversations := []uuid.UUID{v.Talk(v.People...), v.Talk(v.People[2:]...)}
	var mu sync.Mutex
	acknowledged := map[uuid.UUID]hub.Receipt{}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(acknowledged) }

	ctx, end := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			for ctx.Err() == nil {
				r, err := v.sendUntilStored(ctx, v.Letter(conversations[i%2], v.People[2+i%4]))
				if err != nil {
					if ctx.Err() == nil {
						t.Errorf("sender %d: %v", i, err)
					}
					return
				}
				mu.Lock()
				acknowledged[r.Key] = r
				mu.Unlock()
			}
		})
	}
	more := func(n int) {
		t.Helper()
		for before, begun := count(), time.Now(); count() < before+n; time.Sleep(time.Millisecond) {
			if time.Since(begun) > 2*time.Minute {
				end()
				t.Fatalf("in two minutes %d of %d were acknowledged", count()-before, n)
			}
		}
	}
	for _, fall := range []func(testing.TB){server.Kill, server.Stop, server.Kill} {
		more(200) // under load
		fall(t)
		server.Restart(t)
	}
	more(50) // and it goes on
	end()
	group.Wait()
	v.isStored(acknowledged)
	v.unharmed()
}

// sendUntilStored is what a client does: again, with the same key, as long as it
// is told to try again.
func (v *village) sendUntilStored(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	for {
		r, err := v.Post(context.WithoutCancel(ctx), p)
		if hub.CodeOf(err) != hub.CodeBusy {
			return r, err
		}
	}
}

// isStored holds where all that was acknowledged is in the tables as it was
// acknowledged.
func (v *village) isStored(acknowledged map[uuid.UUID]hub.Receipt) {
	v.T.Helper()
	stored := map[uuid.UUID]int64{}
	rows, err := v.s.pool.Query(v.T.Context(), `SELECT key, seq FROM message WHERE district = $1`, v.ID)
	type one struct {
		key uuid.UUID
		seq int64
	}
	list, err := scanAll(rows, err, func(o *one) []any { return []any{&o.key, &o.seq} })
	v.Must(err)
	for _, o := range list {
		stored[o.key] = o.seq
	}
	for key, r := range acknowledged {
		if stored[key] != r.Seq {
			v.T.Errorf("acknowledged as number %d, stored as %d", r.Seq, stored[key])
		}
	}
	v.T.Logf("%d were acknowledged, %d are stored", len(acknowledged), len(list))
}
