package live

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
)

// MaxConversations is how many conversations a session may be subscribed to.
const MaxConversations = 32

// Opened is the state of a conversation at the moment from which its events
// come.
type Opened struct {
	LastSeq  int64
	ReadSeq  int64
	Sealed   bool
	Messages []wire.Message // those after the number that was asked for
	More     bool           // there are more than Messages
}

// OpenInbox subscribes the session to its person's inbox. answer encodes the
// frame that says how it stands; every later state follows it.
func (s *Session) OpenInbox(ctx context.Context, answer func(hub.Head) ([]byte, error)) error {
	c := &inboxChannel{opening: true}
	if err := s.register(func() error { s.inbox = c; return nil }); err != nil {
		return err
	}
	s.node.listen(ctx, s.who.District)
	as, told := s.node.history.known(), s.node.toldOf(s.who)
	head, _, err := s.node.reads.heads.Read(ctx, s.who.District, s.who.Person) // none has read all
	if err != nil {
		s.CloseInbox()
		return fmt.Errorf("subscribe to the inbox: %w", err)
	}
	if head.Version < told {
		s.node.wentBack(ctx, as)
	}
	bytes, err := answer(head)
	if err != nil {
		s.CloseInbox()
		return err
	}
	s.mu.Lock()
	ok := s.push(frame{bytes: bytes})
	held := c.held
	c.opening, c.version, c.held = false, head.Version, nil
	for i := 0; ok && i < len(held); i++ {
		ok = s.takeInbox(held[i])
	}
	s.mu.Unlock()
	s.endIfSlow(ok)
	return nil
}

// toldOf returns the highest version of their inbox that the other sessions of a
// person were told of.
func (n *Node) toldOf(who Who) (version int64) {
	for _, s := range n.registry.of(personKey{who.District, who.Person}) {
		version = max(version, s.delivered())
	}
	return version
}

// CloseInbox ends the subscription to the inbox.
func (s *Session) CloseInbox() {
	s.mu.Lock()
	s.inbox = nil
	s.mu.Unlock()
}

// OpenConversation subscribes the session to a conversation that its person
// takes part in. answer encodes the frame that says how it stands, with at most
// limit messages after a number; every later message follows it, in order and
// once.
//
// There is no hole between the two: first the node listens and the session
// keeps what comes, then the store is read, then what was kept follows as far
// as the store did not say it.
func (s *Session) OpenConversation(ctx context.Context, id uuid.UUID, after int64, limit int, answer func(Opened) ([]byte, error)) error {
	c := &conversationChannel{opening: true}
	if err := s.register(func() error { return s.addConversation(id, c) }); err != nil {
		return err
	}
	s.node.listen(ctx, s.who.District)
	o, err := s.node.open(ctx, s.who, id, after, limit)
	if err != nil {
		s.CloseConversation(id)
		return fmt.Errorf("subscribe to a conversation: %w", err)
	}
	bytes, err := answer(o)
	if err != nil {
		s.CloseConversation(id)
		return err
	}
	s.mu.Lock()
	ok := s.push(frame{bytes: bytes})
	c.opening, c.last, c.sealed = false, o.LastSeq, o.Sealed
	ok = ok && s.releaseHeld(c)
	lags := c.lags()
	s.mu.Unlock()
	s.endIfSlow(ok)
	if lags {
		s.node.lagging.add(s)
	}
	return nil
}

// CloseConversation ends the subscription to a conversation.
func (s *Session) CloseConversation(id uuid.UUID) {
	s.mu.Lock()
	delete(s.conversations, id)
	s.mu.Unlock()
}

func (s *Session) register(add func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return ErrEnded
	}
	return add()
}

func (s *Session) addConversation(id uuid.UUID, c *conversationChannel) error {
	if _, again := s.conversations[id]; !again && len(s.conversations) == MaxConversations {
		return &hub.Error{
			Code: hub.CodeInvalid, Field: "channel", Limit: MaxConversations, Got: MaxConversations + 1,
		}
	}
	if s.conversations == nil {
		s.conversations = map[uuid.UUID]*conversationChannel{}
	}
	s.conversations[id] = c
	return nil
}

func (s *Session) endIfSlow(ok bool) {
	if !ok {
		s.End(CloseSlow)
	}
}

// MaxMessages is how many messages a session is given at once, at most. They fit
// in wire.MessagesBytes.
const MaxMessages = 200

// open reads how a conversation stands, and where somebody misses something a
// page of it. Its messages may be newer than that: then events begin after them.
func (n *Node) open(ctx context.Context, who Who, id uuid.UUID, after int64, limit int) (Opened, error) {
	st, sits, err := n.reads.standings.Read(ctx, who.District, hub.Seat{Conversation: id, Person: who.Person})
	switch {
	case err != nil:
		return Opened{}, err
	case !sits:
		return Opened{}, hub.ErrNotFound
	}
	o := Opened{LastSeq: st.LastSeq, ReadSeq: st.ReadSeq, Sealed: st.Sealed, Messages: []wire.Message{}}
	if after >= st.LastSeq || limit == 0 {
		o.More = after < st.LastSeq
		return o, nil
	}
	p, _, err := n.reads.pages.Read(ctx, pageOf{who.District, id, after}, who.Person)
	switch {
	case err != nil:
		return Opened{}, err
	case !p.isFor(who.Person):
		return Opened{}, hub.ErrNotFound
	}
	if n := len(p.messages); n > 0 {
		o.LastSeq = max(st.LastSeq, p.messages[n-1].Seq)
		p.messages = p.messages[:min(n, limit)]
		o.Messages, o.More = p.messages, p.endsBefore(o.LastSeq)
	}
	return o, nil
}
