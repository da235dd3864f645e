package live

import (
	"maps"
	"sync"
	"sync/atomic"
)

// Stats are what a node holds now and what it has done since it was made.
type Stats struct {
	Sessions      int
	Inboxes       int   // subscriptions to an inbox
	Conversations int   // subscriptions to a conversation
	QueuedBytes   int64 // that wait for the connections of sessions
	BrokerAway    bool  // events cannot be trusted to arrive
	Unheard       Unheard

	Deliveries int64         // frames handed to sessions, answers among them
	Closes     map[int]int64 // sessions that ended or were refused, by the code, each there; 0 where the connection was broken

	// Events are counted without beats. Unpublished ones the broker refused,
	// dropped ones found no room to wait for it: both are found by number.
	Published, Unpublished, Dropped, Received int64

	Reconciliations map[Cause]int64 // each there
	Found           Found
}

// Found is what reconciling brought that events had not, counted for each session.
type Found struct {
	Inboxes  int64 // states of an inbox
	Messages int64
	Seals    int64
	SignIns  int64 // that had ended
}

// Cause is why a node reconciled.
type Cause string

// The causes. CauseAway is the quick pace while events cannot be trusted to
// arrive; CauseSilence is a beat that did not come, CauseGap an event of a
// district that did not, CauseBehind a session that had been told of something
// after what it misses.
const (
	CauseInterval  Cause = "interval"
	CauseConnected Cause = "connected"
	CauseAway      Cause = "away"
	CauseSilence   Cause = "silence"
	CauseGap       Cause = "gap"
	CauseBehind    Cause = "behind"
	CauseStore     Cause = "store" // the one before failed
)

// counters are those of a node. What happens for each frame is counted by the
// shards of the registry.
type counters struct {
	published, unpublished, dropped, received atomic.Int64
	inboxes, messages, seals, signIns         atomic.Int64 // found

	mu     sync.Mutex
	closes map[int]int64
	runs   map[Cause]int64
}

func newCounters() *counters {
	return &counters{
		closes: map[int]int64{
			CloseGone.Code: 0, CloseStopping.Code: 0, CloseSlow.Code: 0, CloseBusy.Code: 0, CloseTooMany.Code: 0, CloseEpoch.Code: 0,
			CloseBadProtocol.Code: 0, CloseSignedOut.Code: 0, CloseExpired.Code: 0, CloseOut.Code: 0,
		},
		runs: map[Cause]int64{
			CauseInterval: 0, CauseConnected: 0, CauseAway: 0, CauseSilence: 0, CauseGap: 0, CauseBehind: 0, CauseStore: 0,
		},
	}
}

func (c *counters) closed(how Close) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closes[how.Code]++
}

func (c *counters) ran(cause Cause) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs[cause]++
}

// Stats looks at every session: it is for a look now and then.
func (n *Node) Stats() Stats {
	c := n.counters
	s := Stats{
		BrokerAway: n.peers.away(), Unheard: n.unheardNow(), Deliveries: n.registry.deliveries(),
		Published: c.published.Load(), Unpublished: c.unpublished.Load(), Dropped: c.dropped.Load(),
		Received: c.received.Load(),
		Found: Found{
			Inboxes: c.inboxes.Load(), Messages: c.messages.Load(), Seals: c.seals.Load(), SignIns: c.signIns.Load(),
		},
	}
	c.mu.Lock()
	s.Closes, s.Reconciliations = maps.Clone(c.closes), maps.Clone(c.runs)
	c.mu.Unlock()
	for _, session := range n.registry.all() {
		session.addTo(&s)
	}
	return s
}

func (s *Session) addTo(sum *Stats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum.Sessions++
	if s.inbox != nil {
		sum.Inboxes++
	}
	sum.Conversations += len(s.conversations)
	sum.QueuedBytes += int64(s.queue.bytes)
}
