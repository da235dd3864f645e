package live_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

var errBrokerAway = errors.New("the broker is away")

// faults are what a bus does to what it carries.
type faults struct {
	lose, double float64       // how often, from 0 to 1
	delay        time.Duration // at most; what is delayed overtakes and is overtaken
	away         bool          // nothing is acknowledged, published or delivered
	slow         time.Duration // that publishing takes
	mute         bool          // publishing and subscribing seem to work, and nothing arrives
}

// badBus is a broker that does what brokers do at the worst moment.
type badBus struct {
	mu      sync.Mutex
	random  *rand.Rand
	faults  faults
	members []*badMember
}

func newBus(seed uint64) *badBus { return &badBus{random: rand.New(rand.NewPCG(seed, 1))} }

func (b *badBus) set(f faults) {
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

func (b *badBus) join() *badMember {
	m := &badMember{bus: b, districts: map[uuid.UUID]bool{}, inbox: make(chan func(live.Listener), 10_000)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.members = append(b.members, m)
	if b.faults.away {
		m.tell(live.Listener.Away)
	}
	return m
}

func (b *badBus) publish(district uuid.UUID, payload []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.faults.away {
		return errBrokerAway
	}
	for _, m := range b.members {
		if b.faults.mute || !m.listens(district) {
			continue
		}
		for copies := b.copies(); copies > 0; copies-- {
			deliver := func() { m.tell(func(l live.Listener) { l.Deliver(district, payload) }) }
			if b.faults.delay == 0 {
				deliver()
				continue
			}
			time.AfterFunc(time.Duration(b.random.Int64N(int64(b.faults.delay))), deliver)
		}
	}
	return nil
}

func (b *badBus) copies() int {
	switch r := b.random.Float64(); {
	case r < b.faults.lose:
		return 0
	case r < b.faults.lose+b.faults.double:
		return 2
	}
	return 1
}

// badMember is one node's broker.
type badMember struct {
	bus   *badBus
	inbox chan func(live.Listener)

	mu        sync.Mutex
	districts map[uuid.UUID]bool
	replaced  int
	leaving   func() // called as a subscription is about to end
	cut       bool   // this one alone: nothing of it arrives anywhere
}

func (m *badMember) Run(ctx context.Context, l live.Listener) {
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-m.inbox:
			f(l)
		}
	}
}

func (m *badMember) tell(f func(live.Listener)) {
	select {
	case m.inbox <- f:
	default: // lost: a node that has stopped does not read
	}
}

func (m *badMember) Publish(_ context.Context, district uuid.UUID, payload []byte) error {
	m.mu.Lock()
	cut := m.cut
	m.mu.Unlock()
	if cut {
		return nil
	}
	m.bus.mu.Lock()
	slow := m.bus.faults.slow
	m.bus.mu.Unlock()
	time.Sleep(slow)
	return m.bus.publish(district, payload)
}

func (m *badMember) setCut(cut bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cut = cut
}

func (m *badMember) Subscribe(_ context.Context, district uuid.UUID) error {
	m.bus.mu.Lock()
	away := m.bus.faults.away
	m.bus.mu.Unlock()
	if away {
		return errBrokerAway
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.districts[district] = true
	return nil
}

func (m *badMember) Unsubscribe(district uuid.UUID) {
	if m.leaving != nil {
		m.leaving()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.districts, district)
}

func (m *badMember) Replace() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.replaced++
}

func (m *badMember) listens(district uuid.UUID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.districts[district]
}

func (m *badMember) replacements() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.replaced
}
