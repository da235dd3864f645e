package live

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// outbox holds what this node has still to publish. Every event gets its number
// here, also the one that finds no room: the beats tell how many there were, and
// who has not had them all reads the store.
type outbox struct {
	queue chan outgoing

	mu        sync.Mutex
	published map[uuid.UUID]published // by district
	dropping  lasting

	failing lasting // publishing; of the goroutine that publishes
}

// published is how many events a district was sent, and when the last.
type published struct {
	count int64
	at    time.Time
}

type outgoing struct {
	district uuid.UUID
	payload  []byte
}

func newOutbox(size int) *outbox {
	return &outbox{queue: make(chan outgoing, size), published: map[uuid.UUID]published{}}
}

// Publish tells every node, this one included, of a commit. It never blocks: what
// finds no room is found by number.
func (n *Node) Publish(_ context.Context, e hub.Event) {
	env := newEnvelope(e)
	env.Node, env.Epoch = n.id, n.history.known()
	o := n.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	env.Count = o.published[e.District].count + 1
	o.published[e.District] = published{env.Count, time.Now()}
	if e.Doubt() {
		return // it has a number and never comes: whoever misses it reads the store
	}
	o.put(n, e.District, env)
}

// count is how many events this node has published to a district.
func (o *outbox) count(district uuid.UUID) int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.published[district].count
}

// put queues an envelope where there is room. The caller holds o.mu, so that
// numbers leave in order.
func (o *outbox) put(n *Node, district uuid.UUID, env envelope) {
	select {
	case o.queue <- outgoing{district, encodeOutgoing(env)}:
		o.dropping.over()
	default:
		if o.dropping.toSay(0) {
			n.log.Warn("events are not published: the queue for the broker is full")
		}
		if district != beats {
			n.counters.dropped.Add(1)
		}
	}
}

// publishAll gives the queue to the broker until ctx ends, and then what is left
// of it, for as long as lastWords.
func (n *Node) publishAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			n.publishRest(context.WithoutCancel(ctx))
			return
		case out := <-n.outbox.queue:
			n.publishOne(context.WithoutCancel(ctx), out)
		}
	}
}

// publishRest spares the other nodes the wait until this one is missed, and tells
// them last that it is gone.
func (n *Node) publishRest(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastWords)
	defer cancel()
	for ctx.Err() == nil {
		select {
		case out := <-n.outbox.queue:
			n.publishOne(ctx, out)
		default:
			n.publishOne(ctx, n.outbox.lastBeat(n))
			return
		}
	}
}

func (n *Node) publishOne(ctx context.Context, out outgoing) {
	ctx, cancel := context.WithTimeout(ctx, brokerPatience)
	defer cancel()
	err := n.broker.Publish(ctx, out.district, out.payload)
	switch {
	case err == nil:
		if n.outbox.failing.over() {
			n.log.Info("events are published again")
		}
	case !n.unlinked.Load() && n.outbox.failing.toSay(sayAfter):
		n.log.Warn("events cannot be published and are found by number", "error", err)
	}
	switch {
	case out.district == beats:
	case err != nil:
		n.counters.unpublished.Add(1)
	default:
		n.counters.published.Add(1)
	}
}
