package broker

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

// Bus is a broker for nodes in one process.
type Bus struct {
	mu      sync.Mutex
	members []*InProcess
}

// NewBus is a bus without members.
func NewBus() *Bus { return &Bus{} }

// Join is one more node's broker. It stays a member for as long as the bus is.
func (b *Bus) Join() *InProcess {
	m := &InProcess{bus: b, inbox: newMailbox(), districts: map[uuid.UUID]bool{}}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.members = append(b.members, m)
	return m
}

// NewInProcess is the broker of an installation of one node.
func NewInProcess() *InProcess { return NewBus().Join() }

// InProcess is one node's part of a [Bus].
type InProcess struct {
	bus   *Bus
	inbox *mailbox

	mu        sync.Mutex
	districts map[uuid.UUID]bool
}

var _ live.Broker = (*InProcess)(nil)

// Run hands over what arrives until ctx ends. Where more waits than the mailbox
// holds, it is dropped and the listener is told to reconcile.
func (p *InProcess) Run(ctx context.Context, l live.Listener) {
	l.Connected()
	p.inbox.handTo(ctx, l)
}

// Publish puts the payload into the mailbox of every member that listens.
func (p *InProcess) Publish(ctx context.Context, district uuid.UUID, payload []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.bus.mu.Lock()
	defer p.bus.mu.Unlock()
	for _, m := range p.bus.members {
		if m.listens(district) {
			m.inbox.put(district, payload)
		}
	}
	return nil
}

// Subscribe listens to a district from now on.
func (p *InProcess) Subscribe(ctx context.Context, district uuid.UUID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.districts[district] = true
	return nil
}

// Unsubscribe listens to a district no more.
func (p *InProcess) Unsubscribe(district uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.districts, district)
}

// Replace has nothing to replace within a process.
func (p *InProcess) Replace() { p.inbox.tell(connected) }

func (p *InProcess) listens(district uuid.UUID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.districts[district]
}
