package live

import (
	"slices"

	"github.com/google/uuid"
)

// maxHeld is how many events a subscription keeps while it is being opened, or
// while a message before them is missing. What is not kept is read instead.
const maxHeld = 32

// inboxChannel is a session's subscription to its person's inbox: the newest
// version wins.
type inboxChannel struct {
	opening bool
	version int64
	held    []inboxEvent // while opening
}

// inboxEvent is a new state of an inbox, with the frame that says what happened.
type inboxEvent struct {
	version, unread int64
	frame           []byte
}

// conversationChannel is a session's subscription to a conversation. Messages
// leave in the order of their numbers, each once.
type conversationChannel struct {
	opening bool
	sealed  bool  // the session knows that it is
	last    int64 // number of the last message that went out
	held    []heldMessage
	behind  bool // something is missing that no held message shows
}

type heldMessage struct {
	seq   int64
	frame []byte
}

// lags says that something has to be read from the store.
func (c *conversationChannel) lags() bool {
	return !c.opening && (c.behind || len(c.held) > 0)
}

// hold keeps a message that cannot go out yet, in order and once.
func (c *conversationChannel) hold(m heldMessage) {
	i, there := slices.BinarySearchFunc(c.held, m.seq, func(h heldMessage, seq int64) int {
		return int(h.seq - seq)
	})
	switch {
	case there:
	case len(c.held) == maxHeld:
		c.behind = true
	default:
		c.held = slices.Insert(c.held, i, m)
	}
}

// takeInbox gives the session a new state of its inbox and says false where it
// is too slow. The caller holds s.mu.
func (s *Session) takeInbox(e inboxEvent) bool {
	c := s.inbox
	switch {
	case c == nil || e.version <= c.version:
		return true
	case c.opening:
		if len(c.held) == maxHeld {
			c.held = c.held[1:]
		}
		c.held = append(c.held, e)
		return true
	}
	c.version = e.version
	if s.queue.inboxes >= inboxBurst {
		s.queue.dropInboxes()
		e.frame = encodeInboxState(e.version, e.unread)
	}
	return s.push(frame{bytes: e.frame, inbox: true})
}

// takeMessage gives the session a message of a conversation, once and in order.
// It says whether an earlier one is missing, and false where the session is too
// slow. The caller holds s.mu.
func (s *Session) takeMessage(conversation uuid.UUID, m heldMessage) (missing, ok bool) {
	c := s.conversations[conversation]
	switch {
	case c == nil || (!c.opening && m.seq <= c.last):
		return false, true
	case c.opening || m.seq > c.last+1:
		c.hold(m)
		return c.lags(), true
	}
	c.last = m.seq
	ok = s.push(frame{bytes: m.frame})
	return c.lags(), ok && s.releaseHeld(c)
}

// releaseHeld lets go of what has become the next message. The caller holds s.mu.
func (s *Session) releaseHeld(c *conversationChannel) bool {
	for len(c.held) > 0 && c.held[0].seq <= c.last+1 {
		m := c.held[0]
		c.held = c.held[1:]
		if m.seq <= c.last {
			continue
		}
		c.last = m.seq
		if !s.push(frame{bytes: m.frame}) {
			return false
		}
	}
	if len(c.held) == 0 {
		c.held = nil
	}
	return true
}
