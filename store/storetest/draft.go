package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"time"

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
	{"drafts are listed, the last saved first", func(s *school) {
		saved := s.clock
		for i, slot := range []string{"compose:1", "compose:2", "reply:1", "compose:1"} {
			saved = s.clock.Add(time.Duration(i) * time.Second)
			s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], slot, []byte(slot), saved))
		}
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ben"], "compose:1", []byte("Ben's"), s.clock))
		got := s.drafts("ana", true)
		if len(got) != 3 || got[0].Slot != "compose:1" || got[1].Slot != "reply:1" || got[2].Slot != "compose:2" {
			s.Fatalf("listed are %+v", got)
		}
		if string(got[0].Content) != "compose:1" || !got[0].SavedAt.Equal(saved) || got[0].SavedAt.Location() != time.UTC {
			s.Errorf("the first is %+v", got[0])
		}
		for _, d := range s.drafts("ana", false) {
			if d.Content != nil {
				s.Errorf("listed with its content: %+v", d)
			}
		}
	}},
	{"a person has so many drafts and no more", func(s *school) {
		for i := range hub.MaxDrafts {
			s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], fmt.Sprint("compose:", i), []byte("x"), s.clock))
		}
		err := s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose:more", []byte("x"), s.clock)
		if !errors.Is(err, hub.ErrDraftsFull) {
			s.Errorf("one more: %v", err)
		}
		s.refusedAt(err, hub.CodeTooLong, "drafts")
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose:0", []byte("changed"), s.clock.Add(time.Second)))
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ben"], "compose:more", []byte("x"), s.clock))
		s.must(s.DropDraft(s.Context(), s.id, s.who["ana"], "compose:1"))
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose:more", []byte("x"), s.clock))
		if got := s.drafts("ana", false); len(got) != hub.MaxDrafts || got[0].Slot != "compose:0" {
			s.Errorf("%d are listed, the first is %q", len(got), got[0].Slot)
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

func (s *school) drafts(name string, content bool) []hub.Draft {
	s.Helper()
	all, err := s.Drafts(s.Context(), s.id, s.who[name], content)
	s.must(err)
	return all
}
