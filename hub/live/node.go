package live

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// The pace of a node.
const (
	reconcileInterval = 30 * time.Second       // while all is well
	awayInterval      = 2 * time.Second        // while the broker or the store is away
	moment            = 100 * time.Millisecond // what is missing may be on its way
	beatInterval      = time.Second
	silence           = 3 * beatInterval // after which a node is taken for gone
	brokerPatience    = time.Second      // for one publish or subscribe
	lastWords         = 2 * time.Second  // for what a stopping node has still to publish
	storePatience     = 10 * time.Second // for one district's reconciliation
	maxSessions       = 64               // of one person
	manySessions      = maxSessions / 2  // of one person, from which on each is asked for a sign of life
	pingPatience      = time.Second      // for the answer to that
)

// Options of a node. Zero values are the defaults.
type Options struct {
	QueueBytes int          // what may wait for one session; default 256 KiB
	OutboxSize int          // events that may wait for the broker; default 4096
	Command    bool         // it is there for one command, and its end is nothing to tell an operator of
	Directory  Directory    // of all nodes; nil where there is but one
	Log        *slog.Logger // default: slog.Default()
}

func (o Options) withDefaults() Options {
	if o.QueueBytes == 0 {
		o.QueueBytes = 256 << 10
	}
	if o.OutboxSize == 0 {
		o.OutboxSize = 4096
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Node is one process of an installation: the sessions that are connected to
// it, and its part in telling everybody of what was committed. It is a
// [hub.Events] and, towards its broker, a [Listener].
type Node struct {
	id      uuid.UUID
	broker  Broker
	store   Store
	signIns SignIns
	options Options
	log     *slog.Logger

	outbox   *outbox
	registry registry
	channels channels
	peers    *peers
	passes   *passes
	lagging  *lagging
	reads    reads
	counters *counters
	history  *history
	unheard  unheard

	writers  sync.WaitGroup // goroutines that write to connections
	stopping atomic.Bool
	unlinked atomic.Bool   // the broker has said that it is away, and why
	mute     lasting       // it seems to be there and brings nothing; of the goroutine that beats
	garbled  lasting       // what comes from it cannot be read; of the goroutine that delivers
	left     chan struct{} // told when the last session of a stopping node is gone
}

var (
	_ hub.Events = (*Node)(nil)
	_ Listener   = (*Node)(nil)
)

// New is a node. It does its work while Run runs.
func New(broker Broker, store Store, signIns SignIns, options Options) *Node {
	options = options.withDefaults()
	id := uuid.New()
	return &Node{
		id: id, broker: broker, store: store, signIns: signIns,
		options: options, log: options.Log,
		outbox: newOutbox(options.OutboxSize), peers: newPeers(id), passes: newPasses(),
		lagging: newLagging(), reads: newReads(store, signIns), counters: newCounters(),
		history: newHistory(),
		left:    make(chan struct{}, 1),
	}
}

// Run does the node's work until ctx ends; then it closes the sessions that are
// still there and returns when everything of it has stopped.
func (n *Node) Run(ctx context.Context) {
	var work sync.WaitGroup
	n.peers.start()
	work.Go(func() { n.broker.Run(ctx, n) })
	work.Go(func() { n.publishAll(ctx) })
	work.Go(func() { n.beatAll(ctx) })
	work.Go(func() { n.reconcileAll(ctx) })
	work.Go(func() { n.catchUpAll(ctx) })
	work.Go(func() { n.followHistory(ctx) })
	if n.options.Directory != nil {
		work.Go(func() { n.meetOthers(ctx) })
	}
	work.Wait()
	n.stopping.Store(true)
	for _, s := range n.registry.all() {
		s.End(CloseStopping)
	}
	n.writers.Wait()
}

// Attach registers a connection of somebody whom the caller has authenticated.
// Nothing reaches it before it subscribes, but the end of its sign-in, which is
// looked up once more: it may have come before anybody here listened for it. Of
// a person with too many connections another one goes, never the newest. Where
// there is no session, the second value says how the connection is to be closed.
func (n *Node) Attach(ctx context.Context, who Who, conn Conn) (*Session, Close) {
	s, refusal := n.attach(ctx, who, conn)
	if s == nil {
		n.counters.closed(refusal)
	}
	return s, refusal
}

func (n *Node) attach(ctx context.Context, who Who, conn Conn) (*Session, Close) {
	s := &Session{node: n, who: who, signIn: who.SignIn, conn: conn}
	n.channels.of(who.District).sessions.Add(1)
	if out := n.registry.add(s); out != nil {
		out.End(CloseTooMany)
	}
	n.askForLife(s)
	if n.stopping.Load() {
		n.forget(s)
		return nil, CloseStopping
	}
	n.listen(ctx, who.District)
	_, ended, err := n.reads.signIns.Read(ctx, struct{}{}, who)
	if err == nil {
		err = s.begin(ctx)
	}
	switch {
	case err != nil:
		n.log.Error("a sign-in or the epoch could not be checked", "error", err)
		n.forget(s)
		return nil, CloseBusy
	case ended:
		n.forget(s)
		return nil, CloseSignedOut
	}
	return s, Close{}
}

// begin gives the session the epoch of what it will be told. It is registered by
// now: if the node learns of another one, it ends.
func (s *Session) begin(ctx context.Context) error {
	epoch, err := s.node.Epoch(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.epoch = epoch
	s.mu.Unlock()
	return nil
}

// askForLife pings the other connections of a person who has many, so that those
// that are dead are known before they are too many.
func (n *Node) askForLife(s *Session) {
	all := n.registry.of(personKey{s.who.District, s.who.Person})
	if len(all) <= manySessions {
		return
	}
	for _, other := range all {
		if other != s {
			other.conn.Ping()
		}
	}
}

// Stopping says whether the node takes nobody any more.
func (n *Node) Stopping() bool { return n.stopping.Load() }

// Sessions is how many there are.
func (n *Node) Sessions() int { return int(n.registry.count.Load()) }

// Drain takes nobody any more and asks all sessions to come back, to another
// node, spread over the window so that they do not come all at once; what a
// session has asked for is answered first. It returns when all are gone, or
// with ctx.
func (n *Node) Drain(ctx context.Context, window time.Duration) error {
	n.stopping.Store(true)
	sessions := n.registry.all()
	rand.Shuffle(len(sessions), func(i, j int) { sessions[i], sessions[j] = sessions[j], sessions[i] })
	start := time.Now()
	for i, s := range sessions {
		due := start.Add(window * time.Duration(i) / time.Duration(len(sessions)))
		if !sleep(ctx, time.Until(due)) {
			return ctx.Err()
		}
		s.Finish(CloseStopping)
	}
	for n.Sessions() > 0 {
		select {
		case <-n.left:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (n *Node) forget(s *Session) {
	removed, left := n.registry.remove(s)
	if !removed {
		return
	}
	n.channels.of(s.who.District).sessions.Add(-1)
	n.lagging.remove(s)
	if left == 0 && n.stopping.Load() {
		select {
		case n.left <- struct{}{}:
		default:
		}
	}
}

// sleep waits, and says false where ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
