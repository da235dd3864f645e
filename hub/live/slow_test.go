package live_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/live"
)

func TestASlowPageIsShownTheNewestCountInsteadOfAllBeforeIt(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent)
		release := p.stick()
		for range 100 {
			s.post("letter")
		}
		time.Sleep(settle)
		release()
		time.Sleep(settle)
		p.check()
		if len(p.told()) > 20 || p.states() == 0 {
			t.Errorf("%d frames, %d of them states alone", len(p.told()), p.states())
		}
	})
}

func TestATooSlowPageIsClosedAndRecoversByNumber(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p, other := s.open(0, s.parent, s.talk), s.open(0, s.teacher, s.talk)
		time.Sleep(settle)
		release := p.stick()
		long := strings.Repeat("long ", 2000)
		for range 40 {
			s.post(long)
			time.Sleep(time.Millisecond)
		}
		time.Sleep(settle)
		if p.how() != live.CloseSlow {
			t.Fatalf("closed with %v", p.how())
		}
		other.check() // at whom it does not show
		release()
		if err := p.connect(s.nodes[0].Node); err != nil {
			t.Fatal(err)
		}
		time.Sleep(settle)
		p.check()
	})
}

func TestWhoAsksForMuchWaitsForRoom(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent)
		release := p.stick()
		session := p.current()
		session.Send(make([]byte, 10))
		session.Send([]byte(`{"type":"` + strings.Repeat("x", 200<<10) + `"}`))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := session.Room(ctx); err == nil {
			t.Error("there is room while 200 KiB wait")
		}
		release()
		if err := session.Room(t.Context()); err != nil {
			t.Error(err)
		}
		p.disconnect()
		if err := session.Room(t.Context()); err == nil {
			t.Error("there is room in a session that has ended")
		}
	})
}

func TestAStoppingNodeSendsItsPagesAwayOverAWindow(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		var pages []*page
		for range 20 {
			pages = append(pages, s.open(0, s.parent, s.talk))
		}
		done := make(chan error, 1)
		go func() { done <- s.nodes[0].Drain(context.Background(), 10*time.Second) }()
		left := func() (n int) {
			for _, p := range pages {
				if p.connected() {
					n++
				}
			}
			return n
		}
		time.Sleep(settle)
		if err := newPage(t, s.school, s.parent).connect(s.nodes[0].Node); err == nil {
			t.Error("a stopping node takes somebody")
		}
		time.Sleep(4500 * time.Millisecond)
		if n := left(); n < 8 || n > 11 {
			t.Errorf("half-way through the window %d of 20 are there", n)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		for _, p := range pages {
			if p.connected() || p.how() != live.CloseStopping {
				t.Errorf("closed with %v", p.how())
			}
			if err := p.connect(s.nodes[1].Node); err != nil {
				t.Error(err)
			}
		}
		s.nodes[1].Publish(context.Background(), s.school.post(s.talk, s.teacher, "letter"))
		time.Sleep(settle)
		for _, p := range pages {
			p.check()
		}
	})
}

func TestAStoppingNodeAnswersWhatItTook(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent)
		time.Sleep(settle)
		session := p.current()
		if !session.Hold() {
			t.Fatal("a session takes nothing")
		}
		done := make(chan error, 1)
		go func() { done <- s.nodes[0].Drain(context.Background(), 0) }()
		time.Sleep(time.Minute)
		if !p.connected() {
			t.Fatal("closed before the answer")
		}
		if session.Hold() {
			t.Error("a session that is about to end takes more")
		}
		session.Send([]byte(`{"type":"the answer"}`))
		session.Release()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if p.told()[len(p.told())-1] != "the answer" || p.how() != live.CloseStopping {
			t.Errorf("%v, closed with %v", p.told(), p.how())
		}
	})
}
