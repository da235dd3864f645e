package storetest

import (
	"sync"

	"github.com/google/uuid"
)

var epochTests = []test{
	{"a store has an epoch, which stays through all that is committed", func(s *school) {
		before := s.epoch()
		c := s.start("ana", "maria").Conversation
		s.post(c, "maria")
		s.seal(c, "ana")
		if after := s.epoch(); before == uuid.Nil || after != before {
			s.Errorf("it was %s and is %s", before, after)
		}
	}},
	{"an epoch is renewed for those who know it", func(s *school) {
		before := s.epoch()
		renewed, err := s.RenewEpoch(s.Context(), before)
		s.must(err)
		if renewed == before || renewed == uuid.Nil || s.epoch() != renewed {
			s.Errorf("it was %s, was renewed to %s and is %s", before, renewed, s.epoch())
		}
		if again, err := s.RenewEpoch(s.Context(), before); err != nil || again != renewed {
			s.Errorf("renewing it again is %s, %v, want %s", again, err, renewed)
		}
	}},
	{"of many who renew the same epoch one does, and all know it", func(s *school) {
		before := s.epoch()
		var renewed [8]uuid.UUID
		var all sync.WaitGroup
		for i := range renewed {
			all.Go(func() {
				var err error
				if renewed[i], err = s.RenewEpoch(s.Context(), before); err != nil {
					s.Error(err)
				}
			})
		}
		all.Wait()
		now := s.epoch()
		for _, one := range renewed {
			if one != now || one == before {
				s.Errorf("renewed to %s, it was %s and is %s", one, before, now)
			}
		}
	}},
}

func (s *school) epoch() uuid.UUID {
	s.Helper()
	epoch, err := s.Epoch(s.Context())
	s.must(err)
	return epoch
}
