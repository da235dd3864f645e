package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
)

// absenceMemory is for how long events of a node that has fallen silent are
// looked for at the quick pace: cut off from the broker alone, it may go on to
// commit, and die unheard.
const absenceMemory = time.Minute

const (
	maxPeers = 1000 // nodes that are remembered
	maxAhead = 256  // events of one node and district that overtook an earlier one
)

// peers are what this node has heard of all nodes, itself among them.
type peers struct {
	mu     sync.Mutex
	self   uuid.UUID // never changed
	nodes  map[uuid.UUID]*peer
	gone   map[uuid.UUID]absence // nodes that have fallen silent
	heard  time.Time             // the own beat, or the last time that its absence was noticed
	isAway bool
}

// absence is when a node fell silent, and whether this one noticed it or was
// told.
type absence struct {
	since   time.Time
	noticed bool
}

type peer struct {
	heard  time.Time
	left   bool                 // it has said that it ends
	counts map[uuid.UUID]*count // by district
}

// count is which events of one node to one district have arrived.
type count struct {
	through int64 // all up to this one
	ahead   map[int64]struct{}
	told    int64 // how many there were, by the node's beats
}

func newPeers(self uuid.UUID) *peers {
	return &peers{self: self, nodes: map[uuid.UUID]*peer{}, gone: map[uuid.UUID]absence{}}
}

// start begins to expect the own beat: one has just connected.
func (p *peers) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = time.Now()
}

// event counts one and says whether one before it is missing.
func (p *peers) event(node, district uuid.UUID, n int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.count(node, district)
	if c == nil {
		return false
	}
	c.arrive(n)
	return c.gap()
}

// beat takes what a node says to have published. What is missing of it is
// reconciled in a moment. The own beat says that the broker is there.
func (p *peers) beat(n *Node, e envelope) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.peer(e.Node); known != nil {
		known.heard = time.Now()
		delete(p.gone, e.Node)
		if e.Node != p.self {
			known.leave(n, e.Left)
		}
	}
	if p.learn(e.Gone) {
		n.passes.everything(CauseSilence)
	}
	if e.Node == p.self {
		p.heard = time.Now()
		if p.isAway {
			p.isAway = false
			n.passes.everything(CauseConnected)
		}
	}
	for name, told := range e.Beat {
		district, err := uuid.Parse(name)
		if err != nil || !n.channels.of(district).listening.Load() {
			continue
		}
		if c := p.count(e.Node, district); c != nil {
			c.told = max(c.told, told)
			if c.gap() {
				n.passes.soon(district)
			}
		}
	}
}

// learn takes what another node says of nodes that have fallen silent: one that
// died young may never have been heard of here. It says whether there are any of
// which this node did not know.
func (p *peers) learn(gone []uuid.UUID) bool {
	learned := false
	for _, id := range gone {
		if _, known := p.gone[id]; !known && id != p.self && len(p.gone) < maxPeers {
			p.gone[id] = absence{since: time.Now()}
			learned = true
		}
	}
	return learned
}

// goneLately are the nodes whose silence this one has noticed lately. What it was
// told of is not told on, or two nodes would keep it up for ever.
func (p *peers) goneLately() []uuid.UUID {
	p.mu.Lock()
	defer p.mu.Unlock()
	var lately []uuid.UUID
	for id, a := range p.gone {
		switch age := time.Since(a.since); {
		case age > absenceMemory:
			delete(p.gone, id)
		case a.noticed && age <= silence:
			lately = append(lately, id)
		}
	}
	return lately
}

// silent says whether the own beat is missing, and forgets the nodes whose
// beats are, saying how many, and how many of them had said that they end. Those
// are looked for like the others: what they published may be lost.
func (p *peers) silent(now time.Time) (self bool, others, left int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.heard) >= silence {
		p.heard, p.isAway, self = now, true, true
	}
	for id, known := range p.nodes {
		if id != p.self && now.Sub(known.heard) >= silence {
			delete(p.nodes, id)
			p.gone[id] = absence{since: now, noticed: true}
			others++
			if known.left {
				left++
			}
		}
	}
	return self, others, left
}

// uneasy says whether events cannot be trusted to arrive: the broker is away, or
// was for a node that may be there still.
func (p *peers) uneasy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.isAway || len(p.gone) > 0
}

func (p *peers) away() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.isAway
}

func (p *peers) setAway() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.isAway = true
}

// begin takes what this node published to a district before it listened there
// for arrived: whoever subscribes from now on reads the store later.
func (p *peers) begin(district uuid.UUID, own int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.count(p.self, district); c != nil {
		c.settle(own)
	}
}

// missing says whether events to a district have not arrived.
func (p *peers) missing(district uuid.UUID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range p.nodes {
		if c := known.counts[district]; c != nil && c.gap() {
			return true
		}
	}
	return false
}

// mark is how much is known to have been published to a district, by node. What
// the store says after that, it says of all of it.
func (p *peers) mark(district uuid.UUID) map[uuid.UUID]int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	marks := map[uuid.UUID]int64{}
	for id, known := range p.nodes {
		if c := known.counts[district]; c != nil {
			marks[id] = c.known()
		}
	}
	return marks
}

// settle takes what was published up to the marks for arrived.
func (p *peers) settle(district uuid.UUID, marks map[uuid.UUID]int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, through := range marks {
		if known := p.nodes[id]; known != nil && known.counts[district] != nil {
			known.counts[district].settle(through)
		}
	}
}

// forget drops the counts of a district that is listened to no more.
func (p *peers) forget(district uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range p.nodes {
		delete(known.counts, district)
	}
}

func (p *peers) count(node, district uuid.UUID) *count {
	known := p.peer(node)
	if known == nil {
		return nil
	}
	c := known.counts[district]
	if c == nil {
		c = &count{}
		known.counts[district] = c
	}
	return c
}

func (p *peers) peer(node uuid.UUID) *peer {
	known := p.nodes[node]
	if known == nil && len(p.nodes) < maxPeers {
		known = &peer{heard: time.Now(), counts: map[uuid.UUID]*count{}}
		p.nodes[node] = known
	}
	return known
}

// leave takes a node's word that it ends, which may come twice.
func (k *peer) leave(n *Node, what int) {
	if what == 0 || k.left {
		return
	}
	k.left = true
	level := slog.LevelInfo
	if what == leftCommand {
		level = slog.LevelDebug
	}
	n.log.Log(context.Background(), level, "a node has left")
}

func (c *count) arrive(n int64) {
	switch {
	case n <= c.through:
		return
	case n > c.through+1:
		if c.ahead == nil {
			c.ahead = map[int64]struct{}{}
		}
		if len(c.ahead) < maxAhead {
			c.ahead[n] = struct{}{}
		}
		c.told = max(c.told, n)
		return
	}
	c.settle(n)
}

// settle takes all up to n for arrived, and what had come ahead after it.
func (c *count) settle(n int64) {
	c.through = max(c.through, n)
	for seq := range c.ahead {
		if seq <= c.through {
			delete(c.ahead, seq)
		}
	}
	for {
		if _, ok := c.ahead[c.through+1]; !ok {
			return
		}
		c.through++
		delete(c.ahead, c.through)
	}
}

func (c *count) known() int64 { return max(c.through, c.told) }

func (c *count) gap() bool { return c.told > c.through }
