package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func TestARecordNamesTheSchoolOfAllItsStaffElseTheDistrict(t *testing.T) {
	s := open(t)
	s.as(ana).get(conversationPath(s.letter("Trip", "On Friday."))).
		says("Lincoln School. Begun Wed 14 Oct 2026, 15:20 EDT.").saysNot("Lincoln District. Begun")
	started, err := s.hub.Start(t.Context(), s.actor(bell), hub.StartRequest{
		Key: uuid.New(), Side: roster.AsWorker, Subject: "Vote", Body: "On Monday.", Recipients: []roster.Recipient{s.about(ana, leo)},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.as(ana).get(conversationPath(started.Receipts[0].Conversation)).says("Lincoln District. Begun")
}

func TestARecordSaysWhichLettersItHoldsAndAPageOfAllIsOnOffer(t *testing.T) {
	s := open(t)
	id := s.letter("Long", "letter 1")
	for n := 2; n <= 120; n++ {
		s.replies(chen, id, fmt.Sprintf("letter %d", n))
	}
	b := s.as(chen)
	b.get(conversationPath(id)+"?before=101").says("Letters 51–100 of 120.", "All letters on one page, to print").has("?print=1")
	a := b.get(conversationPath(id)+"?print=1").has("letter 1<", "letter 120<", "data-newest").saysNot("of 120", "All letters", "Older letters")
	if n := strings.Count(a.body, "data-seq="); n != 120 {
		t.Errorf("%d letters", n)
	}
	for n := 121; n <= 503; n++ {
		s.replies(chen, id, fmt.Sprintf("letter %d", n))
	}
	b.get(conversationPath(id) + "?print=1").says("Letters 1–500 of 503.").has("?after=500&amp;print=1")
	b.get(conversationPath(id)+"?after=500&print=1").has("?before=4&amp;print=1", "letter 503<")
}

func TestARecordNamesEverybodyWhereThePageFoldsThem(t *testing.T) {
	s := open(t)
	snapshot := lincoln()
	request := hub.StartRequest{Key: uuid.New(), Side: roster.AsWorker, Mode: roster.Together, Subject: "Trip", Body: "On Friday."}
	var names []string
	for i := range 8 {
		id := fmt.Sprintf("kim%d", i)
		names = append(names, "Kim Zed"+string(rune('a'+i)))
		snapshot.People = append(snapshot.People, roster.SnapshotPerson{
			SourcedID: id, Given: "Kim", Family: "Zed" + string(rune('a'+i)),
			Roles: []roster.SnapshotRole{{Org: "school", Role: roster.Student}},
		})
	}
	s.deliver(snapshot)
	for i := range 8 {
		id := fmt.Sprintf("kim%d", i)
		request.Recipients = append(request.Recipients, s.about(id, id))
	}
	started, err := s.hub.Start(t.Context(), s.actor(ortiz), request)
	if err != nil {
		t.Fatal(err)
	}
	a := s.as(ortiz).get(conversationPath(started.Receipts[0].Conversation))
	_, folded, _ := strings.Cut(a.body, `<div class="print-only"><ul class="parties"`)
	for _, name := range names {
		if !strings.Contains(strings.SplitN(folded, "</div>", 2)[0], name) {
			t.Errorf("%s is not printed", name)
		}
	}
}

func TestASealIsPrintedWithItsTimeAndZone(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	if _, err := s.hub.Seal(t.Context(), s.actor(chen), id, "Over."); err != nil {
		t.Fatal(err)
	}
	a := s.as(ana).get(conversationPath(id))
	_, sealed, _ := strings.Cut(a.body, `class="sealed"`)
	if !strings.Contains(sealed, `<span class="print-only">Wed 14 Oct 2026, 15:20 EDT</span>`) {
		t.Errorf("no time: %.600s", sealed)
	}
}
