package simulation_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/memory"
)

// world is an installation: nodes over one store and one bus, and two districts.
type world struct {
	t        *testing.T
	store    *memory.Store
	people   roster.Store
	sabotage sabotage
	bus      *bus
	network  *network
	http     *http.Client

	mu            sync.Mutex
	nodes         []*node
	started       int
	signIns       map[string]identity.Session
	conversations []*talk
	backup        *memory.Backup
	wentBack      time.Time                         // to the backup, the last time; zero if never
	gone          map[uuid.UUID]map[uuid.UUID]int64 // people, with the last letter that was there for them, by conversation
	ending        sync.WaitGroup
}

// talk is a conversation that there is.
type talk struct {
	district uuid.UUID
	id       uuid.UUID
	people   []uuid.UUID // the first is staff
}

// known is the part of a roster that the nodes of a simulation ask for; what it
// has not, nobody asks for here.
type known struct {
	*memory.Store
	unasked
}

type unasked struct{ roster.Store }

func newWorld(t *testing.T, random *rand.Rand, nodes int, s sabotage) *world {
	store := memory.New()
	w := &world{
		t: t, store: store, people: known{Store: store}, sabotage: s, network: newNetwork(),
		bus:     newBus(rand.New(rand.NewPCG(random.Uint64(), 1))),
		signIns: map[string]identity.Session{}, gone: map[uuid.UUID]map[uuid.UUID]int64{},
	}
	w.http = &http.Client{Transport: &http.Transport{
		DialContext:       func(ctx context.Context, _, address string) (net.Conn, error) { return w.network.dial(ctx, address) },
		DisableKeepAlives: true,
	}}
	for range nodes {
		w.nodes = append(w.nodes, w.next())
	}
	return w
}

// next is one more node.
func (w *world) next() *node {
	w.started++
	return w.run(fmt.Sprint("node-", w.started))
}

// any is a node as a load balancer picks one: it may have died just now.
func (w *world) any(random float64) *node {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.nodes[int(random*float64(len(w.nodes)))]
}

// replace ends a node, in its own time, and starts another in its place.
func (w *world) replace(i int, end func(*node)) {
	old := w.nodes[i]
	next := w.next()
	w.mu.Lock()
	w.nodes[i] = next
	w.mu.Unlock()
	w.ending.Go(func() { end(old) })
}

func (w *world) stop() {
	for _, n := range w.nodes {
		w.ending.Go(n.kill)
	}
	w.ending.Wait()
}

// signIn is the token of a browser of somebody's.
func (w *world) signIn(district, person uuid.UUID) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	token := fmt.Sprint("browser-", len(w.signIns))
	w.signIns[token] = identity.Session{ID: token, District: district, Person: person}
	return token
}

// Authenticate implements socket.Authenticator.
func (w *world) Authenticate(ctx context.Context, token string) (identity.Session, error) {
	w.mu.Lock()
	s, known := w.signIns[token]
	w.mu.Unlock()
	if !known {
		return s, identity.ErrNoSession
	}
	p, err := w.store.Person(ctx, s.District, s.Person)
	if err == nil && p.Gone {
		err = identity.ErrNoSession
	}
	return s, err
}

// Lookup implements socket.Authenticator: the id of a sign-in is its token.
func (w *world) Lookup(ctx context.Context, id string) (identity.Session, error) {
	return w.Authenticate(ctx, id)
}

// Ended implements live.SignIns: a sign-in ends when its person leaves the roster.
func (w *world) Ended(ctx context.Context, who []live.Who) (ended []string, err error) {
	for _, one := range who {
		p, err := w.store.Person(ctx, one.District, one.Person)
		if err != nil {
			return nil, err
		}
		if p.Gone {
			ended = append(ended, one.SignIn)
		}
	}
	return ended, nil
}

// backUp keeps what there is.
func (w *world) backUp() {
	b := w.store.Backup()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.backup = &b
}

// goBack takes the store back to the backup, as a failover does to a server that
// lacked the last commits: the store is at another place by that.
func (w *world) goBack() {
	w.mu.Lock()
	b := w.backup
	w.mu.Unlock()
	if b == nil {
		return
	}
	w.store.Restore(*b)
	w.store.Move()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wentBack = time.Now()
}

// lost reports whether something that was there at a moment may have gone with
// what the store went back over.
func (w *world) lost(at time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.wentBack.IsZero() && !at.After(w.wentBack)
}

var errUnreachable = errors.New("the node is gone")

// ask does over HTTP what a page does: its answer is lost with the node.
func ask[T any](w *world, random float64, do func(ctx context.Context, n *node) (T, error)) (T, error) {
	n := w.any(random)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var none T
	if n.dead.Load() {
		return none, errUnreachable
	}
	answer, err := do(ctx, n)
	if err == nil && n.dead.Load() {
		return none, errUnreachable
	}
	return answer, err
}
