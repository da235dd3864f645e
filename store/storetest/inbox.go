package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

var inboxTests = []test{
	{"a row shows the beginning of any text", func(s *school) {
		c := s.start("ana", "maria").Conversation
		for body, want := range map[string]string{
			"\x00 Hello": "\x00 Hello", "A\x00B": "A\x00B",
			strings.Repeat("\x00ñ", 100): strings.Repeat("\x00ñ", 80), strings.Repeat("\U0001F642", 161): strings.Repeat("\U0001F642", 160),
		} {
			_, err := s.Post(s.Context(), s.reply(c, "maria", body))
			s.must(err)
			if got := s.inbox("ana", hub.InboxQuery{}).Rows[0].Preview; got != want {
				s.Errorf("%q is shown as %q", body, got)
			}
		}
	}},
	{"a row shows the conversation as it is", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.clock = s.clock.Add(time.Minute)
		_, err := s.Post(s.Context(), s.reply(c, "maria", strings.Repeat("ñ", 200)))
		s.must(err)
		page := s.inbox("ana", hub.InboxQuery{})
		want := hub.InboxRow{
			Conversation: c, Subject: "trip", LastSeq: 2, LastAt: s.clock, LastSender: s.who["maria"],
			Preview: strings.Repeat("ñ", 160), Unread: 1,
		}
		got := page.Rows[0]
		in := got.Participants
		if got.Participants = nil; !reflect.DeepEqual(got, want) {
			s.Errorf("the row is %+v", got)
		}
		if page.Head != s.head("ana") || page.Next != "" {
			s.Errorf("head %+v, next %q", page.Head, page.Next)
		}
		if len(in) != 2 || in[0].Own != 1 || in[1].Own != 0 || !reflect.DeepEqual(in[1].Ties, s.ties("maria")) {
			s.Errorf("participants are %+v", in)
		}
		row, err := s.Row(s.Context(), s.id, c, s.who["ana"])
		if s.must(err); !reflect.DeepEqual(row, page.Rows[0]) {
			s.Errorf("alone it is %+v", row)
		}
	}},
	{"the newest comes first, and each page goes on from the one before", func(s *school) {
		var want []uuid.UUID
		for i := range 40 {
			// Several in an hour, several at one instant, and long gaps.
			if i%2 == 0 {
				s.clock = s.clock.Add(time.Duration(1+i%5*25) * time.Minute)
			}
			want = append(want, s.start("ana", "maria").Conversation)
		}
		s.clock = s.clock.Add(time.Hour)
		old := want[3]
		s.post(old, "maria") // an old one becomes the newest
		slices.Reverse(want)
		want = append([]uuid.UUID{old}, slices.DeleteFunc(want, func(id uuid.UUID) bool { return id == old })...)
		for _, limit := range []int{1, 3, 25, 40, 100} {
			if got := s.pages("ana", hub.InboxQuery{Limit: limit}); !slices.Equal(got, want) {
				s.Errorf("in pages of %d: %v, not %v", limit, got, want)
			}
		}
	}},
	{"what comes meanwhile takes nothing from the pages behind", func(s *school) {
		var all []uuid.UUID
		for range 12 {
			s.clock = s.clock.Add(20 * time.Minute)
			all = append(all, s.start("ana", "maria").Conversation)
		}
		first := s.inbox("ana", hub.InboxQuery{Limit: 5})
		s.clock = s.clock.Add(time.Hour)
		s.start("ana", "maria")
		s.post(all[0], "maria") // moves from behind to the front
		second := s.inbox("ana", hub.InboxQuery{Limit: 5, After: first.Next})
		for i, row := range second.Rows {
			if want := all[6-i]; row.Conversation != want {
				s.Errorf("row %d of the second page is %s, not %s", i, row.Conversation, want)
			}
		}
	}},
	{"a cursor that was tampered with is refused", func(s *school) {
		for range 3 {
			s.clock = s.clock.Add(time.Hour)
			s.start("ana", "maria")
		}
		next := s.inbox("ana", hub.InboxQuery{Limit: 1}).Next
		for _, after := range []string{"x", "!", next[1:], next + "A", strings.ToUpper(next), strings.Repeat("A", len(next))} {
			_, err := s.Inbox(s.Context(), s.id, s.who["ana"], hub.InboxQuery{After: after})
			s.refusedAt(err, hub.CodeInvalid, "after")
		}
		for _, limit := range []int{-1, 101} {
			_, err := s.Inbox(s.Context(), s.id, s.who["ana"], hub.InboxQuery{Limit: limit})
			s.refusedAt(err, hub.CodeInvalid, "limit")
		}
	}},
	{"only the unread", func(s *school) {
		read, unread := s.start("ana", "maria").Conversation, s.start("ana", "maria").Conversation
		s.read(read, "maria", 1)
		if got := s.pages("maria", hub.InboxQuery{UnreadOnly: true}); !slices.Equal(got, []uuid.UUID{unread}) {
			s.Errorf("unread are %v", got)
		}
		s.read(unread, "maria", 1)
		if got := s.pages("maria", hub.InboxQuery{UnreadOnly: true}); got != nil {
			s.Errorf("after reading all: %v", got)
		}
	}},
	{"an unread one behind a thousand read ones is found", func(s *school) {
		hidden := s.start("ana", "maria").Conversation
		for hour := range 5 {
			s.clock = s.clock.Add(time.Hour)
			var many []hub.NewConversation
			for i := range 300 {
				many = append(many, s.conversation(fmt.Sprintf("%d/%d", hour, i), "maria", "ana"))
			}
			_, err := s.Start(s.Context(), s.begin("maria"), planned(many...))
			s.must(err)
		}
		if got := s.pages("maria", hub.InboxQuery{UnreadOnly: true}); !slices.Equal(got, []uuid.UUID{hidden}) {
			s.Errorf("unread are %v", got)
		}
		if got := s.pages("maria", hub.InboxQuery{Limit: 100}); len(got) != 1501 {
			s.Errorf("in all %d", len(got))
		}
	}},
	{"by words of the name of somebody else in it", func(s *school) {
		withMaria := s.start("ana", "maria", "leo").Conversation
		withDora := s.start("ana", "dora").Conversation
		for name, want := range map[string][]uuid.UUID{
			"maria": {withMaria}, "GARCIA nunez": {withMaria}, "núñ": {withMaria}, "mar gar": {withMaria},
			"weiss": {withDora}, "eiss": nil, "dora garcia": nil, "ana ruiz": nil, "%": {withDora, withMaria}, "": {withDora, withMaria},
		} {
			got := s.pages("ana", hub.InboxQuery{Name: name})
			if !slices.Equal(inOrder(got), inOrder(want)) {
				s.Errorf("%q finds %v, not %v", name, got, want)
			}
		}
	}},
	{"by a section of a student who takes part, or through whom a guardian does", func(s *school) {
		leo, eva := s.start("ben", "leo", "ana").Conversation, s.start("ben", "eva", "ana").Conversation
		mother := s.start("ana", "maria").Conversation // of Leo and Eva, of whom neither is in it
		s.clock = s.clock.Add(time.Minute)
		for section, want := range map[uuid.UUID][]uuid.UUID{
			s.section("leo"): {leo, mother}, s.section("eva"): {eva, mother}, newID(): nil,
		} {
			got := s.pages("ana", hub.InboxQuery{Section: section})
			if !slices.Equal(inOrder(got), inOrder(want)) {
				s.Errorf("section %s finds %v, not %v", section, got, want)
			}
		}
	}},
	{"who was never in a conversation has an empty inbox", func(s *school) {
		page := s.inbox("dan", hub.InboxQuery{})
		if len(page.Rows) != 0 || page.Next != "" || page.Head != (hub.Head{Person: s.who["dan"]}) {
			s.Errorf("%+v", page)
		}
	}},
}

// section is the one that somebody is enrolled in.
func (s *school) section(name string) uuid.UUID {
	s.Helper()
	facts, err := s.Facts(s.Context(), s.id, []uuid.UUID{s.who[name]}, s.clock)
	s.must(err)
	return facts.People[s.who[name]].Enrolments[0].Section.ID
}

func inOrder(ids []uuid.UUID) []uuid.UUID {
	return slices.SortedFunc(slices.Values(ids), roster.CompareIDs)
}

// pages are all conversations of an inbox, page by page.
func (s *school) pages(name string, q hub.InboxQuery) (ids []uuid.UUID) {
	s.Helper()
	for range 10_000 {
		page := s.inbox(name, q)
		for _, row := range page.Rows {
			ids = append(ids, row.Conversation)
		}
		if len(page.Rows) > max(q.Limit, 25) {
			s.Fatalf("%d rows in a page of %d", len(page.Rows), q.Limit)
		}
		if q.After = page.Next; page.Next == "" {
			return ids
		}
	}
	s.Fatal("the pages have no end")
	return nil
}
