package broker

import (
	"sync"

	"github.com/google/uuid"
)

// mailboxBytes is how much may wait for one node.
const mailboxBytes = 16 << 20

type delivery struct {
	district uuid.UUID
	payload  []byte // nil says that what came before it was dropped
}

// mailbox is a queue bounded in bytes. Over the bound, what is new is dropped,
// and a mark takes its place.
type mailbox struct {
	wake chan struct{}

	mu      sync.Mutex
	waiting []delivery
	bytes   int
	dropped bool
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

func (m *mailbox) put(d delivery) {
	m.mu.Lock()
	switch {
	case m.bytes+len(d.payload) <= mailboxBytes:
		m.waiting = append(m.waiting, d)
		m.bytes += len(d.payload)
		m.dropped = false
	case !m.dropped:
		m.waiting = append(m.waiting, delivery{})
		m.dropped = true
	}
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *mailbox) take() []delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.waiting
	m.waiting, m.bytes, m.dropped = nil, 0, false
	return out
}
