package storetest

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
}
