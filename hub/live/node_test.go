package live_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
)

// settle is longer than any moment, and shorter than any interval.
const settle = 500 * time.Millisecond

// story is a teacher, two families and a conversation of the teacher with the
// first, on one node unless it says otherwise.
type story struct {
	*cluster
	teacher, parent, stranger uuid.UUID
	talk                      uuid.UUID
}

func tell(t *testing.T, what func(t *testing.T, s story)) {
	t.Helper()
	tellOn(t, 1, what)
}

func tellOn(t *testing.T, nodes int, what func(t *testing.T, s story)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 1, 3, nodes)
		s := story{cluster: c, teacher: c.school.people[0], parent: c.school.people[1], stranger: c.school.people[2]}
		s.talk = c.school.start(s.teacher, s.parent)
		what(t, s)
		c.stop()
	})
}

// open is a page of somebody's on the nth node, that follows some conversations.
func (s story) open(node int, person uuid.UUID, follow ...uuid.UUID) *page {
	s.t.Helper()
	p := newPage(s.t, s.school, person, follow...)
	if err := p.connect(s.nodes[node].Node); err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s story) post(body string) {
	s.nodes[0].Publish(context.Background(), s.school.post(s.talk, s.teacher, body))
}

func TestAMessageGoesToItsAudienceAndNobodyElse(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		here, there := s.open(0, s.parent, s.talk), s.open(1, s.parent, s.talk)
		stranger := s.open(1, s.stranger)
		time.Sleep(settle)
		before := len(stranger.told())
		s.post("letter")
		time.Sleep(settle)
		here.check()
		there.check()
		if got := stranger.told()[before:]; len(got) > 0 {
			t.Errorf("a stranger was told %v", got)
		}
	})
}

// What a session has subscribed to lets nothing through that was committed for
// others.
func TestASubscriberOutsideTheAudienceOfACommitIsNotTold(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		e := s.school.post(s.talk, s.teacher, "letter")
		e.Audience = e.Audience[:1]
		if e.Audience[0].Person != s.teacher {
			t.Fatal("the audience is not the teacher")
		}
		time.Sleep(settle)
		before := len(p.told())
		s.nodes[0].Publish(context.Background(), e)
		time.Sleep(settle)
		if got := p.told()[before:]; len(got) > 0 {
			t.Errorf("told %v", got)
		}
	})
}

func TestAnotherDistrictsEventReachesNobodyHere(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		time.Sleep(settle)
		before := len(p.told())
		e := s.school.post(s.talk, s.teacher, "letter")
		e.District = uuid.New()
		s.nodes[0].Publish(context.Background(), e)
		time.Sleep(settle)
		if got := p.told()[before:]; len(got) > 0 {
			t.Errorf("told %v", got)
		}
	})
}

func TestASubscriptionHasNoHoleWhateverHappensWhileItOpens(t *testing.T) {
	for _, during := range []string{"heads", "standings", "conversation", "messages"} {
		t.Run(during, func(t *testing.T) {
			tell(t, func(t *testing.T, s story) {
				s.post("before")
				var once bool
				s.school.beforeReads(func(read string) {
					if read == during && !once {
						once = true
						s.post("during")
						s.post("during, too")
						time.Sleep(settle) // it has been delivered while the store was being read
					}
				})
				p := s.open(0, s.parent, s.talk)
				time.Sleep(settle)
				s.post("after")
				time.Sleep(settle)
				p.check()
			})
		})
	}
}

func TestWhatIsNotYoursCannotBeSubscribedToNorWhatIsNot(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.stranger)
		for _, id := range []uuid.UUID{s.talk, uuid.New()} {
			err := p.subscribe(t.Context(), p.current(), id)
			if hub.CodeOf(err) != hub.CodeNotFound {
				t.Errorf("subscribing: %v", err)
			}
		}
		s.post("letter")
		time.Sleep(settle)
		if slices.Contains(p.told(), "message") {
			t.Error("a stranger was told")
		}
	})
}

func TestASessionFollowsNoMoreThan32Conversations(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent)
		var last uuid.UUID
		for range live.MaxConversations {
			last = s.school.start(s.teacher, s.parent)
			if err := p.subscribe(t.Context(), p.current(), last); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.subscribe(t.Context(), p.current(), s.talk); hub.CodeOf(err) != hub.CodeInvalid {
			t.Errorf("one more: %v", err)
		}
		if err := p.subscribe(t.Context(), p.current(), last); err != nil {
			t.Errorf("one of them again: %v", err)
		}
		p.current().CloseConversation(last)
		if err := p.subscribe(t.Context(), p.current(), s.talk); err != nil {
			t.Errorf("after leaving one: %v", err)
		}
	})
}

func TestOfTooManyConnectionsOfAPersonTheOldestGoesAndMayComeBack(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		var pages []*page
		for range 64 {
			pages = append(pages, s.open(0, s.parent))
		}
		s.open(0, s.teacher)
		pages = append(pages, s.open(0, s.parent), s.open(0, s.parent))
		for i, p := range pages {
			if p.connected() != (i >= 2) {
				t.Errorf("the connection %d is there: %v", i+1, p.connected())
			}
		}
		if how := pages[0].how(); how != live.CloseTooMany || how.Code < 4000 || how.Code > 4099 {
			t.Errorf("it was closed with %+v", how)
		}
	})
}

func TestOfTooManyConnectionsThatWhichLongestOwesAnAnswerGoesFirst(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		var old, lost []*page
		for range 20 {
			old = append(old, s.open(0, s.parent))
		}
		for range 44 {
			p := s.open(0, s.parent)
			p.mu.Lock()
			p.lost = true // its network has gone without a word
			p.mu.Unlock()
			lost = append(lost, p)
			time.Sleep(time.Second)
		}
		for range 44 {
			s.open(0, s.parent)
			time.Sleep(100 * time.Millisecond)
		}
		for i, p := range old {
			if !p.connected() {
				t.Errorf("the old connection %d, which answers, was closed with %+v", i+1, p.how())
			}
		}
		for i, p := range lost {
			if p.connected() {
				t.Errorf("the lost connection %d is still there", i+1)
			}
		}
	})
}

func TestTheReasonForStaffReachesStaffAlone(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		teacher, parent := s.open(0, s.teacher, s.talk), s.open(0, s.parent, s.talk)
		seal := hub.Seal{Cause: hub.SealedByBar, StaffReason: "court order"}
		s.nodes[0].Publish(context.Background(), s.school.seal(s.talk, seal))
		time.Sleep(settle)
		if got, _ := teacher.sealOf(s.talk); got.StaffReason != "court order" || got.Cause != hub.SealedByBar {
			t.Errorf("staff were told %+v", got)
		}
		if got, told := parent.sealOf(s.talk); !told || got.StaffReason != "" {
			t.Errorf("the family was told %+v", got)
		}
	})
}

func TestMissingMoreThanAPageEndsInResyncAndIsAskedFor(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		p := s.open(0, s.parent, s.talk)
		s.bus.set(faults{lose: 1})
		for range 450 {
			s.post("letter")
		}
		synctest.Wait() // until all have been lost
		s.bus.set(faults{})
		time.Sleep(shownWithin)
		if !slices.Contains(p.told(), "resync") {
			t.Error("450 messages came as events")
		}
		p.check()
	})
}
