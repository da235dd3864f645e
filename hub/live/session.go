package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Who is whose connection it is.
type Who struct {
	District uuid.UUID
	Person   uuid.UUID
	SignIn   string // identity.Session.ID; of a session it may change
}

// Conn is the connection that a session's frames leave through.
type Conn interface {
	// Write writes one text frame. It is called by one goroutine at a time, and
	// ends within a bound of its own.
	Write(frame []byte) error
	// Close begins to close and does not wait. It is called once.
	Close(c Close)
	// Ping asks the peer for a sign of life, unless it is being asked already, and
	// does not wait.
	Ping()
	// Unanswered returns for how long the peer has owed the answer to a ping, 0 if
	// it owes none. It does not block.
	Unanswered() time.Duration
}

// Session is one connection of a signed-in person. Frames wait for the
// connection in a queue that is bounded in bytes; a goroutine writes them only
// while there are any.
type Session struct {
	node *Node
	who  Who // as it began: Who says which sign-in it is now
	conn Conn

	leaving bool // has to go for a newer one; guarded by the registry's shard

	mu      sync.Mutex
	signIn  string
	epoch   uuid.UUID // uuid.Nil until it has begun
	queue   queue
	writing bool
	ended   bool
	finish  *Close        // how to end once nothing is held or queued
	holds   int           // requests that are taken and not yet answered
	room    chan struct{} // closed when the queue is short again; nil while nobody waits

	inbox         *inboxChannel
	conversations map[uuid.UUID]*conversationChannel
}

// ErrEnded is what is asked of a session that has ended.
var ErrEnded = errors.New("the session has ended")

// Who is whose session it is.
func (s *Session) Who() Who {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Who{s.who.District, s.who.Person, s.signIn}
}

// Renew puts another sign-in of the same person in the place of the session's, and
// reports whether that is valid: else the session keeps its own. Whatever ends the
// one that it has from now on ends the session; that it has not ended before is
// asked once more.
func (s *Session) Renew(ctx context.Context, signIn string) (valid bool, err error) {
	before := s.swapSignIn(signIn)
	if valid, err = s.signedIn(ctx); valid {
		return true, nil
	}
	s.swapSignIn(before)
	if still, err := s.signedIn(ctx); err == nil && !still {
		s.End(CloseSignedOut) // its own ended while the other stood for it
	}
	return false, err
}

// signedIn reports whether the session's sign-in is valid, by the store.
func (s *Session) signedIn(ctx context.Context) (bool, error) {
	_, ended, err := s.node.reads.signIns.Read(ctx, struct{}{}, s.Who())
	return err == nil && !ended, err
}

func (s *Session) swapSignIn(signIn string) (before string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, s.signIn = s.signIn, signIn
	return before
}

// Send queues a frame of which this session alone is the reader, such as an
// answer. Nothing reaches an ended session.
func (s *Session) Send(bytes []byte) {
	s.mu.Lock()
	slow := !s.push(frame{bytes: bytes})
	s.mu.Unlock()
	if slow {
		s.End(CloseSlow)
	}
}

// Room waits until the queue is at most half full, so that who asks for much is
// served at the pace at which they take it.
func (s *Session) Room(ctx context.Context) error {
	for {
		s.mu.Lock()
		if s.ended {
			s.mu.Unlock()
			return ErrEnded
		}
		if s.queue.bytes <= s.node.options.QueueBytes/2 {
			s.mu.Unlock()
			return nil
		}
		if s.room == nil {
			s.room = make(chan struct{})
		}
		room := s.room
		s.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Hold keeps a stopping node from closing the session before what it has taken
// is answered. It says false where the session takes nothing more.
func (s *Session) Hold() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || s.finish != nil {
		return false
	}
	s.holds++
	return true
}

// Release ends a Hold.
func (s *Session) Release() {
	s.mu.Lock()
	s.holds--
	end := s.finished()
	s.mu.Unlock()
	if end != nil {
		s.End(*end)
	}
}

// Finish ends the session once what it has taken is answered and written.
func (s *Session) Finish(c Close) {
	s.mu.Lock()
	if s.finish == nil {
		s.finish = &c
	}
	end := s.finished()
	s.mu.Unlock()
	if end != nil {
		s.End(*end)
	}
}

// finished says how to end, where it is time. The caller holds s.mu.
func (s *Session) finished() *Close {
	if s.ended || s.holds > 0 || s.writing {
		return nil
	}
	return s.finish
}

// End ends the session at once: what is queued is not written any more.
func (s *Session) End(c Close) {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	s.ended = true
	s.queue = queue{}
	s.inbox, s.conversations = nil, nil
	s.makeRoom()
	s.mu.Unlock()
	s.node.forget(s)
	s.node.counters.closed(c)
	s.conn.Close(c)
}

// push queues a frame and says false where the session is too slow for it. A
// frame larger than the whole bound passes while nothing else waits. The caller
// holds s.mu.
func (s *Session) push(f frame) bool {
	if s.ended {
		return true
	}
	if !s.queue.empty() && s.queue.bytes+len(f.bytes) > s.node.options.QueueBytes {
		return false
	}
	s.queue.push(f)
	s.node.registry.shardOf(personKey{s.who.District, s.who.Person}).delivered.Add(1)
	if !s.writing {
		s.writing = true
		s.node.writers.Add(1)
		go s.write()
	}
	return true
}

// write writes what is queued and ends.
func (s *Session) write() {
	defer s.node.writers.Done()
	for {
		f, ok := s.next()
		if !ok {
			return
		}
		if err := s.conn.Write(f.bytes); err != nil {
			s.End(CloseGone)
			return
		}
	}
}

func (s *Session) next() (frame, bool) {
	s.mu.Lock()
	if !s.queue.empty() {
		f := s.queue.pop()
		if s.queue.bytes <= s.node.options.QueueBytes/2 {
			s.makeRoom()
		}
		s.mu.Unlock()
		return f, true
	}
	s.writing = false
	end := s.finished()
	s.mu.Unlock()
	if end != nil {
		s.End(*end)
	}
	return frame{}, false
}

func (s *Session) makeRoom() {
	if s.room != nil {
		close(s.room)
		s.room = nil
	}
}
