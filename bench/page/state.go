package page

import (
	"time"

	"github.com/google/uuid"
)

// State is what a page shows at a moment.
type State struct {
	Connected    bool
	Version      int64
	Unread       int64
	Rows         map[uuid.UUID]Row // of the inbox
	Conversation uuid.UUID         // of a conversation's page
	Last         int64             // the last letter that is shown
	ReadSeq      int64             // how far the page knows it has been read
	Busy         bool              // something is still to be told to the server
	Since        time.Time
}

// State is what the page shows; it waits until its device is awake.
func (p *Page) State() State {
	p.turn.mu.Lock()
	defer p.turn.mu.Unlock()
	return p.state()
}

// Glance is State where the page has nothing else to do just now, and its device
// is awake.
func (p *Page) Glance() (State, bool) {
	if !p.turn.mu.TryLock() {
		return State{}, false
	}
	defer p.turn.mu.Unlock()
	return p.state(), true
}

func (p *Page) state() State {
	s := State{
		Connected: p.connection.up, Version: p.user.head.version, Unread: p.user.head.unread,
		Busy: p.sending != nil, Since: p.since,
	}
	if p.inbox != nil {
		s.Rows = make(map[uuid.UUID]Row, len(p.inbox.rows))
		for id, row := range p.inbox.rows {
			s.Rows[id] = row
		}
		s.Busy = s.Busy || p.inbox.running || p.inbox.wanted
	}
	if p.view != nil {
		s.Conversation, s.Last, s.ReadSeq = p.view.id, p.view.letters.last, p.mark.readSeq
		s.Busy = s.Busy || p.mark.sending || p.mark.gathering || p.mark.reached() > p.mark.readSeq
	}
	return s
}
