package simulation_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

var errBusAway = errors.New("the broker is away")

// busFaults are what a bus does to what it carries.
type busFaults struct {
	lose, double float64       // how often, from 0 to 1
	delay        time.Duration // at most; what is delayed overtakes and is overtaken
	away         bool          // the connection is lost, and everybody knows
	swallow      bool          // publishing and subscribing seem to work, and nothing arrives
}

// stays says whether nothing arrives at all: what everything is shown in spite of.
func (f busFaults) stays() bool { return f.away || f.swallow }

// bus is a broker that does what brokers do at the worst moment.
type bus struct {
	mu      sync.Mutex
	random  *rand.Rand
	faults  busFaults
	members []*member
}

func newBus(random *rand.Rand) *bus { return &bus{random: random} }

func (b *bus) set(f busFaults) {
	b.mu.Lock()
	was := b.faults
	b.faults = f
	members := b.members
	b.mu.Unlock()
	for _, m := range members {
		switch {
		case f.away && !was.away:
			m.tell(live.Listener.Away)
		case !f.away && was.away:
			m.tell(live.Listener.Connected)
		}
	}
}

func (b *bus) join() *member {
	m := &member{bus: b, districts: map[uuid.UUID]bool{}, inbox: make(chan func(live.Listener), 1000)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.members = append(b.members, m)
	return m
}

func (b *bus) publish(district uuid.UUID, payload []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.faults.away {
		return errBusAway
	}
	for _, m := range b.members {
		if b.faults.swallow || !m.hears(district) {
			continue
		}
		for copies := b.copies(); copies > 0; copies-- {
			deliver := func() { m.tell(func(l live.Listener) { l.Deliver(district, payload) }) }
			if b.faults.delay == 0 {
				deliver()
			} else {
				time.AfterFunc(time.Duration(b.random.Int64N(int64(b.faults.delay))), deliver)
			}
		}
	}
	return nil
}

func (b *bus) copies() int {
	switch r := b.random.Float64(); {
	case r < b.faults.lose:
		return 0
	case r < b.faults.lose+b.faults.double:
		return 2
	}
	return 1
}

func (b *bus) isAway() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.faults.away
}

// member is one node's broker.
type member struct {
	bus   *bus
	inbox chan func(live.Listener)

	mu        sync.Mutex
	districts map[uuid.UUID]bool
	deaf      bool // its connection is half open, until it is replaced
	dead      bool // its node was killed
}

var _ live.Broker = (*member)(nil)

// Run hands over what arrives.
func (m *member) Run(ctx context.Context, l live.Listener) {
	l.Connected()
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-m.inbox:
			f(l)
		}
	}
}

func (m *member) tell(f func(live.Listener)) {
	select {
	case m.inbox <- f:
	default: // a node that has stopped does not read
	}
}

// Publish loses what a node says after its death.
func (m *member) Publish(_ context.Context, district uuid.UUID, payload []byte) error {
	m.mu.Lock()
	dead := m.dead
	m.mu.Unlock()
	if dead {
		return nil
	}
	return m.bus.publish(district, payload)
}

// Subscribe fails while the bus is away.
func (m *member) Subscribe(_ context.Context, district uuid.UUID) error {
	if m.bus.isAway() {
		return errBusAway
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.districts[district] = true
	return nil
}

// Unsubscribe ends it.
func (m *member) Unsubscribe(district uuid.UUID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.districts, district)
}

// Replace mends a connection that was half open.
func (m *member) Replace() {
	m.mu.Lock()
	mended := m.deaf
	m.deaf = false
	m.mu.Unlock()
	if mended {
		m.tell(live.Listener.Connected)
	}
}

func (m *member) hears(district uuid.UUID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.districts[district] && !m.deaf && !m.dead
}

// halfOpen lets nothing arrive any more, without a word.
func (m *member) halfOpen() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.deaf = true
}

func (m *member) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = true
}
