package live

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
)

// lagging are the sessions that have been told of something whose predecessor
// they miss, or of which only the store may tell the words.
type lagging struct {
	wake chan struct{}

	mu       sync.Mutex
	sessions map[*Session]struct{}
}

func newLagging() *lagging {
	return &lagging{wake: make(chan struct{}, 1), sessions: map[*Session]struct{}{}}
}

func (l *lagging) add(s *Session) {
	l.mu.Lock()
	l.sessions[s] = struct{}{}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lagging) remove(s *Session) {
	l.mu.Lock()
	delete(l.sessions, s)
	l.mu.Unlock()
}

func (l *lagging) take() map[*Session]struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.sessions
	l.sessions = map[*Session]struct{}{}
	return out
}

// catchUpAll reads, until ctx ends, what a moment did not bring.
func (n *Node) catchUpAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.lagging.wake:
		}
		if !sleep(ctx, moment) {
			return
		}
		if err := n.catchUpLagging(ctx); err != nil && ctx.Err() == nil {
			n.log.Warn("reading what is missing failed and is tried again", "error", err)
			n.passes.everything(CauseStore)
			if !sleep(ctx, awayInterval) {
				return
			}
		}
	}
}

func (n *Node) catchUpLagging(ctx context.Context) error {
	type key struct{ district, conversation uuid.UUID }
	behind := map[key][]*Session{}
	for s := range n.lagging.take() {
		for _, id := range s.laggingConversations() {
			k := key{s.who.District, id}
			behind[k] = append(behind[k], s)
		}
	}
	if len(behind) > 0 {
		n.counters.ran(CauseBehind)
	}
	ctx, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	var failed []error
	for k, sessions := range behind {
		if err := n.catchUp(ctx, k.conversation, sessions); err != nil {
			failed = append(failed, err)
			for _, s := range sessions {
				n.lagging.add(s)
			}
		}
	}
	return errors.Join(failed...)
}

// missed is what the store says of a conversation that sessions are behind in,
// encoded once for all of them.
type missed struct {
	conversation hub.Conversation
	messages     []heldMessage
	more         bool
}

// catchUp brings sessions of one district what they miss of a conversation:
// each from its own number on, whoever is still in it.
func (n *Node) catchUp(ctx context.Context, id uuid.UUID, sessions []*Session) error {
	for len(sessions) > 0 {
		as, after := n.history.known(), int64(math.MaxInt64)
		for _, s := range sessions {
			after = min(after, s.startCatchingUp(id))
		}
		m, err := n.readMissed(ctx, sessions[0].who, id, after)
		if errors.Is(err, hub.ErrNotFound) {
			sessions[0].CloseConversation(id) // whoever is no longer let in does not stop the others
			sessions = sessions[1:]
			continue
		}
		if err != nil {
			for _, s := range sessions {
				s.stillBehind(id)
			}
			return fmt.Errorf("read what is missing: %w", err)
		}
		if after != math.MaxInt64 && m.conversation.LastSeq < after {
			n.wentBack(ctx, as)
		}
		for _, s := range sessions {
			s.catchUp(m)
		}
		return nil
	}
	return nil
}

func (n *Node) readMissed(ctx context.Context, who Who, id uuid.UUID, after int64) (missed, error) {
	p, err := readPage(ctx, n.store, pageOf{who.District, id, after}, who.Person)
	if err != nil {
		return missed{}, err
	}
	m := missed{conversation: p.conversation, more: after < p.conversation.LastSeq && p.endsBefore(p.conversation.LastSeq)}
	for _, message := range p.messages {
		m.messages = append(m.messages, heldMessage{message.Seq, encodeMessage(message)})
	}
	return m, nil
}

// catchUp gives the session what it misses. Where that is more than a page, it
// is told to subscribe again.
func (s *Session) catchUp(m missed) {
	id := m.conversation.ID
	me, in := m.conversation.Participant(s.who.Person)
	s.mu.Lock()
	c := s.conversations[id]
	if c == nil || c.opening {
		s.mu.Unlock()
		return
	}
	if !in || me.Person.Gone {
		delete(s.conversations, id)
		s.mu.Unlock()
		return
	}
	ok := true
	for i := 0; ok && i < len(m.messages); i++ {
		if m.messages[i].seq > c.last {
			s.node.counters.messages.Add(1)
		}
		_, ok = s.takeMessage(id, m.messages[i])
	}
	if ok && m.more {
		delete(s.conversations, id)
		ok = s.push(frame{bytes: encode(wire.ResyncEvent{Type: wire.TypeResync, Channel: "conversation:" + id.String()})})
	} else if seal := m.conversation.Seal; ok && seal != nil && !c.sealed {
		c.sealed = true
		s.node.counters.seals.Add(1)
		ok = s.push(frame{bytes: encode(wire.SealedEvent{
			Type: wire.TypeSealed, Conversation: id,
			Seal: wire.FromSeal(*seal, m.conversation.Participants, me.Staff()),
		})})
	}
	s.mu.Unlock()
	s.endIfSlow(ok)
}

// startCatchingUp is the number of the last message of a conversation that went
// out. What shows from now on that something is missing may be younger than what
// is read: it is not forgotten when that is given out.
func (s *Session) startCatchingUp(id uuid.UUID) (last int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conversations[id]; c != nil {
		c.behind = false
		return c.last
	}
	return math.MaxInt64
}

func (s *Session) stillBehind(id uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conversations[id]; c != nil {
		c.behind = true
	}
}

// isBehind says whether the store has more of a conversation than the session.
func (s *Session) isBehind(tail hub.Tail) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[tail.Conversation]
	return c != nil && !c.opening && (c.last < tail.LastSeq || tail.Sealed && !c.sealed)
}

// openConversations are those of which it is known how far they have come. Those
// that are being opened may be about to show what was read before this moment:
// they read again once they are open.
func (s *Session) openConversations() []uuid.UUID {
	return s.conversationsThat(func(c *conversationChannel) bool {
		c.behind = c.behind || c.opening
		return !c.opening
	})
}

func (s *Session) laggingConversations() []uuid.UUID {
	return s.conversationsThat((*conversationChannel).lags)
}

func (s *Session) conversationsThat(match func(*conversationChannel) bool) []uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []uuid.UUID
	for id, c := range s.conversations {
		if match(c) {
			ids = append(ids, id)
		}
	}
	return ids
}
