package live_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/homeline/homeline/hub/live"
)

func TestANodeSaysWhatItHoldsAndWhatItHasHandedOut(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		here, there := s.open(0, s.parent, s.talk), s.open(0, s.teacher)
		time.Sleep(settle)
		release := here.stick()
		s.post("letter")
		time.Sleep(settle)
		st := s.nodes[0].Stats()
		if st.Sessions != 2 || st.Inboxes != 2 || st.Conversations != 1 || st.BrokerAway {
			t.Errorf("it holds %+v", st)
		}
		if st.QueuedBytes == 0 {
			t.Error("nothing waits for a page that takes nothing")
		}
		if st.Published != 1 || st.Received != 1 || st.Dropped+st.Unpublished != 0 {
			t.Errorf("one event was %+v", st)
		}
		release()
		time.Sleep(settle)
		st = s.nodes[0].Stats()
		if told := int64(len(here.told()) + len(there.told())); st.Deliveries != told || st.QueuedBytes != 0 {
			t.Errorf("%d deliveries, the pages were told %d times; %d bytes wait", st.Deliveries, told, st.QueuedBytes)
		}
	})
}

func TestANodeCountsHowItsConnectionsEnd(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		slow, leaves, out := s.open(0, s.parent, s.talk), s.open(0, s.parent), newPage(t, s.school, s.stranger)
		s.school.out(s.stranger, out.who.SignIn)
		if out.connect(s.nodes[0].Node) == nil {
			t.Error("somebody was let in whose sign-in has ended")
		}
		leaves.disconnect()
		defer slow.stick()()
		for range 40 {
			s.post(strings.Repeat("long ", 2000))
			time.Sleep(time.Millisecond)
		}
		time.Sleep(settle)
		st := s.nodes[0].Stats()
		want := map[int]int64{live.CloseSlow.Code: 1, live.CloseSignedOut.Code: 1, live.CloseGone.Code: 1}
		for code, n := range st.Closes {
			if n != want[code] {
				t.Errorf("%d closed with %d, of %v", n, code, st.Closes)
			}
		}
		if _, there := st.Closes[live.CloseTooMany.Code]; st.Sessions != 0 || !there {
			t.Errorf("%d sessions are left, closed %v", st.Sessions, st.Closes)
		}
	})
}

func TestANodeSaysWhyItReconciledAndWhatItFound(t *testing.T) {
	for name, c := range map[string]struct {
		faults faults
		while  time.Duration // they last
		why    live.Cause
	}{
		"an event was lost":           {faults{lose: 1}, 0, live.CauseGap},
		"the broker was away":         {faults{away: true}, 10 * time.Second, live.CauseConnected},
		"while the broker is away":    {faults{away: true}, 10 * time.Second, live.CauseAway},
		"nothing came back of itself": {faults{mute: true}, 10 * time.Second, live.CauseSilence},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(t *testing.T, s story) {
				p, other := s.open(0, s.parent, s.talk), s.open(0, s.teacher)
				time.Sleep(settle)
				before := s.nodes[0].Stats()
				if before.Found != (live.Found{}) {
					t.Errorf("nothing was missed, and found %+v", before.Found)
				}
				s.bus.set(c.faults)
				s.post("lost")
				synctest.Wait()
				time.Sleep(c.while)
				if st := s.nodes[0].Stats(); st.BrokerAway != (c.while > 0) {
					t.Errorf("the broker is away: %v", st.BrokerAway)
				}
				s.bus.set(faults{})
				time.Sleep(shownWithin)
				st := s.nodes[0].Stats()
				if st.Reconciliations[c.why] == before.Reconciliations[c.why] {
					t.Errorf("it reconciled for %v", st.Reconciliations)
				}
				if want := (live.Found{Inboxes: 2, Messages: 1}); st.Found != want {
					t.Errorf("it found %+v", st.Found)
				}
				if st.BrokerAway {
					t.Error("the broker is still away")
				}
				p.check()
				other.check()
			})
		})
	}
}

func TestANodeCountsTheEventsThatDidNotGoOut(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		tight := s.run(live.Options{OutboxSize: 1})
		defer tight.stop()
		time.Sleep(settle)
		s.bus.set(faults{away: true, slow: time.Millisecond})
		const events = 50
		for range events {
			tight.Publish(context.Background(), s.school.post(s.talk, s.teacher, "letter"))
		}
		time.Sleep(settle)
		st := tight.Stats()
		if st.Published != 0 || st.Unpublished == 0 || st.Dropped == 0 || st.Unpublished+st.Dropped != events {
			t.Errorf("of %d events: %+v", events, st)
		}
	})
}
