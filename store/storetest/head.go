package storetest

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

var headTests = []test{
	{"the heads of many are those of each", func(s *school) {
		c := s.start("ana", "maria", "leo").Conversation
		s.post(c, "maria")
		var ids []uuid.UUID
		for _, name := range []string{"ana", "maria", "leo", "dan"} {
			ids = append(ids, s.who[name])
		}
		heads, err := s.Heads(s.Context(), s.id, append(ids, newID()))
		s.must(err)
		if len(heads) != 3 {
			s.Errorf("three have an inbox, there are %d heads", len(heads))
		}
		for _, name := range []string{"ana", "maria", "leo"} {
			if !slices.Contains(heads, s.head(name)) {
				s.Errorf("%s's head %+v is not among %+v", name, s.head(name), heads)
			}
		}
	}},
	{"tails say the last number and the seal", func(s *school) {
		open, sealed := s.start("ana", "maria").Conversation, s.start("ana", "maria").Conversation
		s.post(open, "maria")
		s.seal(sealed, "ana")
		tails, err := s.Tails(s.Context(), s.id, []uuid.UUID{sealed, newID(), open})
		s.must(err)
		want := []hub.Tail{{Conversation: sealed, LastSeq: 1, Sealed: true}, {Conversation: open, LastSeq: 2}}
		if len(tails) != 2 || !slices.Contains(tails, want[0]) || !slices.Contains(tails, want[1]) {
			s.Errorf("%+v", tails)
		}
	}},
	{"of nobody and nothing there is nothing", func(s *school) {
		heads, err := s.Heads(s.Context(), s.id, nil)
		if s.must(err); len(heads) != 0 {
			s.Errorf("%+v", heads)
		}
		tails, err := s.Tails(s.Context(), s.id, nil)
		if s.must(err); len(tails) != 0 {
			s.Errorf("%+v", tails)
		}
	}},
	{"ten thousand are asked for at once", func(s *school) {
		c := s.start("ana", "maria").Conversation
		ids := make([]uuid.UUID, 10_000)
		for i := range ids {
			ids[i] = newID()
		}
		ids[9_999] = c
		tails, err := s.Tails(s.Context(), s.id, ids)
		if s.must(err); len(tails) != 1 {
			s.Errorf("%+v", tails)
		}
	}},
}
