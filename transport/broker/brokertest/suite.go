// Package brokertest holds what every broker must do: one suite for all.
package brokertest

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

// patience is for what must happen and has no other bound; nothing is expected
// to take that long.
const patience = 20 * time.Second

// Run checks brokers. open joins one more node to the same installation; the
// suite runs it, and stops it at the end of the test.
func Run(t *testing.T, open func(t *testing.T) live.Broker) {
	t.Run("what is published reaches every node that listens, the publisher too", func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		district := uuid.New()
		a.subscribe(district)
		b.subscribe(district)
		a.publish(district, "letter")
		a.expect(district, "letter")
		b.expect(district, "letter")
	})
	t.Run("nothing published after the acknowledgement is missed", acknowledged(open))
	t.Run("districts do not mix", func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		mine, other := uuid.New(), uuid.New()
		b.subscribe(mine)
		a.publish(other, "theirs")
		a.publish(mine, "ours")
		b.expect(mine, "ours")
		b.expectNothingElse()
	})
	t.Run("who no longer listens hears nothing", func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		left, kept := uuid.New(), uuid.New()
		b.subscribe(left)
		b.subscribe(kept)
		b.broker.Unsubscribe(left)
		a.subscribe(left)
		a.publish(left, "after")
		a.expect(left, "after")
		a.publish(kept, "last")
		b.expect(kept, "last")
		b.expectNothingElse()
	})
	t.Run("a node may listen again", func(t *testing.T) {
		a := start(t, open(t))
		district := uuid.New()
		a.subscribe(district)
		a.broker.Unsubscribe(district)
		a.subscribe(district)
		a.publish(district, "again")
		a.expect(district, "again")
	})
	t.Run("payloads arrive unchanged, from one byte to a megabyte", func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		district := uuid.New()
		b.subscribe(district)
		for _, size := range []int{1, 1 << 10, 1 << 20} {
			payload := string(bytes.Repeat([]byte{0, 0xff, '\n'}, size/3+1)[:size])
			a.publish(district, payload)
			b.expect(district, payload)
		}
	})
	t.Run("many publish at once and nothing is lost", many(open))
	t.Run("deliveries come one at a time", oneAtATime(open))
	t.Run("a node is told when it is connected", func(t *testing.T) {
		a := start(t, open(t))
		a.wait("connected", func() bool { return a.connected > 0 })
	})
	t.Run("after its connection was replaced, a node is connected and hears again", replaced(open))
	t.Run("what nobody listens to costs nothing and is no error", func(t *testing.T) {
		start(t, open(t)).publish(uuid.New(), "unheard")
	})
}

func acknowledged(open func(*testing.T) live.Broker) func(*testing.T) {
	return func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		for range 50 {
			district := uuid.New()
			b.subscribe(district)
			a.publish(district, "first")
			b.expect(district, "first")
		}
	}
}

func many(open func(*testing.T) live.Broker) func(*testing.T) {
	return func(t *testing.T) {
		const publishers, each = 4, 50
		b := start(t, open(t))
		district := uuid.New()
		b.subscribe(district)
		var wg sync.WaitGroup
		for p := range publishers {
			a := start(t, open(t))
			wg.Go(func() {
				for i := range each {
					a.publish(district, fmt.Sprint(p, "/", i))
				}
			})
		}
		wg.Wait()
		for p := range publishers {
			for i := range each {
				b.expect(district, fmt.Sprint(p, "/", i))
			}
		}
	}
}

func oneAtATime(open func(*testing.T) live.Broker) func(*testing.T) {
	return func(t *testing.T) {
		a := start(t, open(t))
		for range 4 {
			district := uuid.New()
			a.subscribe(district)
			for i := range 25 {
				a.publish(district, fmt.Sprint(i))
			}
		}
		a.wait("100 deliveries", func() bool { return len(a.got) == 100 })
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.overlapped {
			t.Error("Deliver was called while it was running")
		}
	}
}

func replaced(open func(*testing.T) live.Broker) func(*testing.T) {
	return func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		district := uuid.New()
		b.subscribe(district)
		b.broker.Replace()
		deadline := time.Now().Add(patience)
		for i := 0; ; i++ { // what is published while it reconnects may be lost
			payload := fmt.Sprint("attempt ", i)
			a.publish(district, payload)
			if b.heard(district, payload, 100*time.Millisecond) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal("nothing arrives any more")
			}
		}
	}
}

// node is a broker with what it brought.
type node struct {
	t      *testing.T
	broker live.Broker

	mu         sync.Mutex
	changed    chan struct{}
	got        []string
	connected  int
	inside     bool
	overlapped bool
}

func start(t *testing.T, b live.Broker) *node {
	t.Helper()
	n := &node{t: t, broker: b, changed: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.Run(ctx, n)
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(patience):
			t.Error("Run did not return after its context had ended")
		}
	})
	return n
}

func (n *node) Deliver(district uuid.UUID, payload []byte) {
	n.mu.Lock()
	n.overlapped = n.overlapped || n.inside
	n.inside = true
	n.mu.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.inside = false
	n.got = append(n.got, district.String()+string(payload))
	n.notify()
}

func (n *node) Connected() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.connected++
	n.notify()
}

func (n *node) Away() {}

func (n *node) notify() {
	close(n.changed)
	n.changed = make(chan struct{})
}

func (n *node) subscribe(district uuid.UUID) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := n.broker.Subscribe(ctx, district); err != nil {
		n.t.Fatalf("subscribe: %v", err)
	}
}

func (n *node) publish(district uuid.UUID, payload string) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := n.broker.Publish(ctx, district, []byte(payload)); err != nil {
		n.t.Errorf("publish: %v", err)
	}
}

// expect waits for a payload, wherever it stands among what arrived, and takes it out.
func (n *node) expect(district uuid.UUID, payload string) {
	n.t.Helper()
	if !n.heard(district, payload, patience) {
		n.t.Fatalf("%d bytes published to %s did not arrive", len(payload), district)
	}
}

func (n *node) heard(district uuid.UUID, payload string, within time.Duration) bool {
	want := district.String() + payload
	return n.waitFor(within, func() bool {
		for i, got := range n.got {
			if got == want {
				n.got = append(n.got[:i], n.got[i+1:]...)
				return true
			}
		}
		return false
	})
}

func (n *node) expectNothingElse() {
	n.t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.got) > 0 {
		n.t.Errorf("%d payloads arrived that nobody listens to", len(n.got))
	}
}

func (n *node) wait(what string, ok func() bool) {
	n.t.Helper()
	if !n.waitFor(patience, ok) {
		n.t.Fatalf("waited for %s", what)
	}
}

func (n *node) waitFor(within time.Duration, ok func() bool) bool {
	late := time.After(within)
	for {
		n.mu.Lock()
		met, changed := ok(), n.changed
		n.mu.Unlock()
		if met {
			return true
		}
		select {
		case <-changed:
		case <-late:
			return false
		}
	}
}
