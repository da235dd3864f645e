package live

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// absenceMemory is for how long events of a node that has fallen silent are
// looked for at the quick pace: cut off from the broker alone, it may go on to
// commit, and die unheard.
const absenceMemory = time.Minute

// absence is when a node fell silent, and whether this one noticed it or was
// told.
type absence struct {
	since   time.Time
	noticed bool
}

// start begins to expect the own beat: one has just connected.
func (p *peers) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = time.Now()
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
