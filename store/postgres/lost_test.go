package postgres

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/storetest"
)

// everyMoment runs a test with a proxy once for each moment at which a
// connection can be cut.
func everyMoment(t *testing.T, run func(t *testing.T, v *village, p *proxy, when moment)) {
	for name, when := range map[string]moment{
		"before it is heard": beforeItIsHeard, "before the answer": beforeTheAnswer, "within the answer": withinTheAnswer,
		"never to answer": neverToAnswer,
	} {
		t.Run(name, func(t *testing.T) {
			d := postgrestest.Open(t)
			p, url := through(t, d.URL)
			s := openURL(t, url)
			v := &village{Village: storetest.Settle(t, s, 3), s: s, Database: d}
			s.callTime, s.commitTime = 2*time.Second, 2*time.Second // from here on nothing takes as long
			run(t, v, p, when)
			if p.happened() != 1 {
				t.Errorf("%d connections were cut", p.happened())
			}
			v.unharmed()
		})
	}
}

// told fails the test where a commit that was found late says what it told whom,
// or another does not: between the two others may have committed.
func (when moment) told(t *testing.T, late bool, audience []hub.Told) {
	t.Helper()
	if want := when != beforeItIsHeard; late != want || late != (audience == nil) || !late && len(audience) != 3 {
		t.Errorf("late is %v, and told are %+v", late, audience)
	}
}

func TestASendWhoseAnswerIsLostIsStoredOnceAndTold(t *testing.T) {
	everyMoment(t, func(t *testing.T, v *village, p *proxy, when moment) {
		c := v.Talk(v.People...)
		letter := v.Letter(c, v.People[1])
		letter.Body = "Cut here."
		p.cutOnce(letter.Body, when)
		r, err := v.Post(t.Context(), letter)
		if err != nil || r.Repeated || r.Seq != 2 || r.SenderName != "Villager 1" {
			t.Errorf("%+v, %v", r, err)
		}
		when.told(t, r.Late, r.Audience)
		for _, told := range r.Audience {
			if head, err := v.Head(t.Context(), v.ID, told.Person); err != nil || head != told.Head {
				t.Errorf("told %+v, the head is %+v (%v)", told, head, err)
			}
		}
		if again, err := v.Post(t.Context(), letter); err != nil || !again.Repeated || again.Hash != r.Hash {
			t.Errorf("sent again: %+v, %v", again, err)
		}
	})
}

func TestAStartWhoseCommitIsLostIsStoredOnceAndTold(t *testing.T) {
	everyMoment(t, func(t *testing.T, v *village, p *proxy, when moment) {
		r := hub.Start{District: v.ID, Sender: v.People[0], Key: uuid.New(), About: v.People, Now: v.Now}
		p.cutOnce("commit", when)
		var planned []uuid.UUID
		started, err := v.Start(t.Context(), r, func(roster.Facts) ([]hub.NewConversation, error) {
			c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Key: uuid.New(), Subject: "trip", Body: "First."}
			for _, p := range v.People {
				c.Participants = append(c.Participants, hub.NewParticipant{Person: p})
			}
			planned = append(planned, c.ID)
			return []hub.NewConversation{c}, nil
		})
		if err != nil || started.Repeated || len(started.Receipts) != 1 {
			t.Fatalf("%+v, %v", started, err)
		}
		when.told(t, started.Receipts[0].Late, started.Receipts[0].Audience)
		page, err := v.Inbox(t.Context(), v.ID, v.People[1], hub.InboxQuery{})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Conversation != started.Receipts[0].Conversation {
			t.Errorf("of %v there are %+v, %v", planned, page.Rows, err)
		}
	})
}

func TestASealWhoseCommitIsLostIsSetOnceAndTold(t *testing.T) {
	everyMoment(t, func(t *testing.T, v *village, p *proxy, when moment) {
		c := v.Talk(v.People...)
		p.cutOnce("commit", when)
		r, err := v.Seal(t.Context(), v.ID, c, hub.Seal{At: v.Now.Add(-time.Hour), By: v.People[0], Cause: hub.SealedByStaff, Reason: "Enough."}, nil)
		if err != nil || r.Seal.Reason != "Enough." {
			t.Errorf("%+v, %v", r, err)
		}
		when.told(t, r.Late, r.Audience)
	})
}

func TestAMarkWhoseAnswerIsLostIsTold(t *testing.T) {
	everyMoment(t, func(t *testing.T, v *village, p *proxy, when moment) {
		c := v.Talk(v.People...)
		if _, err := v.MarkRead(t.Context(), v.ID, c, v.People[2], 0); err != nil { // prepares the statement on each connection
			t.Fatal(err)
		}
		p.cutOnce(string(v.People[1][:])+"\x00\x00\x00\x08", when) // as the parameter before the number
		r, err := v.MarkRead(t.Context(), v.ID, c, v.People[1], 1)
		if err != nil || !r.Moved || r.ReadSeq != 1 || r.Unread != 0 || r.Late != (when != beforeItIsHeard) {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestACommitThatMayHaveHappenedIsNotRepeatedBlindly(t *testing.T) {
	d := postgrestest.Open(t)
	p, url := through(t, d.URL)
	s := openURL(t, url)
	p.cutOnce("commit", beforeTheAnswer)
	created := roster.District{ID: uuid.New(), Slug: "lincoln", Settings: roster.DefaultSettings()}
	if err := s.CreateDistrict(t.Context(), created); hub.CodeOf(err) != hub.CodeBusy {
		t.Errorf("what may be stored is answered with %v", err)
	}
	if _, err := s.District(t.Context(), created.ID); err != nil {
		t.Errorf("it was stored: %v", err)
	}
}

func TestAKeyThatComesToTwoConversationsAtOnceIsStoredInOne(t *testing.T) {
	v := settle(t, 2)
	for range 20 {
		first, second := v.Letter(v.Talk(v.People...), v.People[0]), v.Letter(v.Talk(v.People...), v.People[0])
		second.Key = first.Key
		answers := make(chan error)
		for _, p := range []hub.Post{first, second} {
			go func() {
				_, err := v.Post(t.Context(), p)
				answers <- err
			}()
		}
		a, b := <-answers, <-answers
		if a == nil {
			a = b
		} else if b != nil {
			t.Errorf("both are refused: %v", b)
		}
		if hub.CodeOf(a) != hub.CodeKeyReused {
			t.Errorf("the other is answered with %v", a)
		}
	}
	v.unharmed()
}

// A server that restarts ends all idle connections: the first use of each fails.
func TestConnectionsThatHaveEndedAreNotNoticed(t *testing.T) {
	v := settle(t, 3)
	c := v.Talk(v.People...)
	for round := range 3 {
		v.Exec(t, fmt.Sprintf(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '%s' AND pid <> pg_backend_pid()`, v.Name))
		if r := v.Send(c, v.People[0]); r.Seq != int64(round+2) {
			t.Errorf("number %d", r.Seq)
		}
		if _, err := v.Inbox(t.Context(), v.ID, v.People[1], hub.InboxQuery{}); err != nil {
			t.Error(err)
		}
	}
	v.unharmed()
}
