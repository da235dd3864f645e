package hub_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func TestR10EverybodySeesEveryMessageInOrder(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"), s.to("Leo", "Leo"), s.to("Kim", "Mia"))
	for _, name := range []string{"Kim", "Ana", "Chen", "Leo"} {
		s.reply(name, trip)
	}
	for _, name := range []string{"Chen", "Ana", "Leo", "Kim"} {
		list, err := s.Messages(t.Context(), s.is(name), trip, hub.Range{})
		s.must(err)
		for i, m := range list {
			if m.Seq != int64(i+1) {
				t.Errorf("%s: message %d has number %d", name, i+1, m.Seq)
			}
		}
		if len(list) != 5 {
			t.Errorf("%s sees %d of 5", name, len(list))
		}
	}
}

func TestR12UnreadIsWhatOthersWroteAboveOnesReadMark(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"), s.to("Kim", "Mia"))
	s.reply("Kim", trip) // 2
	s.reply("Ana", trip) // 3: does not move Ana's mark past what she has not seen
	s.reply("Kim", trip) // 4

	if got := s.unread("Ana"); got != 3 {
		t.Errorf("Ana has %d unread, want 1, 2 and 4", got)
	}
	for _, step := range []struct{ upTo, unread int64 }{{1, 2}, {3, 1}, {2, 1}, {3, 1}, {99, 0}} {
		r, err := s.MarkRead(t.Context(), s.is("Ana"), trip, step.upTo)
		s.must(err)
		if r.Unread != step.unread || r.Here != step.unread {
			t.Errorf("read up to %d: %d unread, %d here, want %d", step.upTo, r.Unread, r.Here, step.unread)
		}
	}
	if got := s.unread("Chen"); got != 3 {
		t.Errorf("Ana's reading is hers alone: Chen has %d unread, want 3", got)
	}
	s.reply("Kim", trip)
	if got := s.unread("Ana"); got != 1 {
		t.Errorf("a mark beyond the end is the end: %d unread, want 1", got)
	}
}

func TestReadingIsToldToOneselfAloneAndOnce(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"))
	before := len(s.heard.all())
	for range 3 {
		_, err := s.MarkRead(t.Context(), s.is("Ana"), trip, 1)
		s.must(err)
	}
	told := s.heard.all()[before:]
	if len(told) != 1 || len(told[0].Audience) != 1 || told[0].Audience[0].Person != s.who["Ana"] {
		t.Errorf("got %+v, want one event for Ana", told)
	}
}

func TestR25SealedIsReadNeverWrittenAndUnreadForNobody(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"), s.to("Kim", "Mia"))
	_, err := s.Seal(t.Context(), s.is("Ana"), trip, "I am angry")
	s.refused(err, hub.CodeNotAllowed, "")
	_, err = s.Seal(t.Context(), s.is("Dora"), trip, "Not mine")
	s.refused(err, hub.CodeNotFound, "")
	_, err = s.Seal(t.Context(), s.is("Chen"), trip, " ")
	s.refused(err, hub.CodeRequired, "reason")
	before := s.unread("Ana")
	_, err = s.Seal(t.Context(), s.is("Chen"), trip, "The trip is over.")
	s.must(err)
	_, err = s.Seal(t.Context(), s.is("Chen"), trip, "Again")
	s.refused(err, hub.CodeSealed, "")
	for _, name := range []string{"Chen", "Ana"} {
		_, err := s.Reply(t.Context(), s.is(name), trip, uuid.New(), "One more")
		s.refused(err, hub.CodeSealed, "")
	}
	c, err := s.Conversation(t.Context(), s.is("Ana"), trip)
	s.must(err)
	if c.Seal == nil || c.Seal.Reason != "The trip is over." || c.Seal.By != s.who["Chen"] {
		t.Errorf("Ana reads %+v", c.Seal)
	}
	if got := s.unread("Ana"); got != before {
		t.Errorf("sealing made %d unread of %d", got, before)
	}
}

func TestR25SealingIsAStateAndAllowedWhileMessagingIsOff(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"))
	s.set(func(d *roster.District) { d.Enabled = false })
	_, err := s.Seal(t.Context(), s.is("Chen"), trip, "Messaging is off.")
	s.must(err)
	if c, err := s.Conversation(t.Context(), s.is("Ana"), trip); err != nil || c.Seal == nil {
		t.Errorf("Ana reads %+v, %v", c.Seal, err)
	}
}

func TestR25DistrictStaffSealByNumberWithoutReading(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"))
	_, err := s.Seal(t.Context(), s.is("Pat"), trip, "A principal is not the district")
	s.refused(err, hub.CodeNotFound, "")
	_, err = s.Seal(t.Context(), s.is("Olga"), trip, "By the district.")
	s.must(err)
	if _, err = s.Conversation(t.Context(), s.is("Olga"), trip); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("Olga reads it: %v", err)
	}
	if _, err := s.Seal(t.Context(), s.is("Olga"), uuid.New(), "None"); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("a number of none: %v", err)
	}
}

func TestR25ASuccessorIsLinkedForThoseInBoth(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"), s.to("Kim", "Mia"))
	next := s.request(roster.AsWorker, s.to("Ana", "Leo"))
	next.Continues = trip
	_, err := s.Start(t.Context(), s.is("Chen"), next)
	s.refused(err, hub.CodeInvalid, "continues") // not sealed
	_, err = s.Seal(t.Context(), s.is("Chen"), trip, "Without Kim from now on.")
	s.must(err)
	asAna := s.request(roster.AsFamily, s.to("Chen", "Leo"))
	asAna.Continues = trip
	_, err = s.Start(t.Context(), s.is("Ana"), asAna)
	s.refused(err, hub.CodeInvalid, "continues")
	started, err := s.Start(t.Context(), s.is("Chen"), next)
	s.must(err)

	successor := started.Receipts[0].Conversation
	for name, want := range map[string][]uuid.UUID{"Ana": {successor}, "Chen": {successor}, "Kim": nil} {
		c, err := s.Conversation(t.Context(), s.is(name), trip)
		s.must(err)
		if !slices.Equal(c.Successors, want) {
			t.Errorf("%s: successors %v, want %v", name, c.Successors, want)
		}
	}
	c, err := s.Conversation(t.Context(), s.is("Ana"), successor)
	s.must(err)
	if c.Predecessor != trip {
		t.Errorf("Ana: predecessor %v, want %v", c.Predecessor, trip)
	}
}

func TestR24WhoIsGoneIsToldNothingMoreAndFindsTheirsOnReturn(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"), s.to("Kim", "Mia"))
	without := delivery()
	without.People = slices.DeleteFunc(without.People, func(p roster.SnapshotPerson) bool { return p.SourcedID == "Kim" })
	if effects := s.deliver(without); !slices.Equal(effects.Out, []uuid.UUID{s.who["Kim"]}) || len(effects.Sealed) != 0 {
		t.Fatalf("effects %+v, want Kim out and nothing sealed", effects)
	}
	if last := s.heard.all()[len(s.heard.all())-1]; last.Out == nil || !slices.Equal(last.Out.People, []uuid.UUID{s.who["Kim"]}) {
		t.Errorf("open pages hear %+v", last)
	}
	for _, told := range s.reply("Ana", trip).Audience {
		if told.Person == s.who["Kim"] {
			t.Error("Kim is told of Ana's reply")
		}
	}
	_, err := s.Reply(t.Context(), s.is("Kim"), trip, uuid.New(), "Still here")
	s.refused(err, hub.CodeOut, "")
	c, err := s.Conversation(t.Context(), s.is("Ana"), trip)
	s.must(err)
	gone := slices.IndexFunc(c.Participants, func(p hub.Participant) bool { return p.Person.Gone })
	if gone < 0 || c.Participants[gone].Person.Name() != "Kim Park" {
		t.Errorf("Kim's name stays, marked: %+v", c.Participants)
	}
	s.deliver(delivery())
	if got := s.unread("Kim"); got != 2 {
		t.Errorf("Kim returns and has %d unread, want 2", got)
	}
}

func TestR26ABarSealsWhatTheGuardianIsInThroughThatStudent(t *testing.T) {
	s := openSchool(t)
	about := map[string]uuid.UUID{
		"Leo":   s.begin("Pat", s.to("Ana", "Leo"), s.to("Leo", "Leo")),
		"Eva":   s.begin("Pat", s.to("Ana", "Eva")),
		"both":  s.begin("Pat", s.to("Ana", "Leo"), s.to("Ana", "Eva")),
		"Ben":   s.begin("Pat", s.to("Ben", "Leo")),
		"other": s.begin("Pat", s.to("Kim", "Mia")),
	}
	_, err := s.Bar(t.Context(), s.district.ID, roster.Bar{
		Guardian: s.who["Ana"], Student: s.who["Leo"], Since: roster.DateOf(s.clock), Reason: "Court order 17", By: "Dana Ortiz",
	})
	s.must(err)
	for name, sealed := range map[string]bool{"Leo": true, "Eva": false, "both": true, "Ben": false, "other": false} {
		c, err := s.Conversation(t.Context(), s.is("Pat"), about[name])
		s.must(err)
		if (c.Seal != nil) != sealed {
			t.Errorf("%s: sealed %v, want %v", name, c.Seal != nil, sealed)
		}
		if sealed && (c.Seal.StaffReason != "Court order 17" || c.Seal.Cause != hub.SealedByBar || c.Seal.Student != s.who["Leo"]) {
			t.Errorf("%s: Pat reads %+v", name, c.Seal)
		}
	}
	c, err := s.Conversation(t.Context(), s.is("Ana"), about["Leo"])
	s.must(err)
	if c.Seal.Cause != hub.SealedInFamily || c.Seal.StaffReason != "" || c.Seal.Reason != "" || c.Seal.Guardian != uuid.Nil {
		t.Errorf("Ana reads the reason: %+v", c.Seal)
	}
	if list, err := s.Messages(t.Context(), s.is("Ana"), about["Leo"], hub.Range{}); err != nil || len(list) != 1 {
		t.Errorf("nobody loses what they were sent: %d, %v", len(list), err)
	}
	closed, err := s.ClosedForFamilies(t.Context(), s.is("Pat"))
	s.must(err)
	if len(closed) != 2 {
		t.Errorf("Pat is offered to go on from %d, want 2", len(closed))
	}
	_, err = s.Start(t.Context(), s.is("Chen"), s.request(roster.AsWorker, s.to("Ana", "Leo")))
	s.refused(err, hub.CodeNotAllowed, "recipients")
	_, err = s.Start(t.Context(), s.is("Ana"), s.request(roster.AsFamily, s.to("Chen", "Leo")))
	s.refused(err, hub.CodeNotAllowed, "recipients")

	s.deliver(delivery()) // no import undoes it
	_, err = s.Start(t.Context(), s.is("Chen"), s.request(roster.AsWorker, s.to("Ana", "Leo")))
	s.refused(err, hub.CodeNotAllowed, "recipients")
	s.must(s.Unbar(t.Context(), s.district.ID, s.who["Ana"], s.who["Leo"], "Dana Ortiz"))
	if _, err = s.Start(t.Context(), s.is("Chen"), s.request(roster.AsWorker, s.to("Ana", "Leo"))); err != nil {
		t.Errorf("after the bar was taken away: %v", err)
	}
}

func TestR26ATieThatEndsInTheRosterSealsAndARefusedRowDoesNot(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Pat", s.to("Ben", "Leo"))
	without := delivery()
	without.Guardianships = slices.DeleteFunc(without.Guardianships, func(g roster.SnapshotGuardianship) bool { return g.Guardian == "Ben" })
	unknown := without
	unknown.Unknown = map[roster.Kind]map[string]bool{roster.KindPerson: {"Ben": true}}
	unknown.People = slices.DeleteFunc(slices.Clone(unknown.People), func(p roster.SnapshotPerson) bool { return p.SourcedID == "Ben" })
	if effects := s.deliver(unknown); len(effects.Sealed)+len(effects.Out) != 0 {
		t.Fatalf("a row that was refused takes nothing from anybody: %+v", effects)
	}
	if effects := s.deliver(without); len(effects.Sealed) != 1 || effects.Sealed[0].Conversation != trip {
		t.Fatalf("the tie ended: %+v", effects)
	}
	_, err := s.Reply(t.Context(), s.is("Ben"), trip, uuid.New(), "Hello?")
	s.refused(err, hub.CodeSealed, "")
}

func TestClocksThatGoBackDoNotTurnTheOrderAround(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"))
	first := s.reply("Ana", trip)
	s.clock = s.clock.Add(-time.Hour)
	if second := s.reply("Chen", trip); second.SentAt.Before(first.SentAt) || second.Seq != first.Seq+1 {
		t.Errorf("the second is of %v, before %v", second.SentAt, first.SentAt)
	}
}
