package broker_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/broker/brokertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheBusIsABroker(t *testing.T) {
	var bus *broker.Bus
	var of string
	brokertest.Run(t, func(t *testing.T) live.Broker {
		if of != t.Name() { // every test has an installation of its own
			bus, of = broker.NewBus(), t.Name()
		}
		return bus.Join()
	})
}

// listener counts what it hears and can be made to stand still.
type listener struct {
	deliveries, connected int
	before                func()
	done                  chan struct{}
	until                 func(*listener) bool
}

func (l *listener) Deliver(uuid.UUID, []byte) {
	if l.deliveries == 0 {
		l.before()
	}
	l.deliveries++
	l.check()
}

func (l *listener) Connected() { l.connected++; l.check() }
func (l *listener) Away()      {}

func (l *listener) check() {
	if l.until(l) {
		close(l.done)
	}
}

func TestANodeThatCannotKeepUpIsToldToReconcileAndCostsNobodyElse(t *testing.T) {
	p := broker.NewInProcess()
	district := uuid.New()
	if err := p.Subscribe(t.Context(), district); err != nil {
		t.Fatal(err)
	}
	const published = 40 // of a megabyte: more than waits for one node
	publish := func() {
		for range published {
			if err := p.Publish(t.Context(), district, make([]byte, 1<<20)); err != nil {
				t.Error(err)
			}
		}
	}
	if err := p.Publish(t.Context(), district, []byte("first")); err != nil {
		t.Fatal(err)
	}
	l := &listener{before: publish, done: make(chan struct{})}
	l.until = func(l *listener) bool { return l.connected == 2 }
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		p.Run(ctx, l)
	}()
	<-l.done
	cancel()
	<-stopped
	if l.deliveries >= published {
		t.Errorf("%d deliveries: nothing was dropped, so nothing was shown", l.deliveries)
	}
}
