package live_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/homeline/homeline/hub"
)

// What happens in the short while between a read of the store and its answer,
// and between the last session of a district and the next.

func TestWhatIsLostWhileASubscriptionIsReadIsMissed(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		warm := s.open(0, s.teacher, s.talk)
		s.post("before")
		time.Sleep(5 * time.Second)
		late := newPage(s.t, s.school, s.parent, s.talk)
		late.last[s.talk], late.letters[s.talk] = 1, []int64{1} // it comes back
		s.school.after = once("standings", func() {
			s.bus.set(faults{lose: 1})
			s.post("lost")
			time.Sleep(10 * time.Millisecond)
			s.bus.set(faults{})
			time.Sleep(2 * time.Second) // the answer takes its time
		})
		if err := late.connect(s.nodes[0].Node); err != nil {
			t.Fatal(err)
		}
		time.Sleep(shownWithin)
		warm.check()
		late.check()
	})
}

func TestASealThatComesWhileWhatIsMissingIsReadIsShown(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		time.Sleep(5 * time.Second)
		overtaken := s.school.post(s.talk, s.teacher, "overtaken")
		s.school.after = once("messages", func() {
			s.nodes[0].Publish(context.Background(), s.school.seal(s.talk, hub.Seal{Cause: hub.SealedByBar}))
			time.Sleep(20 * time.Millisecond)
		})
		s.post("next") // shows the gap
		time.Sleep(shownWithin)
		s.nodes[0].Publish(context.Background(), overtaken)
		time.Sleep(settle)
		p.check()
	})
}

func TestWhoComesAsTheLastOneLeavesIsTold(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		last, next := s.open(0, s.teacher), newPage(s.t, s.school, s.parent, s.talk)
		time.Sleep(5 * time.Second)
		came := make(chan error)
		s.nodes[0].broker.leaving = func() {
			s.nodes[0].broker.leaving = nil
			go func() { came <- next.connect(s.nodes[0].Node) }()
			time.Sleep(10 * time.Millisecond)
		}
		last.disconnect()
		if err := <-came; err != nil {
			t.Fatal(err)
		}
		s.post("letter")
		time.Sleep(shownWithin)
		next.check()
	})
}

// once is called after the first read of that name.
func once(read string, do func()) func(string) {
	var did sync.Once
	return func(name string) {
		if name == read {
			did.Do(do)
		}
	}
}
