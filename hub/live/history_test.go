package live_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/live"
)

// write posts a letter through a node and waits until pages show it.
func (s story) write(node int, body string) {
	s.nodes[node].Publish(context.Background(), s.school.post(s.talk, s.teacher, body))
	time.Sleep(settle)
}

// cameBack checks that a connection was ended so that the page comes back, and
// connects it again.
func (s story) cameBack(node int, p *page) {
	s.t.Helper()
	if how := p.how(); how != live.CloseEpoch || how.Code < 4000 || how.Code > 4099 {
		s.t.Errorf("the connection was closed with %+v", how)
	}
	if err := p.connect(s.nodes[node].Node); err != nil {
		s.t.Error(err)
	}
}

func TestPagesShowWhatThereIsAfterTheHistoryWentBack(t *testing.T) {
	for name, c := range map[string]struct {
		notices bool // the store itself says that it is another
		after   []string
	}{
		"to fewer messages":                           {after: nil},
		"and its numbers were taken by other letters": {notices: true, after: []string{"new two", "new three", "new four", "new five"}},
	} {
		t.Run(name, func(t *testing.T) {
			tellOn(t, 2, func(t *testing.T, s story) {
				pages := []*page{s.open(0, s.parent, s.talk), s.open(1, s.teacher, s.talk)}
				s.write(0, "one")
				restore := s.school.backup()
				for _, body := range []string{"two", "three", "four"} {
					s.write(1, body)
				}
				before := s.school.current()
				restore()
				if c.notices {
					s.school.moves()
				}
				for _, body := range c.after {
					s.write(0, body)
				}
				time.Sleep(time.Minute)
				if s.school.current() == before {
					t.Error("the epoch was not renewed")
				}
				for i, p := range pages {
					s.cameBack(i, p)
				}
				s.write(0, "the last")
				for _, p := range pages {
					p.check()
				}
			})
		})
	}
}

func TestNodesThatSeeTheHistoryGoBackAgreeOnOneEpochAndPagesAreSentAwayOnce(t *testing.T) {
	tellOn(t, 3, func(t *testing.T, s story) {
		var pages []*page
		for node := range 3 {
			pages = append(pages, s.open(node, s.parent, s.talk))
		}
		restore := s.school.backup()
		s.write(0, "one")
		s.write(0, "two")
		restore()
		time.Sleep(time.Minute)
		for node, p := range pages {
			s.cameBack(node, p)
		}
		time.Sleep(5 * time.Minute)
		for node, p := range pages {
			if !p.connected() || p.current().Epoch() != s.school.current() {
				t.Errorf("the page on node %d was sent away again", node)
			}
			p.check()
		}
	})
}

// An event may be on its way while a backup is restored: what it says is of a
// history that is no longer told.
func TestAnEventOfAnotherEpochIsNotTakenForNews(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		s.write(0, "one")
		restore := s.school.backup()
		s.bus.set(faults{delay: 20 * time.Second})
		for _, body := range []string{"two", "three", "four"} {
			s.nodes[0].Publish(context.Background(), s.school.post(s.talk, s.teacher, body))
		}
		restore()
		s.school.moves()
		s.bus.set(faults{})
		time.Sleep(3 * time.Second)
		p := s.open(1, s.parent, s.talk)
		time.Sleep(time.Minute)
		p.check()
		s.write(0, "new two")
		p.check()
	})
}

// What a node has found to be missing may be missing because of the other epoch
// that it learned of meanwhile.
func TestALossThatAnotherEpochSaysAlreadyMakesNoThirdOne(t *testing.T) {
	tellOn(t, 1, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		restore := s.school.backup()
		s.write(0, "one")
		s.write(0, "two")
		var looked atomic.Bool
		s.school.beforeReads(func(read string) {
			if read != "heads" || looked.Swap(true) {
				return
			}
			restore()
			s.school.moves()
			time.Sleep(3 * time.Second) // the node hears of it, before it is answered
		})
		time.Sleep(time.Minute)
		s.cameBack(0, p)
		time.Sleep(time.Minute)
		if renewed := s.school.costs()["renew"]; !looked.Load() || !p.connected() || renewed > 0 {
			t.Errorf("looked: %v; the page stands: %v; the epoch was renewed %d times", looked.Load(), p.connected(), renewed)
		}
		p.check()
	})
}
