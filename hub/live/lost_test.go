package live_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
)

func TestALostEventIsNoticedByTheNextBeat(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		p := s.open(1, s.parent, s.talk)
		time.Sleep(shownWithin)
		s.bus.set(faults{lose: 1})
		s.post("lost")
		synctest.Wait()
		s.bus.set(faults{})
		time.Sleep(1500 * time.Millisecond)
		p.check()
	})
}

func TestALostEventBetweenOthersIsNoticedAtOnce(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		s.post("heard")
		synctest.Wait()
		s.bus.set(faults{lose: 1})
		s.post("lost")
		synctest.Wait()
		s.bus.set(faults{})
		s.post("heard")
		time.Sleep(150 * time.Millisecond)
		p.check()
	})
}

func TestANodeThatDiesBetweenCommitAndEventIsMissed(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		p := s.open(1, s.parent, s.talk)
		time.Sleep(shownWithin)
		s.school.post(s.talk, s.teacher, "committed, never published")
		s.nodes[0].stop()
		time.Sleep(shownWithin)
		p.check()
	})
}

func TestANodeThatDiesBeforeItWasHeardOfIsMissed(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		time.Sleep(40 * time.Second)
		s.bus.set(faults{lose: 1})
		s.nodes = append(s.nodes, s.run(live.Options{}))
		p := s.open(1, s.parent, s.talk)
		time.Sleep(500 * time.Millisecond)
		s.school.post(s.talk, s.teacher, "committed, never published")
		s.nodes[0].stop()
		s.bus.set(faults{})
		time.Sleep(shownWithin)
		p.check()
	})
}

func TestWhatMayHaveBeenCommittedIsLookedFor(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		here, there := s.open(0, s.parent, s.talk), s.open(1, s.parent, s.talk)
		time.Sleep(shownWithin)
		s.school.post(s.talk, s.teacher, "committed, and the answer lost")
		s.nodes[0].Publish(context.Background(), hub.Event{District: s.school.district})
		time.Sleep(1500 * time.Millisecond)
		here.check()
		there.check()
	})
}

func TestWhileTheBrokerIsAwayPagesAreTwoSecondsLate(t *testing.T) {
	for name, f := range map[string]faults{"and says so": {away: true}, "and seems to be there": {mute: true}} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(t *testing.T, s story) {
				s.bus.set(f)
				p := s.open(0, s.parent, s.talk) // also who comes meanwhile
				time.Sleep(shownWithin)
				for range 5 {
					s.post("letter")
					time.Sleep(2500 * time.Millisecond)
					p.check()
				}
				if f.mute && s.nodes[0].broker.replacements() == 0 {
					t.Error("the connection was not replaced")
				}
			})
		})
	}
}

func TestReconcilingAsksTheStoreOnceForEachKind(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		for range 20 {
			s.open(0, s.parent, s.talk)
			s.open(0, s.teacher, s.talk)
		}
		time.Sleep(40 * time.Second)
		s.school.mu.Lock()
		clear(s.school.reads)
		s.school.mu.Unlock()
		time.Sleep(30 * time.Second)
		s.school.mu.Lock()
		defer s.school.mu.Unlock()
		if r := s.school.reads; r["heads"] != 1 || r["tails"] != 1 || r["ended"] != 1 || r["epoch"] < 29 || r["epoch"] > 31 || len(r) != 4 { // of what is asked every second one may be due at either end
			t.Errorf("30 s with nothing to tell cost %v", r)
		}
		if a := s.school.asked; a["heads"] != 2 || a["tails"] != 1 {
			t.Errorf("asked for %v", a)
		}
	})
}

func TestWhatWasPublishedBeforeAnybodyListenedIsNotTakenForLost(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		time.Sleep(shownWithin) // the node has looked once whether it missed anybody
		s.post("nobody is here yet")
		synctest.Wait()
		s.open(0, s.parent, s.talk)
		s.school.mu.Lock()
		clear(s.school.reads)
		s.school.mu.Unlock()
		time.Sleep(10 * time.Second)
		s.school.mu.Lock()
		defer s.school.mu.Unlock()
		if delete(s.school.reads, "epoch"); len(s.school.reads) > 0 {
			t.Errorf("10 s with nothing to tell cost %v", s.school.reads)
		}
	})
}

func TestOneWhoMissesAMessageCostsTheNodeTwoReadsHoweverManyMissIt(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		var pages []*page
		for range 30 {
			pages = append(pages, s.open(0, s.parent, s.talk), s.open(0, s.teacher, s.talk))
		}
		s.bus.set(faults{lose: 1})
		s.post("lost")
		synctest.Wait()
		s.bus.set(faults{})
		s.school.mu.Lock()
		clear(s.school.reads)
		s.school.mu.Unlock()
		time.Sleep(shownWithin)
		s.school.mu.Lock()
		reads := s.school.reads["conversation"] + s.school.reads["messages"]
		s.school.mu.Unlock()
		if reads != 2 {
			t.Errorf("%d reads", reads)
		}
		for _, p := range pages {
			p.check()
		}
	})
}

func TestADistrictWithoutSessionsIsListenedToNoMore(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		if !s.nodes[0].broker.listens(s.school.district) {
			t.Fatal("a district with a session is not listened to")
		}
		p.disconnect()
		time.Sleep(time.Minute)
		if s.nodes[0].broker.listens(s.school.district) {
			t.Error("a district without sessions is still listened to")
		}
		if err := p.connect(s.nodes[0].Node); err != nil {
			t.Fatal(err)
		}
		s.post("letter")
		time.Sleep(settle)
		p.check()
	})
}

func TestAFailingStoreIsAskedAgain(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		s.bus.set(faults{lose: 1})
		s.post("lost")
		synctest.Wait()
		s.bus.set(faults{})
		s.school.setAway(true)
		time.Sleep(20 * time.Second)
		s.school.setAway(false)
		time.Sleep(3 * time.Second)
		p.check()
	})
}

func TestAStoppingNodePublishesWhatItHasCommitted(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		p := s.open(1, s.parent, s.talk)
		time.Sleep(shownWithin)
		before := len(p.told())
		for range 100 {
			s.post("at the last moment")
		}
		s.nodes[0].stop()
		synctest.Wait()
		if len(p.told()) < before+100 {
			t.Errorf("%d frames of 100 letters", len(p.told())-before)
		}
		p.check()
	})
}

// A node that was cut off from the broker alone goes on to commit; nobody hears
// from it before it dies.
func TestWhatASilentNodeCommitsBeforeItDiesIsFound(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		p := s.open(1, s.parent, s.talk)
		time.Sleep(2 * time.Second)
		s.nodes[0].broker.setCut(true)
		time.Sleep(10 * time.Second)
		s.post("committed, heard by nobody")
		s.nodes[0].stop()
		time.Sleep(shownWithin)
		p.check()
	})
}

// Before a node runs, and while the broker stands still, commits do not wait.
func TestPublishingNeverWaits(t *testing.T) {
	s := newSchool(2)
	talk := s.start(s.people[0], s.people[1])
	node := live.New(newBus(1).join(), s, s, live.Options{OutboxSize: 4, Log: slog.New(slog.DiscardHandler)})
	for range 100 {
		node.Publish(context.Background(), s.post(talk, s.people[0], "letter"))
	}
}

func TestAnEventThatFoundNoRoomIsFoundByNumber(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		s.nodes = append(s.nodes, s.run(live.Options{OutboxSize: 1}))
		p := s.open(1, s.parent, s.talk)
		for range 50 {
			s.nodes[1].Publish(context.Background(), s.school.post(s.talk, s.teacher, "letter"))
		}
		time.Sleep(shownWithin)
		p.check()
	})
}

func TestWhoIsOutIsToldNothingMore(t *testing.T) {
	for _, c := range []struct {
		name string
		out  hub.Out
		how  live.Close
		lost bool // the event
	}{
		{name: "gone from the roster", out: hub.Out{Why: hub.OutGone}, how: live.CloseOut},
		{name: "signed out everywhere", out: hub.Out{Why: hub.OutSignedOut}, how: live.CloseSignedOut},
		{name: "and the event was lost", out: hub.Out{Why: hub.OutGone}, how: live.CloseSignedOut, lost: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			tell(t, func(t *testing.T, s story) {
				p, other := s.open(0, s.parent, s.talk), s.open(0, s.teacher, s.talk)
				time.Sleep(settle)
				s.school.out(s.parent, p.who.SignIn)
				if c.lost {
					s.bus.set(faults{lose: 1})
				}
				c.out.People = append(c.out.People, s.parent)
				s.nodes[0].Publish(context.Background(), hub.Event{District: s.school.district, Out: &c.out})
				synctest.Wait()
				s.bus.set(faults{})
				time.Sleep(shownWithin)
				if p.connected() || p.how() != c.how {
					t.Errorf("closed with %v", p.how())
				}
				if !other.connected() {
					t.Error("somebody else's connection was closed")
				}
			})
		})
	}
}

func TestSigningOutInOneBrowserLeavesTheOthers(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		here, there := s.open(0, s.parent), s.open(0, s.parent)
		out := hub.Out{People: []uuid.UUID{s.parent}, Session: here.who.SignIn, Why: hub.OutSignedOut}
		s.nodes[0].Publish(context.Background(), hub.Event{District: s.school.district, Out: &out})
		time.Sleep(settle)
		if here.connected() || !there.connected() {
			t.Errorf("here %v, there %v", here.how(), there.how())
		}
	})
}

// Between being gone and being closed nothing is brought after.
func TestWhoIsGoneMissesWhatIsReadForOthers(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p, other := s.open(0, s.parent, s.talk), s.open(0, s.teacher, s.talk)
		s.post("one")
		time.Sleep(settle)
		s.school.out(s.parent, "another sign-in")
		s.bus.set(faults{lose: 1})
		s.post("two")
		synctest.Wait()
		s.bus.set(faults{})
		time.Sleep(shownWithin)
		other.check()
		if got := p.shown(s.talk); got != 1 {
			t.Errorf("%d messages were shown", got)
		}
	})
}

func TestWhoIsGoneIsNotShownWhatTheySubscribeTo(t *testing.T) {
	for _, moment := range []string{"standings", "conversation"} {
		t.Run("after "+moment+" was read", func(t *testing.T) {
			tell(t, func(t *testing.T, s story) {
				s.post("one")
				p := newPage(t, s.school, s.parent, s.talk)
				s.school.after = once(moment, func() {
					s.school.out(s.parent, "another sign-in") // and nobody hears of it
					s.school.post(s.talk, s.teacher, "two")   // whose audience are the others
				})
				_ = p.connect(s.nodes[0].Node)
				time.Sleep(settle)
				if got := p.shown(s.talk); got > 1 {
					t.Errorf("%d messages were shown", got)
				}
			})
		})
	}
}

// Between signing in and being registered nobody listens for the end of it.
func TestWhoseSignInEndsWhileTheyConnectIsNotLetIn(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := newPage(t, s.school, s.parent)
		s.school.beforeReads(func(read string) {
			if read == "ended" {
				s.school.out(s.parent, p.who.SignIn)
			}
		})
		if err := p.connect(s.nodes[0].Node); err == nil {
			t.Error("let in")
		}
		if n := s.nodes[0].Sessions(); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestWhoHasSubscribedToNothingHearsOfTheEndOfTheirSignIn(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := newPage(t, s.school, s.parent)
		session, _ := s.nodes[0].Attach(t.Context(), p.who, connection{page: p})
		p.session = session
		s.nodes[0].Publish(context.Background(), hub.Event{
			District: s.school.district, Out: &hub.Out{People: []uuid.UUID{s.parent}, Why: hub.OutGone},
		})
		time.Sleep(settle)
		if p.how() != live.CloseOut {
			t.Errorf("closed with %v", p.how())
		}
	})
}

func TestANodeThatIsHeardAgainIsNoLongerLookedFor(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		s.open(0, s.parent, s.talk)
		time.Sleep(shownWithin)
		s.nodes[1].broker.setCut(true)
		time.Sleep(10 * time.Second)
		looked := s.nodes[0].Stats().Reconciliations[live.CauseAway]
		if looked == 0 {
			t.Error("what the silent node may have committed is not looked for")
		}
		s.nodes[1].broker.setCut(false)
		time.Sleep(shownWithin)
		looked = s.nodes[0].Stats().Reconciliations[live.CauseAway]
		time.Sleep(20 * time.Second)
		if again := s.nodes[0].Stats().Reconciliations[live.CauseAway]; again != looked {
			t.Errorf("it is still looked for: %d passes more", again-looked)
		}
	})
}
