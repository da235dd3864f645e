package storetest

import (
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

var markTests = []test{
	{"a mark beyond the last message is at the last", func(s *school) {
		c := s.start("ana", "maria").Conversation
		if r := s.read(c, "maria", 1_000); r.ReadSeq != 1 || r.Unread != 0 {
			s.Errorf("%+v", r)
		}
		s.post(c, "ana")
		if got := s.head("maria").Unread; got != 1 {
			s.Errorf("the next message was read before it came: %d unread", got)
		}
	}},
	{"a mark never goes back", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.post(c, "ana")
		first := s.read(c, "maria", 2)
		for _, upTo := range []int64{2, 1, 0} {
			r := s.read(c, "maria", upTo)
			if r.Moved || r.ReadSeq != 2 || r.Told != first.Told {
				s.Errorf("marked up to %d after 2: %+v", upTo, r)
			}
		}
	}},
	{"one's own messages are not counted as read", func(s *school) {
		c := s.start("ana", "maria").Conversation // 1
		s.post(c, "maria")                        // 2
		s.post(c, "ana")                          // 3
		s.post(c, "maria")                        // 4
		s.post(c, "ana")                          // 5
		for upTo, unread := range []int64{3, 2, 2, 1, 1, 0} {
			if got := s.read(c, "maria", int64(upTo)); got.Unread != unread || got.Here != unread {
				s.Errorf("read up to %d: %d in the inbox, %d here, not %d", upTo, got.Unread, got.Here, unread)
			}
		}
		me := s.view(c, "maria").Participants[1]
		if me.Read != 3 || me.ReadSeq != 5 || me.Own != 2 {
			s.Errorf("the row says %+v", me)
		}
	}},
	{"reading tells nobody else", func(s *school) {
		c := s.start("ana", "maria").Conversation
		before := s.head("ana")
		s.read(c, "maria", 1)
		if got := s.head("ana"); got != before {
			s.Errorf("from %+v to %+v", before, got)
		}
		if p := s.view(c, "ana").Participants[1]; p.Read != 0 || p.ReadSeq != 0 {
			s.Errorf("Ana sees what Maria has read: %+v", p)
		}
	}},
	{"all that a page told of is marked, and nothing that arrived since", func(s *school) {
		shown, older, grown := s.start("ana", "maria").Conversation, s.start("ana", "maria").Conversation, s.start("ben", "maria").Conversation
		mine := s.start("ana", "maria").Conversation
		s.post(mine, "maria")
		s.post(shown, "ana")
		until := s.clock
		s.clock = s.clock.Add(time.Second)
		s.post(shown, "maria")
		late := s.post(shown, "ana")
		s.post(grown, "ben")
		other := s.start("paula", "maria").Conversation // of after the page
		before := s.head("maria")

		r := s.markAll("maria", hub.MarkAll{Shown: []hub.ReadUpTo{{Conversation: shown, Seq: 2}, {Conversation: newID(), Seq: 9}}, Before: until})
		if !r.Moved || r.More || r.Version != before.Version+1 || r.Head != s.head("maria") {
			s.Errorf("%+v, the head is %+v, and was %+v", r, s.head("maria"), before)
		}
		for c, want := range map[uuid.UUID]int64{shown: 1, older: 0, grown: 1, mine: 0, other: 1} {
			me := s.view(c, "maria")
			if got := me.Participants[1].Unread(me.LastSeq); got != want {
				s.Errorf("%d unread in a conversation of %d, want %d: %+v", got, me.LastSeq, want, me.Participants[1])
			}
		}
		if s.head("maria").Unread != 3 {
			s.Errorf("the head is %+v", s.head("maria"))
		}
		again := s.markAll("maria", hub.MarkAll{Shown: []hub.ReadUpTo{{Conversation: shown, Seq: 2}}, Before: until})
		if again.Moved || again.Head != r.Head {
			s.Errorf("marked again: %+v", again)
		}
		s.markAll("maria", hub.MarkAll{Shown: []hub.ReadUpTo{{Conversation: shown, Seq: 1_000}}})
		if me := s.view(shown, "maria"); me.Participants[1].ReadSeq != late.Seq {
			s.Errorf("a number beyond the last: %+v", me.Participants[1])
		}
	}},
	{"marking all is nobody else's, and nothing for whoever has no inbox", func(s *school) {
		c := s.start("ana", "maria").Conversation
		other := openSchool(s, s.Store, "jefferson")
		everything := hub.MarkAll{Shown: []hub.ReadUpTo{{Conversation: c, Seq: 9}}, Before: s.clock.Add(time.Hour)}
		for _, who := range [][2]uuid.UUID{{s.id, s.who["ana"]}, {s.id, s.who["dora"]}, {other.id, s.who["maria"]}, {other.id, other.who["maria"]}, {newID(), newID()}} {
			if r, err := s.MarkAllRead(s.Context(), who[0], who[1], everything); err != nil || r.Moved || r.Unread != 0 {
				s.Errorf("%+v, %v", r, err)
			}
		}
		if got := s.head("maria"); got.Unread != 1 || got.Version != 1 {
			s.Errorf("Maria's head is %+v", got)
		}
	}},
	{"more conversations than a batch are marked in several", func(s *school) {
		const most = hub.MarkAllBatch + 3
		list := make([]hub.NewConversation, most)
		for i := range list {
			list[i] = s.conversation("trip", "ana", "maria")
		}
		_, err := s.Start(s.Context(), s.begin("ana"), planned(list...))
		s.must(err)
		everything := hub.MarkAll{Before: s.clock}
		first := s.markAll("maria", everything)
		if !first.Moved || !first.More || first.Unread != 3 {
			s.Errorf("the first batch: %+v", first)
		}
		if second := s.markAll("maria", everything); !second.Moved || second.More || second.Unread != 0 || second.Version != first.Version+1 {
			s.Errorf("the second batch: %+v", second)
		}
	}},
}

func (s *school) markAll(name string, m hub.MarkAll) hub.MarkedAll {
	s.Helper()
	r, err := s.MarkAllRead(s.Context(), s.id, s.who[name], m)
	s.must(err)
	return r
}
