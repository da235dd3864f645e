package live

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// beatMemory is for how long a beat repeats the count of a district to which
// nothing is published any more.
const beatMemory = time.Minute

// beats is the broker's channel that all nodes listen to.
var beats = uuid.Nil

// beatAll publishes beats through the same path as events and looks for those
// that do not come.
func (n *Node) beatAll(ctx context.Context) {
	for {
		n.listen(ctx, beats)
		n.missBeats()
		n.outbox.beat(n)
		if !sleep(ctx, beatInterval) {
			return
		}
	}
}

// beat queues a beat: how many events this node has published to each district.
func (o *outbox) beat(n *Node) {
	gone := n.peers.goneLately()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.put(n, beats, envelope{Node: n.id, Beat: o.counts(), Gone: gone, Epoch: n.history.known()})
}

// lastBeat is that of a node that has published everything and ends.
func (o *outbox) lastBeat(n *Node) outgoing {
	o.mu.Lock()
	defer o.mu.Unlock()
	left := leftNode
	if n.options.Command {
		left = leftCommand
	}
	return outgoing{beats, encodeOutgoing(envelope{Node: n.id, Beat: o.counts(), Left: left})}
}

// counts are of the districts that something was published to lately. The caller
// holds o.mu.
func (o *outbox) counts() map[string]int64 {
	counts := map[string]int64{}
	for district, p := range o.published {
		if time.Since(p.at) < beatMemory {
			counts[district.String()] = p.count
		}
	}
	return counts
}

// missBeats acts where beats are missing: its own say that the broker is away,
// whatever its connection says; another's that a node has died, perhaps between
// a commit and its event.
func (n *Node) missBeats() {
	self, others, left := n.peers.silent(time.Now())
	if self {
		if !n.unlinked.Load() && n.mute.toSay(0) {
			n.log.Warn("the broker is away: the node's own beat does not come back")
		}
		n.broker.Replace()
	}
	if others > left && !n.peers.away() { // else it is the broker, and nobody knows of the nodes
		n.log.Info("nodes have fallen silent", "nodes", others-left)
	}
	if self || others > 0 {
		n.passes.everything(CauseSilence)
	}
}

// Connected reconciles: what was published meanwhile is lost. The connection is
// given time to bring a beat before it is replaced again.
func (n *Node) Connected() {
	n.unlinked.Store(false)
	n.peers.start()
	n.passes.everything(CauseConnected)
}

// Away begins to reconcile at the quick pace, until the own beat comes back.
func (n *Node) Away() {
	n.unlinked.Store(true)
	n.peers.setAway()
	n.passes.everything(CauseAway)
}
