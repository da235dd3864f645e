package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

// small world: one conversation of ana and rosa with two messages, unread by rosa.
var (
	trip      = uuid.MustParse("00000000-0000-4000-8000-000000000001")
	elsewhere = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	ana       = uuid.MustParse("00000000-0000-4000-8000-00000000000a")
	rosa      = uuid.MustParse("00000000-0000-4000-8000-00000000000b")
	noon      = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)
)

func keyOf(seq int64) uuid.UUID { return uuid.NewSHA1(trip, []byte(fmt.Sprint(seq))) }

func messageOf(seq int64) page.Message {
	return page.Message{Conversation: trip, Seq: seq, Sender: ana, SentAt: noon, Body: fmt.Sprintf("letter %d", seq)}
}

func storedOf(seq int64) letter {
	m := messageOf(seq)
	return letter{m.Conversation, m.Seq, m.Sender, keyOf(seq), m.Body, m.SentAt}
}

func world(t *testing.T) (*judge, truth) {
	t.Helper()
	j := newJudge()
	if found := j.takeIn([]letter{storedOf(1), storedOf(2)}); len(found) > 0 {
		t.Fatal(found)
	}
	return j, truth{
		heads: map[uuid.UUID]head{ana: {2, 0}, rosa: {2, 2}},
		last:  map[uuid.UUID]int64{trip: 2},
		members: map[membership]reading{
			{trip, ana}:  {0, 0},
			{trip, rosa}: {0, 2},
		},
	}
}

func letterOf(seq int64, sender uuid.UUID) *page.Letter {
	return &page.Letter{Conversation: trip, Seq: seq, Sender: sender, At: noon}
}

func TestWhatAClientWasToldIsHeldAgainstTheDatabase(t *testing.T) {
	end := noon.Add(time.Second)
	for name, test := range map[string]struct {
		facts page.Facts
		want  map[kind]int
	}{
		"all is well": {page.Facts{
			Told:      []page.Message{messageOf(1), messageOf(2), messageOf(2)},
			Shown:     []page.Shown{{Message: messageOf(1), At: end.Add(bound)}},
			Stored:    []page.Stored{{Message: messageOf(2), Key: keyOf(2)}},
			Started:   []page.Started{{Body: "letter 1", Conversations: []uuid.UUID{trip}}},
			Mentioned: map[uuid.UUID]struct{}{trip: {}},
		}, nil},
		"acknowledged, and not there":    {page.Facts{Stored: []page.Stored{{Message: messageOf(3), Key: keyOf(3)}}}, map[kind]int{lost: 1}},
		"acknowledged as another's":      {page.Facts{Stored: []page.Stored{{Message: messageOf(2), Key: keyOf(3)}}}, map[kind]int{lost: 1}},
		"started, and not there":         {page.Facts{Started: []page.Started{{Body: "letter 1", Conversations: []uuid.UUID{elsewhere}}}}, map[kind]int{lost: 1}},
		"started with another text":      {page.Facts{Started: []page.Started{{Body: "letter 9", Conversations: []uuid.UUID{trip}}}}, map[kind]int{lost: 1}},
		"told with another text":         {page.Facts{Told: []page.Message{{Conversation: trip, Seq: 1, Body: "letter 2"}}}, map[kind]int{disorder: 1}},
		"told of what is not stored":     {page.Facts{Told: []page.Message{messageOf(3)}}, map[kind]int{disorder: 1}},
		"an event out of turn":           {page.Facts{Disorders: []page.Disorder{{Conversation: trip, Seq: 3}}}, map[kind]int{disorder: 1}},
		"shown after the bound":          {page.Facts{Shown: []page.Shown{{Message: messageOf(1), At: end.Add(bound + 1)}}}, map[kind]int{late: 1}},
		"the same to a page opened then": {page.Facts{Shown: []page.Shown{{Message: messageOf(1), At: end.Add(bound + 1), Since: end.Add(bound)}}}, nil},
		"in the inbox after the bound":   {page.Facts{Inboxes: []page.Told{{Inbox: page.Inbox{Letter: letterOf(1, ana)}, At: end.Add(bound + 1)}}}, map[kind]int{late: 1}},
		"read, and not marked":           {page.Facts{Read: []page.ReadMark{{Conversation: trip, ReadSeq: 1}}}, map[kind]int{wrong: 1}},
		"another's conversation":         {page.Facts{Mentioned: map[uuid.UUID]struct{}{elsewhere: {}}}, map[kind]int{stranger: 1}},
		"a probe that was answered":      {page.Facts{Strangers: []string{"shown"}}, map[kind]int{stranger: 1}},
		"told not to come back":          {page.Facts{Wrong: []string{"4501"}}, map[kind]int{refused: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			j, truth := world(t)
			_, found := j.facts(&page.Record{Device: "rosa's phone", Person: rosa}, test.facts, truth, end)
			expect(t, found, test.want)
		})
	}
}

func expect(t *testing.T, found []finding, want map[kind]int) {
	t.Helper()
	got := map[kind]int{}
	for _, f := range found {
		got[f.kind]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) && len(got)+len(want) > 0 {
		t.Errorf("found %v, want %v", found, want)
	}
}

func TestATextThatIsStoredTwiceIsDoubled(t *testing.T) {
	j, _ := world(t)
	again := storedOf(3)
	again.body = storedOf(1).body
	expect(t, j.takeIn([]letter{again}), map[kind]int{doubled: 1})
}

func TestANumberThatIsLeftOutIsOutOfOrder(t *testing.T) {
	j, _ := world(t)
	expect(t, j.takeIn([]letter{storedOf(4)}), map[kind]int{disorder: 1})
}

func TestEveryNumberOfUnreadFollowsFromTheOneBefore(t *testing.T) {
	told := func(version, unread int64, letter *page.Letter) page.Told {
		return page.Told{Inbox: page.Inbox{Version: version, Unread: unread, Letter: letter}}
	}
	for name, test := range map[string]struct {
		told []page.Told
		want map[kind]int
	}{
		"another's letter adds one":     {[]page.Told{told(4, 2, nil), told(5, 3, letterOf(1, ana))}, nil},
		"one's own adds none":           {[]page.Told{told(4, 2, nil), told(5, 2, letterOf(1, rosa))}, nil},
		"a gap says nothing":            {[]page.Told{told(4, 2, nil), told(6, 7, letterOf(1, ana))}, nil},
		"two of one letter":             {[]page.Told{told(4, 2, nil), told(5, 4, letterOf(1, ana))}, map[kind]int{wrong: 1}},
		"one of one's own":              {[]page.Told{told(4, 2, nil), told(5, 3, letterOf(1, rosa))}, map[kind]int{wrong: 1}},
		"another number on the tablet":  {[]page.Told{told(4, 2, nil), told(4, 3, nil)}, map[kind]int{wrong: 1}},
		"the same number on the tablet": {[]page.Told{told(4, 2, letterOf(1, ana)), told(4, 2, nil)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJudge()
			r := &page.Record{Device: "rosa's phone", Person: rosa}
			found := j.versions(r, test.told)
			expect(t, append(found, j.follow(map[uuid.UUID]*page.Record{rosa: r})...), test.want)
		})
	}
}

func TestAnInboxThatSaysAnotherNumberThanItsMessagesIsWrong(t *testing.T) {
	j, truth := world(t)
	expect(t, j.counts(&crowd{}, truth), nil)
	truth.heads[rosa] = head{2, 3}
	expect(t, j.counts(&crowd{}, truth), map[kind]int{wrong: 1})
}
