package live

import (
	"github.com/google/uuid"
)

// maxAhead is how many events of one node and district are remembered that
// overtook an earlier one.
const maxAhead = 256

// count is which events of one node to one district have arrived.
type count struct {
	through int64 // all up to this one
	ahead   map[int64]struct{}
	told    int64 // how many there were, by the node's beats
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

// missed counts one that cannot be used as missing: the store has to be asked.
func (p *peers) missed(node, district uuid.UUID, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.count(node, district); c != nil {
		c.told = max(c.told, n)
	}
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
