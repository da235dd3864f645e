package storetest

import (
	"github.com/homeline/homeline/hub"
)

var goneTests = []test{
	{"who is gone is told nothing and writes nothing", func(s *school) {
		c := s.start("ana", "maria", "leo").Conversation
		s.leave("leo")
		r := s.post(c, "maria")
		if s.told(r.Audience, "leo") != nil || len(r.Audience) != 2 {
			s.Errorf("told are %+v", r.Audience)
		}
		if told := s.seal(c, "ana").Audience; s.told(told, "leo") != nil {
			s.Errorf("of the seal are told %+v", told)
		}
		_, err := s.Post(s.Context(), s.reply(c, "leo", "I am not here."))
		s.refused(err, hub.CodeOut)
	}},
	{"who is gone by now seals nothing, even what was judged before", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.leave("paula")
		seal := hub.Seal{At: s.clock, By: s.who["paula"], Cause: hub.SealedByStaff, Reason: "Policy."}
		_, err := s.Seal(s.Context(), s.id, c, seal, anybody)
		s.refused(err, hub.CodeOut)
		s.leave("ana")
		seal.By = s.who["ana"]
		_, err = s.Seal(s.Context(), s.id, c, seal, nil)
		s.refused(err, hub.CodeOut)
		s.post(c, "maria")
	}},
	{"name and letters of who is gone stay", func(s *school) {
		c := s.start("ana", "maria", "leo").Conversation
		s.post(c, "leo")
		s.leave("leo")
		if n := len(s.letters(c, "maria")); n != 2 {
			s.Errorf("%d letters are left of 2", n)
		}
		if p := s.view(c, "maria").Participants[2].Person; !p.Gone || p.Name() != "Leo García" {
			s.Errorf("Leo is shown as %+v", p)
		}
	}},
	{"who returns finds what was theirs, counted right", func(s *school) {
		c := s.start("ana", "maria", "leo").Conversation
		s.leave("leo")
		s.post(c, "maria")
		s.post(c, "ana")
		s.deliver(lincoln)
		if got := s.head("leo"); got.Unread != 3 {
			s.Errorf("three came, %+v", got)
		}
		if r := s.post(c, "maria"); s.told(r.Audience, "leo") == nil || s.told(r.Audience, "leo").Unread != 4 {
			s.Errorf("told are %+v", r.Audience)
		}
		if got := s.read(c, "leo", 4); got.Unread != 0 {
			s.Errorf("after reading all: %+v", got)
		}
	}},
}
