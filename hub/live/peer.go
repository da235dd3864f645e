package live

import (
	"sync"
	"time"

	"github.com/google/uuid"
)

// maxPeers is how many nodes are remembered.
const maxPeers = 1000

// peers are what this node has heard of all nodes, itself among them.
type peers struct {
	mu     sync.Mutex
	self   uuid.UUID // never changed
	nodes  map[uuid.UUID]*peer
	gone   map[uuid.UUID]absence // nodes that have fallen silent
	heard  time.Time             // the own beat, or the last time that its absence was noticed
	isAway bool
}

type peer struct {
	heard  time.Time
	left   bool                 // it has said that it ends
	counts map[uuid.UUID]*count // by district
}

func newPeers(self uuid.UUID) *peers {
	return &peers{self: self, nodes: map[uuid.UUID]*peer{}, gone: map[uuid.UUID]absence{}}
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

func (p *peers) peer(node uuid.UUID) *peer {
	known := p.nodes[node]
	if known == nil && len(p.nodes) < maxPeers {
		known = &peer{heard: time.Now(), counts: map[uuid.UUID]*count{}}
		p.nodes[node] = known
	}
	return known
}
