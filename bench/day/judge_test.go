package main

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

var (
	talk  = uuid.New()
	began = time.Now()
)

func at(seconds int) time.Time { return began.Add(time.Duration(seconds) * time.Second) }

// reader is somebody with screens who was told this.
func reader(facts page.Facts, screens ...screen) *seen {
	p := &person{id: uuid.New(), screens: screens}
	p.device = page.NewDevice("", "", p.id, "device", address(1), rand.New(rand.NewPCG(1, 1)))
	s := &seen{person: p, facts: facts, shown: map[place][]time.Time{}, told: map[uuid.UUID][]page.Told{}}
	s.index()
	return s
}

func shownAt(seq int64, when time.Time) page.Shown {
	return page.Shown{Message: page.Message{Conversation: talk, Seq: seq}, At: when}
}

// judged is what becomes of a letter sent at second 10, with the day's end at 100.
func judged(readers ...*seen) judgement {
	everybody := map[uuid.UUID]*seen{}
	var participants []uuid.UUID
	for _, r := range readers {
		everybody[r.person.id] = r
		participants = append(participants, r.person.id)
	}
	var j judgement
	j.follow(letter{conversation: talk, seq: 2}, sending{sent: at(10)}, participants, everybody, at(100))
	return j
}

func TestALetterCountsUntilItsLastScreenHasIt(t *testing.T) {
	j := judged(
		reader(page.Facts{Shown: []page.Shown{shownAt(2, at(11))}}, screen{conversation: talk, live: at(1)}),
		reader(page.Facts{Inboxes: []page.Told{{Inbox: page.Inbox{Letter: &page.Letter{Conversation: talk, Seq: 2}}, At: at(13)}}}, screen{live: at(1)}),
	)
	if j.screens != 2 || len(j.last) != 1 || j.last[0] != 3*time.Second || len(j.wrong) > 0 {
		t.Errorf("%+v", j)
	}
}

func TestALetterThatAStandingScreenDoesNotShowIsFound(t *testing.T) {
	for name, r := range map[string]*seen{
		"a conversation": reader(page.Facts{Shown: []page.Shown{shownAt(1, at(5))}}, screen{conversation: talk, live: at(1)}),
		"an inbox":       reader(page.Facts{}, screen{live: at(1)}),
		"a long visit":   reader(page.Facts{}, screen{live: at(1), left: at(60)}),
	} {
		if j := judged(r); len(j.wrong) != 1 {
			t.Errorf("%s: %q", name, j.wrong)
		}
	}
}

func TestAScreenThatCameLaterOrLeftIsNotHeldToALetter(t *testing.T) {
	for name, s := range map[string]screen{
		"later":   {conversation: talk, live: at(12)},
		"left":    {conversation: talk, live: at(1), left: at(11)},
		"another": {conversation: uuid.New(), live: at(1)},
	} {
		if j := judged(reader(page.Facts{}, s)); len(j.wrong) != 0 || j.screens != 0 {
			t.Errorf("%s: %+v", name, j)
		}
	}
}

func TestWhatIsShownTwiceOrNotStoredIsFound(t *testing.T) {
	twice := reader(page.Facts{Shown: []page.Shown{shownAt(1, at(1)), shownAt(2, at(2)), shownAt(2, at(3))}})
	if wrong := twice.faults(); len(wrong) != 1 || !strings.Contains(wrong[0], "showed 2") {
		t.Errorf("%q", wrong)
	}
	lost := reader(page.Facts{Stored: []page.Stored{{Message: page.Message{Conversation: talk, Seq: 3}, Key: uuid.New()}}})
	if wrong := acknowledged(map[uuid.UUID]*seen{lost.person.id: lost}, truth{}); len(wrong) != 1 {
		t.Errorf("%q", wrong)
	}
}
