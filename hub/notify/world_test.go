package notify_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/memory"
)

// world is a school in virtual time, and what was truly written and read in it.
type world struct {
	*memory.Store
	t        *testing.T
	seed     uint64
	district uuid.UUID
	asleep   atomic.Int64 // how long all machines have slept: no timer ran, the clocks went on
	people   []*reader

	mu    sync.Mutex
	talks []*talk
	made  []uuid.UUID // mails
	log   *slog.Logger
}

// reader is one of the people.
type reader struct {
	id uuid.UUID
	identity.Preferences
	read map[mark]time.Time // when what was read

	address string // that they moved to last, and when; zero: never
	moved   time.Time
	off     time.Time // when they last wanted no mail any more; zero: never
}

// mark is a message, to somebody.
type mark struct {
	talk uuid.UUID
	seq  int64
}

// talk is a conversation of some people.
type talk struct {
	id      uuid.UUID
	people  []*reader
	letters []letter // letters[i] has the number i+1
}

type letter struct {
	from *reader
	at   time.Time
}

// now is what all clocks show that are right.
func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.asleep.Load())) }

// newWorld is a school of as many people as there are preferences; who chose a
// mail of none has no address.
func newWorld(t *testing.T, seed uint64, prefer ...identity.Preferences) *world {
	t.Helper()
	w := &world{Store: memory.New(), t: t, seed: seed, district: uuid.New(), log: slog.New(slog.DiscardHandler)}
	must(t, w.CreateDistrict(t.Context(), roster.District{ID: w.district, Slug: "d", Enabled: true, Settings: roster.DefaultSettings()}))
	var put roster.Changes
	for i := range prefer {
		put.PutPeople = append(put.PutPeople, roster.SnapshotPerson{
			SourcedID: fmt.Sprint(i), Given: "Person", Family: fmt.Sprint(i), Email: fmt.Sprintf("p%d@example.org", i),
		})
	}
	_, err := w.Apply(t.Context(), w.district, put, w.now())
	must(t, err)
	for i, p := range prefer {
		person, err := w.PersonBySourcedID(t.Context(), w.district, fmt.Sprint(i))
		must(t, err)
		must(t, w.SavePreferences(t.Context(), w.district, person.ID, p))
		w.people = append(w.people, &reader{id: person.ID, Preferences: p, read: map[mark]time.Time{}})
	}
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dice are of the world's seed and of a name.
func (w *world) dice(name uint64) *rand.Rand { return rand.New(rand.NewPCG(w.seed, name)) }

// start starts a conversation, the first writes.
func (w *world) start(people ...*reader) *talk {
	w.mu.Lock()
	defer w.mu.Unlock()
	k := &talk{id: uuid.New(), people: people}
	var with []hub.NewParticipant
	for _, p := range people {
		with = append(with, hub.NewParticipant{Person: p.id})
	}
	_, err := w.Start(context.Background(), hub.Start{District: w.district, Sender: people[0].id, Key: uuid.New(), Now: w.now()},
		func(roster.Facts) ([]hub.NewConversation, error) {
			return []hub.NewConversation{{ID: k.id, Key: uuid.New(), Subject: "S", Body: "B", Participants: with}}, nil
		})
	must(w.t, err)
	k.letters = []letter{{people[0], w.now()}}
	w.talks = append(w.talks, k)
	return k
}

// write adds a letter.
func (w *world) write(k *talk, from *reader) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, err := w.Post(context.Background(), hub.Post{
		District: w.district, Conversation: k.id, Sender: from.id, Key: uuid.New(), Body: "B", Now: w.now(),
	})
	must(w.t, err)
	k.letters = append(k.letters, letter{from, r.SentAt})
}

// reads lets somebody read up to a number.
func (w *world) reads(k *talk, p *reader, upTo int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.MarkRead(context.Background(), w.district, k.id, p.id, upTo)
	must(w.t, err)
	for seq := int64(1); seq <= min(upTo, int64(len(k.letters))); seq++ {
		if _, before := p.read[mark{k.id, seq}]; !before {
			p.read[mark{k.id, seq}] = w.now()
		}
	}
}

// live lets people write and read at random until then, in conversations of two
// to four. Every third person hardly ever reads.
func (w *world) live(until time.Time, talks int, writing, reading time.Duration) {
	dice := w.dice(1)
	for range talks {
		order := dice.Perm(len(w.people))
		var with []*reader
		for _, i := range order[:2+dice.IntN(3)] {
			with = append(with, w.people[i])
		}
		w.start(with...)
	}
	var all sync.WaitGroup
	for i, k := range w.talks {
		all.Go(func() {
			dice := w.dice(uint64(100 + i))
			for w.pass(dice, writing, until) {
				w.write(k, k.people[dice.IntN(len(k.people))])
			}
		})
		for j, p := range k.people {
			all.Go(func() {
				dice := w.dice(uint64(10_000 + 10*i + j))
				about := reading
				if slices.Index(w.people, p)%3 == 0 {
					about *= 100
				}
				for w.pass(dice, about, until) {
					w.reads(k, p, w.length(k)-int64(dice.IntN(2)))
				}
			})
		}
	}
	all.Wait()
}

// moves gives one of the people another address.
func (w *world) moves(i int, email string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx := context.Background()
	state, err := w.State(ctx, w.district)
	must(w.t, err)
	_, err = w.Apply(ctx, w.district, roster.Changes{
		Base: state.Version, PutPeople: []roster.SnapshotPerson{{SourcedID: fmt.Sprint(i), Given: "Person", Family: fmt.Sprint(i), Email: email}},
	}, w.now())
	must(w.t, err)
	w.people[i].address, w.people[i].moved = email, w.now()
}

// wantsNone lets one of the people want no mail any more.
func (w *world) wantsNone(i int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[i]
	p.Mail = identity.MailOff
	must(w.t, w.SavePreferences(context.Background(), w.district, p.id, p.Preferences))
	p.off = w.now()
}

func (w *world) length(k *talk) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int64(len(k.letters))
}

// pass lets a random time pass, about so long, and says whether it is not over.
func (w *world) pass(dice *rand.Rand, about time.Duration, until time.Time) bool {
	long := min(time.Duration(dice.ExpFloat64()*float64(about)), until.Sub(w.now()))
	time.Sleep(max(0, long))
	return w.now().Before(until)
}
