// Package brokertest holds what every broker must do: one suite for all.
package brokertest

import (
	"bytes"
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
	t.Run("after it was replaced, all districts are listened to and those left are not", replacedAll(open))
	t.Run("what was published before a node ran is not lost if it listened", func(t *testing.T) {
		a, b := start(t, open(t)), newNode(t, open(t))
		district := uuid.New()
		b.subscribe(district)
		a.publish(district, "early")
		b.run()
		b.expect(district, "early")
	})
	t.Run("a node that listens no more can still publish", func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		district := uuid.New()
		a.subscribe(district)
		b.subscribe(district)
		b.stop()
		b.publish(district, "last words")
		a.expect(district, "last words")
	})
	t.Run("many listen and leave at once", manyDistricts(open))
	t.Run("a node that stands still keeps nobody waiting", func(t *testing.T) {
		a, slow, b := start(t, open(t)), start(t, open(t)), start(t, open(t))
		district := uuid.New()
		slow.subscribe(district)
		b.subscribe(district)
		release := slow.hold()
		for i := range 100 {
			payload := fmt.Sprint("letter ", i)
			a.publish(district, payload)
			b.expect(district, payload)
		}
		release()
		for i := range 100 {
			slow.expect(district, fmt.Sprint("letter ", i))
		}
	})
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

// replacedAll holds that Connected comes after everything is listened to again:
// what is published from then on is not lost.
func replacedAll(open func(*testing.T) live.Broker) func(*testing.T) {
	return func(t *testing.T) {
		const districts = 1200
		a, b := start(t, open(t)), start(t, open(t))
		var kept []uuid.UUID
		left := uuid.New()
		b.subscribe(left)
		for range districts {
			kept = append(kept, uuid.New())
			b.subscribe(kept[len(kept)-1])
		}
		b.broker.Unsubscribe(left)
		b.wait("connected", func() bool { return b.connected > 0 })
		b.mu.Lock()
		before := b.connected
		b.mu.Unlock()
		b.broker.Replace()
		b.wait("connected again", func() bool { return b.connected > before })
		a.publish(left, "to nobody")
		for _, district := range kept {
			a.publish(district, "again")
		}
		b.wait("all that was published", func() bool { return len(b.got) >= districts })
		for _, district := range kept {
			b.expect(district, "again")
		}
		b.expectNothingElse()
	}
}

func manyDistricts(open func(*testing.T) live.Broker) func(*testing.T) {
	return func(t *testing.T) {
		a, b := start(t, open(t)), start(t, open(t))
		var wg sync.WaitGroup
		kept := make([]uuid.UUID, 200)
		for i := range kept {
			kept[i] = uuid.New()
			wg.Go(func() {
				left := uuid.New()
				b.subscribe(left)
				b.subscribe(kept[i])
				b.broker.Unsubscribe(left)
				a.publish(kept[i], "heard")
			})
		}
		wg.Wait()
		for _, district := range kept {
			b.expect(district, "heard")
		}
		b.expectNothingElse()
	}
}
