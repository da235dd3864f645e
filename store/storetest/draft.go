package storetest

import (
	"bytes"

	"github.com/homeline/homeline/hub"
)

var draftTests = []test{
	{"a draft is kept until it is dropped", func(s *school) {
		if got := s.draft("ana", "compose"); got != nil {
			s.Errorf("an absent one is %q", got)
		}
		for _, text := range []string{"Dear", "Dear Ms.", ""} {
			s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose", []byte(text), s.clock))
			if got := s.draft("ana", "compose"); string(got) != text {
				s.Errorf("%q came back as %q", text, got)
			}
		}
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose", []byte("Dear"), s.clock))
		for range 2 {
			s.must(s.DropDraft(s.Context(), s.id, s.who["ana"], "compose"))
		}
		if got := s.draft("ana", "compose"); got != nil {
			s.Errorf("dropped, it is %q", got)
		}
	}},
	{"slots and people are apart", func(s *school) {
		reply := "reply:" + newID().String()
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], reply, []byte("Yes."), s.clock))
		if s.draft("ana", "compose") != nil || s.draft("ben", reply) != nil || string(s.draft("ana", reply)) != "Yes." {
			s.Error("a draft is found elsewhere")
		}
	}},
	{"a draft has a largest size", func(s *school) {
		full := bytes.Repeat([]byte{'x'}, hub.MaxDraft)
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose", full, s.clock))
		err := s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose", append(full, 'x'), s.clock)
		s.refused(err, hub.CodeTooLong)
		s.refusedAt(s.SaveDraft(s.Context(), s.id, s.who["ana"], "", nil, s.clock), hub.CodeInvalid, "slot")
	}},
}

func (s *school) draft(name, slot string) []byte {
	s.Helper()
	content, err := s.Draft(s.Context(), s.id, s.who[name], slot)
	s.must(err)
	return content
}
