package brokertest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

// node is a broker with what it brought.
type node struct {
	t      *testing.T
	broker live.Broker
	stop   func()

	mu         sync.Mutex
	changed    chan struct{}
	held       chan struct{} // while it is not nil, Deliver stands still
	got        []string
	connected  int
	inside     bool
	overlapped bool
}

func start(t *testing.T, b live.Broker) *node {
	t.Helper()
	n := newNode(t, b)
	n.run()
	return n
}

func newNode(t *testing.T, b live.Broker) *node {
	return &node{t: t, broker: b, changed: make(chan struct{})}
}

// run runs the broker until stop or the end of the test.
func (n *node) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.broker.Run(ctx, n)
	}()
	n.stop = func() {
		cancel()
		select {
		case <-done:
		case <-time.After(patience):
			n.t.Error("Run did not return after its context had ended")
		}
	}
	n.t.Cleanup(n.stop)
}

// hold lets Deliver stand still until release.
func (n *node) hold() (release func()) {
	held := make(chan struct{})
	n.mu.Lock()
	defer n.mu.Unlock()
	n.held = held
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.held = nil
		close(held)
	}
}

func (n *node) Deliver(district uuid.UUID, payload []byte) {
	n.mu.Lock()
	n.overlapped = n.overlapped || n.inside
	n.inside = true
	held := n.held
	n.mu.Unlock()
	if held != nil {
		<-held
	}
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
		n.t.Errorf("subscribe: %v", err)
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
