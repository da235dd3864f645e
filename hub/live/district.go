package live

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// channels are the districts that a node listens to: those of its sessions, and
// uuid.Nil, which carries the beats. There are as many as there are districts,
// and none is forgotten.
type channels struct {
	mu         sync.Mutex
	byDistrict map[uuid.UUID]*channel
}

// channel is one district at the broker. The semaphore guards subscribing and
// unsubscribing, so that they cannot overtake one another.
type channel struct {
	sessions  atomic.Int64
	listening atomic.Bool
	refused   atomic.Bool // the broker did not acknowledge; tried again at retryAt
	semaphore chan struct{}
	retryAt   time.Time // guarded by semaphore, as is refusal
	refusal   lasting
}

func (c *channels) of(district uuid.UUID) *channel {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := c.byDistrict[district]
	if ch == nil {
		if c.byDistrict == nil {
			c.byDistrict = map[uuid.UUID]*channel{}
		}
		ch = &channel{semaphore: make(chan struct{}, 1)}
		c.byDistrict[district] = ch
	}
	return ch
}

func (c *channels) all() map[uuid.UUID]*channel {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[uuid.UUID]*channel, len(c.byDistrict))
	for district, ch := range c.byDistrict {
		out[district] = ch
	}
	return out
}

// listen waits until the broker has acknowledged that the node listens to a
// district. Where the broker is away it does not wait for ever: reconciliation
// brings then what events do not.
func (n *Node) listen(ctx context.Context, district uuid.UUID) {
	ch := n.channels.of(district)
	if ch.listening.Load() || !ch.lock(ctx) {
		return
	}
	defer ch.unlock()
	if ch.listening.Load() || time.Now().Before(ch.retryAt) {
		return
	}
	own := n.outbox.count(district)
	patient, cancel := context.WithTimeout(ctx, brokerPatience)
	defer cancel()
	if err := n.broker.Subscribe(patient, district); err != nil {
		if ctx.Err() != nil {
			return
		}
		if !n.unlinked.Load() && ch.refusal.toSay(sayAfter) {
			n.log.Warn("the broker did not acknowledge a subscription", "district", district, "error", err)
		}
		ch.retryAt = time.Now().Add(awayInterval)
		ch.refused.Store(true)
		n.passes.everything(CauseAway)
		return
	}
	n.peers.begin(district, own)
	ch.listening.Store(true)
	ch.refused.Store(false)
	ch.refusal.over()
}

// unlisten stops listening to a district that has no sessions. Whoever comes
// while it does counts as a session before they look whether the node listens:
// they are seen here, or wait for the semaphore and subscribe again.
func (n *Node) unlisten(ctx context.Context, district uuid.UUID, ch *channel) {
	if !ch.lock(ctx) {
		return
	}
	defer ch.unlock()
	if !ch.listening.Swap(false) {
		return
	}
	if ch.sessions.Load() > 0 {
		ch.listening.Store(true)
		return
	}
	n.broker.Unsubscribe(district)
	n.peers.forget(district)
}

func (ch *channel) lock(ctx context.Context) bool {
	select {
	case ch.semaphore <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (ch *channel) unlock() { <-ch.semaphore }
