package storetest

import (
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

var postTests = []test{
	{"a message is unread until it was marked", func(s *school) {
		c := s.start("ana", "maria", "leo").Conversation
		s.post(c, "ana")
		if got := s.head("maria").Unread; got != 2 {
			s.Fatalf("two messages, %d unread", got)
		}
		r := s.read(c, "maria", 1)
		if !r.Moved || r.ReadSeq != 1 || r.Here != 1 || r.Unread != 1 || r.Version != 3 {
			s.Errorf("after reading the first: %+v", r)
		}
		if got := s.head("leo").Unread; got != 2 {
			s.Errorf("what Maria read counts as read by Leo: %d unread", got)
		}
		if got := s.head("ana").Unread; got != 0 {
			s.Errorf("%d of her own messages are unread for Ana", got)
		}
	}},
	{"a receipt tells everybody their count and version", func(s *school) {
		first := s.start("ana", "maria", "leo").Conversation
		s.start("ana", "maria")
		r := s.post(first, "maria")
		want := map[string]hub.Told{
			"ana":   {Head: hub.Head{Version: 3, Unread: 1}, Here: 1},
			"maria": {Head: hub.Head{Version: 3, Unread: 2}, Here: 1},
			"leo":   {Head: hub.Head{Version: 2, Unread: 2}, Here: 2},
		}
		if len(r.Audience) != len(want) {
			s.Errorf("three take part, %d are told", len(r.Audience))
		}
		for name, w := range want {
			w.Person = s.who[name]
			if got := s.told(r.Audience, name); got == nil || *got != w {
				s.Errorf("%s is told %+v, not %+v", name, got, w)
			}
			if got := s.head(name); got != w.Head {
				s.Errorf("%s's head is %+v, but they were told %+v", name, got, w.Head)
			}
		}
		if r.SenderName != "María García Núñez" || r.SenderPart != roster.AsGuardian {
			s.Errorf("sent by %q as %q", r.SenderName, r.SenderPart)
		}
	}},
	{"messages are numbered and chained", func(s *school) {
		c := s.start("ana", "maria").Conversation
		sent := s.post(c, "maria").Message
		s.clock = s.clock.Add(time.Minute)
		s.post(c, "ana")
		view := s.view(c, "ana")
		hash := s.root(view)
		for i, m := range s.letters(c, "ana") {
			if m.Seq != int64(i+1) || m.Conversation != c {
				s.Errorf("message %d is numbered %d", i+1, m.Seq)
			}
			if hash = hub.ChainHash(hash, m); m.Hash != hash {
				s.Errorf("the hash of message %d is not its own", m.Seq)
			}
			if m.Seq == 2 && !reflect.DeepEqual(m, sent) {
				s.Errorf("the receipt said %+v, stored is %+v", sent, m)
			}
		}
		if view.LastSeq != 3 || !view.LastAt.Equal(s.clock) {
			s.Errorf("the last of three is %d at %s", view.LastSeq, view.LastAt)
		}
	}},
	{"time never goes back in a conversation", func(s *school) {
		first := s.start("ana", "maria")
		s.clock = s.clock.Add(-3 * time.Hour)
		if got := s.post(first.Conversation, "maria").SentAt; !got.Equal(first.SentAt) {
			s.Errorf("a node three hours behind sent at %s, after %s", got, first.SentAt)
		}
	}},
	{"a message is stored once for a key", func(s *school) {
		c := s.start("ana", "maria").Conversation
		p := s.reply(c, "maria", "Yes.")
		first, err := s.Post(s.Context(), p)
		s.must(err)
		p.Now = p.Now.Add(time.Minute)
		again, err := s.Post(s.Context(), p)
		s.must(err)
		if !again.Repeated || len(again.Audience) != 0 || !reflect.DeepEqual(again.Message, first.Message) {
			s.Errorf("sent again: %+v, at first: %+v", again, first)
		}
		if n := len(s.letters(c, "ana")); n != 2 {
			s.Errorf("%d messages, not 2", n)
		}
		if again.SenderName != first.SenderName || again.SenderPart != first.SenderPart {
			s.Errorf("the repeat is by %s, %s", again.SenderName, again.SenderPart)
		}
	}},
	{"a key that comes with something else is refused with what it stored", func(s *school) {
		c, other := s.start("ana", "maria").Conversation, s.start("ana", "maria").Conversation
		p := s.reply(c, "maria", "Yes.")
		first, err := s.Post(s.Context(), p)
		s.must(err)
		text, elsewhere := p, p
		text.Body, elsewhere.Conversation = "No.", other
		for _, p := range []hub.Post{text, elsewhere} {
			_, err := s.Post(s.Context(), p)
			s.refused(err, hub.CodeKeyReused)
			var e *hub.Error
			errors.As(err, &e)
			if len(e.Stored) != 1 || !reflect.DeepEqual(e.Stored[0].Message, first.Message) {
				s.Errorf("stored under the key is %+v, answered %+v", first.Message, e.Stored)
			}
		}
	}},
	{"two people may use the same key", func(s *school) {
		c := s.start("ana", "maria").Conversation
		p, q := s.reply(c, "maria", "Yes."), s.reply(c, "ana", "Yes.")
		q.Key = p.Key
		for _, one := range []hub.Post{p, q} {
			if r, err := s.Post(s.Context(), one); err != nil || r.Repeated {
				s.Errorf("%+v, %v", r, err)
			}
		}
	}},
	{"sending does not read what one has not seen", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.post(c, "maria")
		if got := s.head("maria").Unread; got != 1 {
			s.Errorf("after replying unseen, %d unread", got)
		}
		r := s.read(c, "maria", 2)
		if r.Unread != 0 || r.Here != 0 || r.ReadSeq != 2 {
			s.Errorf("after reading all: %+v", r)
		}
	}},
	{"nothing is sent where messaging is off", func(s *school) {
		c := s.start("ana", "maria").Conversation
		p := s.reply(c, "maria", "Yes.")
		stored, err := s.Post(s.Context(), p)
		s.must(err)
		d, err := s.District(s.Context(), s.id)
		s.must(err)
		d.Enabled = false
		s.must(s.SaveDistrict(s.Context(), d))
		_, err = s.Post(s.Context(), s.reply(c, "maria", "Again."))
		s.refused(err, hub.CodeMessagingOff)
		if r, err := s.Post(s.Context(), p); err != nil || !r.Repeated || r.Seq != stored.Seq {
			s.Errorf("what was stored before is not answered: %+v, %v", r, err)
		}
	}},
	{"a refusal leaves no gap and no count", func(s *school) {
		c := s.start("ana", "maria").Conversation
		before := s.head("ana")
		p := s.reply(c, "dora", "I am not in it.")
		_, err := s.Post(s.Context(), p)
		s.refused(err, hub.CodeNotFound)
		if got := s.head("ana"); got != before {
			s.Errorf("a refused message moved %+v to %+v", before, got)
		}
		if r := s.post(c, "maria"); r.Seq != 2 {
			s.Errorf("the next message is number %d", r.Seq)
		}
	}},
	{"text comes back as it was sent", func(s *school) {
		c := s.start("ana", "maria").Conversation
		for _, body := range []string{"línea\nzwei\n\n三 👩‍👧", "'; DROP TABLE message; --", "a\u0000b", "  spaces  "} {
			r, err := s.Post(s.Context(), s.reply(c, "ana", body))
			s.must(err)
			if got := s.letters(c, "maria"); got[len(got)-1].Body != body || r.Body != body {
				s.Errorf("%q came back as %q", body, got[len(got)-1].Body)
			}
		}
	}},
	{"messages are read forwards and backwards", func(s *school) {
		c := s.start("ana", "maria").Conversation
		for range 9 {
			s.post(c, "ana")
		}
		for _, page := range []struct {
			r    hub.Range
			want []int64
		}{
			{hub.Range{Limit: 3}, []int64{1, 2, 3}},
			{hub.Range{After: 8, Limit: 5}, []int64{9, 10}},
			{hub.Range{Before: 11, Limit: 2}, []int64{9, 10}},
			{hub.Range{Before: 3, Limit: 5}, []int64{1, 2}},
			{hub.Range{After: 10}, nil},
			{hub.Range{Before: 1}, nil},
		} {
			list, err := s.Messages(s.Context(), s.id, c, s.who["maria"], page.r)
			s.must(err)
			var got []int64
			for _, m := range list {
				got = append(got, m.Seq)
			}
			if !slices.Equal(got, page.want) {
				s.Errorf("%+v: %v, not %v", page.r, got, page.want)
			}
		}
		for _, limit := range []int{-1, 201} {
			_, err := s.Messages(s.Context(), s.id, c, s.who["maria"], hub.Range{Limit: limit})
			s.refusedAt(err, hub.CodeInvalid, "limit")
		}
	}},
}
