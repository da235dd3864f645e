package live

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const (
	heartbeatInterval = 2 * time.Second
	missesAllowed     = 2  // signs of life in the store of a node that the broker brings nothing of
	looksAgain        = 30 // after which the connection to the broker is made anew once more
)

// Directory is where nodes leave signs of life beside the broker, so that each
// knows which others there are.
type Directory interface {
	// Heartbeat leaves one and returns the last ones of the others; one that has left
	// none for a while is not among them.
	Heartbeat(ctx context.Context, b hub.Heartbeat) ([]hub.Heartbeat, error)
}

// Unheard are the nodes that live, by what they leave in the store, and that the
// broker brings nothing of.
type Unheard struct {
	Apart int // they take their broker for well: it is another one
	Away  int // they know that their broker is away
}

// any reports whether there are such nodes.
func (u Unheard) any() bool { return u != Unheard{} }

// unheard is what a node has found of the others.
type unheard struct {
	found atomic.Pointer[Unheard]
	known map[uuid.UUID]*absentee // of the goroutine that looks
	looks int                     // in a row at which there were nodes apart; of the same
}

// absentee is a node that is looked for.
type absentee struct {
	count  int64 // of its last sign of life
	misses int   // how often there was a new one, and nothing through the broker
}

// meetOthers leaves signs of life in the store until ctx ends, and looks which
// nodes do so that are not heard.
func (n *Node) meetOthers(ctx context.Context) {
	n.unheard.known = map[uuid.UUID]*absentee{}
	for {
		asking, stop := context.WithTimeout(ctx, storePatience)
		others, err := n.options.Directory.Heartbeat(asking, hub.Heartbeat{Node: n.id, BrokerAway: n.peers.away()})
		stop()
		if err == nil { // else nothing is known, and what was known holds
			n.compare(others)
		}
		if !sleep(ctx, heartbeatInterval) {
			return
		}
	}
}

// compare looks which of the nodes that live were heard lately.
func (n *Node) compare(others []hub.Heartbeat) {
	var found Unheard
	known := map[uuid.UUID]*absentee{}
	for _, o := range others {
		a := n.unheard.known[o.Node]
		if a == nil {
			a = &absentee{count: o.Count}
		}
		known[o.Node] = a
		lives := o.Count > a.count
		a.count = o.Count
		switch {
		case n.peers.away(), n.peers.hears(o.Node):
			a.misses = 0
		case o.BrokerAway:
			a.misses = 0
			found.Away++
		case lives:
			a.misses++
		}
		if a.misses > missesAllowed {
			found.Apart++
		}
	}
	n.unheard.known = known
	n.foundUnheard(found)
}

// foundUnheard says once that there are nodes that are not heard, and once that
// there are none any more. Until then what they commit is looked for in the store.
func (n *Node) foundUnheard(now Unheard) {
	before := n.unheardNow()
	n.unheard.found.Store(&now)
	if now.any() && !before.any() {
		n.passes.everything(CauseAway)
	}
	if now.Apart == 0 {
		n.unheard.looks = 0
	} else {
		// This node, or the other, may have been left at a server that was replaced.
		if n.unheard.looks%looksAgain == 0 {
			n.broker.Replace()
		}
		n.unheard.looks++
	}
	switch {
	case now.Apart > before.Apart:
		n.log.Error("nodes of this database are not heard through the broker: set REDIS_URL to the same Redis for all of them", "nodes", now.Apart)
	case now.Apart == 0 && before.Apart > 0:
		n.log.Info("all nodes of this database are heard through the broker")
	}
}

func (n *Node) unheardNow() Unheard {
	if found := n.unheard.found.Load(); found != nil {
		return *found
	}
	return Unheard{}
}

// hears reports whether a beat of the node came lately.
func (p *peers) hears(node uuid.UUID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.nodes[node]
	return known != nil && time.Since(known.heard) < silence
}

// Missing listens to a broker for as long as nodes may need to be heard, and
// returns those of the nodes that were not. The broker is the caller's, and is
// not used by anybody else.
func Missing(ctx context.Context, b Broker, nodes []uuid.UUID) ([]uuid.UUID, error) {
	ctx, stop := context.WithTimeout(ctx, silence+beatInterval)
	defer stop()
	missing := map[uuid.UUID]bool{}
	for _, id := range nodes {
		missing[id] = true
	}
	l := &listening{missing: missing, all: stop}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run(ctx, l)
	}()
	err := b.Subscribe(ctx, beats)
	if err != nil || len(nodes) == 0 {
		stop()
	}
	<-done
	var left []uuid.UUID
	for _, id := range nodes {
		if missing[id] {
			left = append(left, id)
		}
	}
	return left, err
}

// listening takes the nodes off whose beats come.
type listening struct {
	missing map[uuid.UUID]bool // of the broker's goroutine while it runs
	all     func()             // called when none is missing
}

var _ Listener = (*listening)(nil)

// Deliver takes a beat.
func (l *listening) Deliver(_ uuid.UUID, payload []byte) {
	if e, err := decodeEnvelope(payload); err == nil {
		delete(l.missing, e.Node)
	}
	if len(l.missing) == 0 {
		l.all()
	}
}

// Connected and Away tell nothing of the nodes.
func (*listening) Connected() {}
func (*listening) Away()      {}
