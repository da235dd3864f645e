package storetest

import (
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// writers is how many write at once.
const (
	writers   = 100
	busyTries = 5
)

var concurrentTests = []test{
	{"a hundred write to one conversation", func(s *school) {
		names := []string{"ana", "maria", "leo", "paula"}
		c := s.start(names...).Conversation
		receipts := together(s, func(i int) (hub.Receipt, error) {
			return s.Post(s.Context(), s.reply(c, names[i%len(names)], fmt.Sprintf("Letter %d.", i)))
		})
		numbers := map[int64]bool{}
		for _, r := range receipts {
			numbers[r.Seq] = true
		}
		for seq := int64(2); seq <= writers+1; seq++ {
			if !numbers[seq] {
				s.Errorf("nobody was given number %d", seq)
			}
		}
		s.countsAreRight(names, c)
		for _, name := range names {
			if got := s.head(name); got.Version != writers+1 || got.Unread != writers-writers/4+b2i(name != "ana") {
				s.Errorf("%s's head is %+v", name, got)
			}
		}
	}},
	{"a hundred write to many with the same people", func(s *school) {
		names := []string{"ana", "maria", "leo", "eva"}
		var all []uuid.UUID
		for i := range 10 {
			first := i % len(names)
			all = append(all, s.start(append([]string{names[first]}, others(names, names[first])...)...).Conversation)
		}
		together(s, func(i int) (hub.Receipt, error) {
			name := names[i%len(names)]
			if i%3 == 0 {
				if _, err := s.MarkRead(s.Context(), s.id, all[i%len(all)], s.who[name], int64(i)); err != nil {
					return hub.Receipt{}, err
				}
			}
			if i%5 == 1 {
				shown := hub.MarkAll{Shown: []hub.ReadUpTo{{Conversation: all[i%len(all)], Seq: int64(i)}}, Before: s.clock}
				if _, err := s.MarkAllRead(s.Context(), s.id, s.who[name], shown); err != nil {
					return hub.Receipt{}, err
				}
			}
			return s.Post(s.Context(), s.reply(all[(i*7)%len(all)], name, fmt.Sprintf("Letter %d.", i)))
		})
		s.countsAreRight(names, all...)
	}},
	{"a key that comes a hundred times at once is stored once", func(s *school) {
		c := s.start("ana", "maria").Conversation
		p := s.reply(c, "maria", "Yes.")
		first := 0
		for _, r := range together(s, func(int) (hub.Receipt, error) { return s.Post(s.Context(), p) }) {
			if r.Seq != 2 {
				s.Errorf("stored as number %d too", r.Seq)
			}
			if !r.Repeated {
				first++
			}
		}
		if first != 1 || s.view(c, "ana").LastSeq != 2 {
			s.Errorf("%d of them were the first", first)
		}
	}},
	{"a start that comes a hundred times at once is stored once", func(s *school) {
		r := s.begin("ana")
		ids := map[uuid.UUID]bool{}
		for _, started := range together(s, func(int) (hub.Started, error) {
			return s.Start(s.Context(), r, planned(s.conversation("trip", "ana", "maria")))
		}) {
			ids[started.Receipts[0].Conversation] = true
		}
		if len(ids) != 1 || s.head("maria").Unread != 1 {
			s.Errorf("%d conversations, %+v", len(ids), s.head("maria"))
		}
	}},
	{"nothing comes after a seal", func(s *school) {
		c := s.start("ana", "maria").Conversation
		var sealedAt int64
		receipts := together(s, func(i int) (hub.Receipt, error) {
			if i != writers/2 {
				r, err := s.Post(s.Context(), s.reply(c, "maria", fmt.Sprintf("Letter %d.", i)))
				if hub.CodeOf(err) == hub.CodeSealed {
					err = nil
				}
				return r, err
			}
			r, err := s.Seal(s.Context(), s.id, c, hub.Seal{At: s.clock, By: s.who["ana"], Cause: hub.SealedByStaff, Reason: "Enough."}, nil)
			if err == nil {
				sealedAt = s.told(r.Audience, "ana").Here + 1
			}
			return hub.Receipt{}, err
		})
		for _, r := range receipts {
			if r.Seq > sealedAt {
				s.Errorf("number %d was stored after the seal at %d", r.Seq, sealedAt)
			}
		}
		s.countsAreRight([]string{"ana", "maria"}, c)
	}},
	{"no start is judged by a tie that has ended", func(s *school) {
		open := 0
		for _, started := range together(s, func(i int) (hub.Started, error) {
			if i == writers/2 {
				s.untie("maria", "leo")
			}
			r := s.begin("ana")
			r.About = append(r.About, s.who["leo"])
			return s.Start(s.Context(), r, func(f roster.Facts) ([]hub.NewConversation, error) {
				for _, g := range f.People[s.who["leo"]].Guardians {
					if g.Guardian == s.who["maria"] {
						return []hub.NewConversation{s.conversation("trip", "ana", "maria")}, nil
					}
				}
				return nil, nil
			})
		}) {
			for _, r := range started.Receipts {
				if s.view(r.Conversation, "maria").Seal == nil {
					open++
				}
			}
		}
		if open != 0 {
			s.Errorf("%d conversations through an ended tie are open", open)
		}
	}},
}

// together calls do as many times at once as there are writers, and answers what
// each returned. None may fail. Who is told that the store is busy asks again, as
// people do: a machine that is may let the last of a hundred wait for too long.
func together[T any](s *school, do func(i int) (T, error)) []T {
	s.Helper()
	answers, errs := make([]T, writers), make([]error, writers)
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range writers {
		group.Go(func() {
			<-start
			for range busyTries {
				if answers[i], errs[i] = do(i); hub.CodeOf(errs[i]) != hub.CodeBusy {
					return
				}
			}
		})
	}
	close(start)
	group.Wait()
	for i, err := range errs {
		if err != nil {
			s.Fatalf("writer %d: %v", i, err)
		}
	}
	return answers
}

func others(names []string, one string) (rest []string) {
	for _, name := range names {
		if name != one {
			rest = append(rest, name)
		}
	}
	return rest
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
