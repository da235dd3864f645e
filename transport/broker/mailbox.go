package broker

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

const (
	mailboxBytes  = 16 << 20 // how much may wait for one node
	deliveryBytes = 64       // what a delivery costs beside its payload
)

// said is what a mailbox holds for the listener.
type said int

const (
	arrived said = iota
	connected
	away
)

type delivery struct {
	said     said
	district uuid.UUID
	payload  []byte
}

// mailbox stands between those who bring payloads, whom it never keeps waiting,
// and the goroutine that hands them to the listener. It is bounded in bytes: over
// the bound what is new is dropped, and the listener is told that it is connected
// again, which is to say that it may have missed something.
type mailbox struct {
	wake chan struct{}

	mu      sync.Mutex
	waiting []delivery
	bytes   int
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

func (m *mailbox) put(district uuid.UUID, payload []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if size := deliveryBytes + len(payload); m.bytes+size <= mailboxBytes {
		m.waiting = append(m.waiting, delivery{arrived, district, payload})
		m.bytes += size
	} else {
		m.mark(connected)
	}
	m.signal()
}

// tell puts in what is said of the connection.
func (m *mailbox) tell(what said) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mark(what)
	m.signal()
}

// mark keeps no more than two marks next to one another, however often the
// connection comes and goes: what counts is how it stands.
func (m *mailbox) mark(what said) {
	last := len(m.waiting) - 1
	switch {
	case last >= 0 && m.waiting[last].said == what:
	case last >= 1 && m.waiting[last].said != arrived && m.waiting[last-1].said == what:
		m.waiting = m.waiting[:last]
	default:
		m.waiting = append(m.waiting, delivery{said: what})
	}
}

func (m *mailbox) signal() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *mailbox) take() []delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.waiting
	m.waiting, m.bytes = nil, 0
	return out
}

// handTo gives the listener what comes until ctx ends.
func (m *mailbox) handTo(ctx context.Context, l live.Listener) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
		}
		for _, d := range m.take() {
			switch d.said {
			case arrived:
				l.Deliver(d.district, d.payload)
			case connected:
				l.Connected()
			case away:
				l.Away()
			}
		}
	}
}
