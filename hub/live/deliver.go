package live

import (
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
)

// Deliver takes what the broker brought. It hands frames to queues and blocks
// on nothing.
func (n *Node) Deliver(district uuid.UUID, payload []byte) {
	e, err := decodeEnvelope(payload)
	if err != nil {
		if n.garbled.toSay(0) {
			n.log.Error("events could not be read", "district", district, "error", err)
		}
		return
	}
	n.history.heard(e.Epoch)
	if e.Beat != nil {
		n.peers.beat(n, e)
		return
	}
	n.counters.received.Add(1)
	foreign := e.Epoch != uuid.Nil && e.Epoch != n.history.known()
	if foreign && e.Out == nil {
		n.peers.missed(e.Node, district, e.Count)
		n.passes.soon(district)
		return
	}
	if n.peers.event(e.Node, district, e.Count) {
		n.passes.soon(district)
	}
	if e.Out != nil {
		n.deliverOut(district, *e.Out)
		return
	}
	n.deliverCommit(district, e)
}

// deliverCommit tells the audience of a commit, and nobody else: whoever of
// them is here and has subscribed to it.
func (n *Node) deliverCommit(district uuid.UUID, e envelope) {
	d := delivery{node: n, envelope: e}
	for _, told := range e.told() {
		sessions := n.registry.of(personKey{district, told.Person})
		if len(sessions) == 0 {
			continue
		}
		d.personal = nil
		for _, s := range sessions {
			d.give(s, told)
		}
	}
}

// delivery is one event on its way to the sessions of this node. What all may
// see is encoded once, what is one person's once for them.
type delivery struct {
	node     *Node
	envelope envelope
	shared   []byte // the message
	personal []byte // what is new in the inbox of the person at hand
}

func (d *delivery) give(s *Session, told hub.Told) {
	s.mu.Lock()
	if e := d.envelope.Epoch; e != uuid.Nil && e != s.epoch {
		s.mu.Unlock()
		return // its numbers are not comparable with those of the session
	}
	inbox := s.inbox != nil && told.Version > s.inbox.version
	channel := s.conversations[d.envelope.Conversation]
	ok, lags := true, false
	if inbox {
		ok = s.takeInbox(inboxEvent{told.Version, told.Unread, d.inboxFrame(told)})
	}
	switch {
	case channel == nil || !ok:
	case d.envelope.Message != nil:
		lags, ok = s.takeMessage(d.envelope.Conversation, heldMessage{d.envelope.Message.Seq, d.messageFrame()})
	case d.envelope.Sealed && !channel.sealed:
		channel.behind = true
		lags = channel.lags()
	}
	s.mu.Unlock()
	s.endIfSlow(ok)
	if lags {
		d.node.lagging.add(s)
	}
}

func (d *delivery) messageFrame() []byte {
	if d.shared == nil {
		d.shared = encodeMessage(wire.FromLetter(d.envelope.letter()))
	}
	return d.shared
}

func (d *delivery) inboxFrame(told hub.Told) []byte {
	if d.personal != nil {
		return d.personal
	}
	e := wire.Inbox{Type: wire.TypeInbox, Version: told.Version, Unread: told.Unread}
	conversation := d.envelope.Conversation
	switch {
	case d.envelope.Message != nil:
		l := d.envelope.letter()
		e.Letter = &wire.Letter{
			Conversation: conversation, Seq: l.Seq, At: wire.Time(l.SentAt), Sender: l.Sender,
			SenderName: l.SenderName, Part: l.SenderPart, Preview: wire.Preview(l.Body), Unread: told.Here,
		}
	case d.envelope.Read != nil:
		e.Read = &wire.ReadMark{Conversation: conversation, ReadSeq: d.envelope.Read.ReadSeq, Unread: told.Here}
	case d.envelope.Sealed:
		e.Sealed = &wire.SealedMark{Conversation: conversation, Unread: told.Here}
	}
	d.personal = encode(e)
	return d.personal
}

// deliverOut ends sessions.
func (n *Node) deliverOut(district uuid.UUID, out hub.Out) {
	c := CloseSignedOut
	if out.Why == hub.OutGone {
		c = CloseOut
	}
	for _, person := range out.People {
		for _, s := range n.registry.of(personKey{district, person}) {
			if out.Session == "" || out.Session == s.Who().SignIn {
				s.End(c)
			}
		}
	}
}
