package storetest

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

var sealTests = []test{
	{"what is sealed is read and never written", func(s *school) {
		c := s.start("ana", "maria", "leo").Conversation
		s.clock = s.clock.Add(time.Minute)
		r := s.seal(c, "ana")
		want := hub.Seal{At: s.clock, By: s.who["ana"], Cause: hub.SealedByStaff, Reason: "It is settled."}
		if r.Seal != want {
			s.Errorf("sealed with %+v", r.Seal)
		}
		if got := s.view(c, "leo").Seal; got == nil || *got != want {
			s.Errorf("Leo sees the seal %+v", got)
		}
		_, err := s.Post(s.Context(), s.reply(c, "maria", "But …"))
		s.refused(err, hub.CodeSealed)
		if n := len(s.letters(c, "maria")); n != 1 {
			s.Errorf("%d messages", n)
		}
		if !s.read(c, "maria", 1).Moved {
			s.Error("what is sealed cannot be marked as read")
		}
	}},
	{"a conversation is never sealed before its last message, although clocks differ", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.clock = s.clock.Add(time.Minute)
		last := s.post(c, "maria").Message.SentAt
		s.clock = s.clock.Add(-time.Hour)
		r := s.seal(c, "ana")
		if got := s.view(c, "ana").Seal; !r.Seal.At.Equal(last) || got == nil || *got != r.Seal {
			s.Errorf("it is answered %+v and reads %+v; its last message is of %s", r.Seal, got, last)
		}
	}},
	{"a seal is told to all and unread for nobody", func(s *school) {
		c := s.start("ana", "maria", "leo").Conversation
		r := s.seal(c, "ana")
		for name, want := range map[string]hub.Told{
			"ana": {Head: hub.Head{Version: 2}}, "leo": {Head: hub.Head{Version: 2, Unread: 1}, Here: 1},
			"maria": {Head: hub.Head{Version: 2, Unread: 1}, Here: 1},
		} {
			want.Person = s.who[name]
			if got := s.told(r.Audience, name); got == nil || *got != want || s.head(name) != want.Head {
				s.Errorf("%s is told %+v, their head is %+v", name, got, s.head(name))
			}
		}
	}},
	{"a conversation is sealed once", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.seal(c, "ana")
		_, err := s.Seal(s.Context(), s.id, c, hub.Seal{At: s.clock, By: s.who["ana"], Cause: hub.SealedByStaff, Reason: "Again."}, nil)
		s.refused(err, hub.CodeSealed)
		if got := s.view(c, "ana").Seal.Reason; got != "It is settled." {
			s.Errorf("the reason became %q", got)
		}
	}},
	{"families do not seal", func(s *school) {
		c := s.start("ana", "maria").Conversation
		_, err := s.Seal(s.Context(), s.id, c, hub.Seal{At: s.clock, By: s.who["maria"], Cause: hub.SealedByStaff}, nil)
		s.refused(err, hub.CodeNotAllowed)
	}},
	{"who is not in it seals by its number alone, if they may unseen", func(s *school) {
		c := s.start("ana", "maria").Conversation
		seal := hub.Seal{At: s.clock, By: s.who["paula"], Cause: hub.SealedByStaff, Reason: "Policy."}
		_, err := s.Seal(s.Context(), s.id, c, seal, nil)
		s.refused(err, hub.CodeNotFound)
		_, err = s.Seal(s.Context(), s.id, newID(), seal, anybody)
		s.refused(err, hub.CodeNotFound)
		r, err := s.Seal(s.Context(), s.id, c, seal, anybody)
		s.must(err)
		if s.told(r.Audience, "paula") != nil {
			s.Error("Paula is told of a conversation that she is not in")
		}
	}},
	{"who seals unseen is judged by what they are then, not by what they were", func(s *school) {
		seal := hub.Seal{At: s.clock, By: s.who["paula"], Cause: hub.SealedByStaff, Reason: "Policy."}
		asDistrict := func(f roster.Facts) bool { return f.IsDistrictStaff(seal.By) }
		first, second := s.start("ana", "maria").Conversation, s.start("ana", "leo").Conversation
		_, err := s.Seal(s.Context(), s.id, first, seal, asDistrict)
		s.must(err)
		demoted := lincoln
		demoted.Whole = roster.Whole{roster.KindPerson: true, roster.KindRole: true}
		demoted.People = slices.Clone(lincolnPeople)
		for i := range demoted.People {
			if demoted.People[i].SourcedID == "paula" {
				demoted.People[i].Roles = as("school", roster.Aide)
			}
		}
		s.deliver(demoted)
		_, err = s.Seal(s.Context(), s.id, second, seal, asDistrict)
		s.refused(err, hub.CodeNotFound)
		_, err = s.Seal(s.Context(), newID(), second, seal, asDistrict)
		s.refused(err, hub.CodeNotFound)
		s.post(second, "leo")
	}},
	{"a tie that ends seals what it was the way into", func(s *school) {
		through := s.start("ana", "maria", "leo").Conversation // Maria is in it through Leo and Eva
		other := s.start("ana", "dora", "tom").Conversation
		staff := s.start("ana", "leo").Conversation
		effects := s.untie("maria", "leo")
		if len(effects.Sealed) != 1 || effects.Sealed[0].Conversation != through {
			s.Fatalf("sealed are %+v, not only %s", effects.Sealed, through)
		}
		sealed := effects.Sealed[0]
		for i, head := range sealed.Heads {
			if head.Version != 2 && head.Person == s.who["maria"] || sealed.Here[i] != head.Unread && head.Person == s.who["maria"] {
				s.Errorf("told %+v, %d here", head, sealed.Here[i])
			}
		}
		if len(sealed.Heads) != 3 || len(sealed.Here) != 3 {
			s.Errorf("three are in it, told are %+v", sealed)
		}
		want := hub.Seal{At: s.clock, Cause: hub.SealedByRoster, Guardian: s.who["maria"], Student: s.who["leo"]}
		if got := s.view(through, "ana").Seal; got == nil || *got != want {
			s.Errorf("the seal is %+v", got)
		}
		s.post(other, "dora")
		s.post(staff, "leo")
		_, err := s.Post(s.Context(), s.reply(through, "ana", "Still?"))
		s.refused(err, hub.CodeSealed)
	}},
	{"a bar seals with its own cause", func(s *school) {
		c := s.start("ana", "dan", "dora").Conversation
		effects, err := s.Bar(s.Context(), s.id, roster.Bar{
			ID: newID(), Guardian: s.who["dan"], Student: s.who["tom"], Since: roster.DateOf(s.clock), Reason: "Court order.",
		}, s.clock)
		s.must(err)
		if len(effects.Sealed) != 1 {
			s.Fatalf("%+v", effects)
		}
		if got := s.view(c, "ana").Seal; got.Cause != hub.SealedByBar || got.By != uuid.Nil || got.StaffReason != "Court order." {
			s.Errorf("%+v", got)
		}
	}},
	{"staff are offered to go on from what a change in a family sealed", func(s *school) {
		mine, second := s.start("ana", "maria").Conversation, s.start("paula", "maria", "ana").Conversation
		s.seal(s.start("ana", "dora").Conversation, "ana")
		s.untie("maria", "leo")
		offered := func(name string) (ids []uuid.UUID) {
			rows, err := s.SealedForFamilies(s.Context(), s.id, s.who[name], 10)
			s.must(err)
			for _, r := range rows {
				if !r.Sealed || len(r.Participants) == 0 {
					s.Errorf("offered is %+v", r)
				}
				ids = append(ids, r.Conversation)
			}
			return ids
		}
		if got := offered("ana"); len(got) != 2 || !slices.Contains(got, mine) || !slices.Contains(got, second) {
			s.Errorf("Ana is offered %v", got)
		}
		if got := offered("maria"); got != nil {
			s.Errorf("Maria is offered %v", got)
		}
		rows, err := s.SealedForFamilies(s.Context(), s.id, s.who["ana"], 1)
		if s.must(err); len(rows) != 1 {
			s.Errorf("at most one gave %d", len(rows))
		}
		next := s.conversation("on", "ana", "leo")
		next.Predecessor = second
		_, err = s.Start(s.Context(), s.begin("ana"), planned(next))
		s.must(err)
		if got := offered("ana"); !slices.Equal(got, []uuid.UUID{mine}) {
			s.Errorf("having gone on from %s, Ana is offered %v", second, got)
		}
		if got := offered("paula"); !slices.Equal(got, []uuid.UUID{second}) {
			s.Errorf("Paula, who is not in the successor, is offered %v", got)
		}
	}},
}

// untie ends the tie of a guardian to a student by the roster.
func (s *school) untie(guardian, student string) roster.Effects {
	s.Helper()
	state, err := s.State(s.Context(), s.id)
	s.must(err)
	effects, err := s.Apply(s.Context(), s.id, roster.Changes{
		Base:                state.Version,
		RemoveGuardianships: []roster.SnapshotGuardianship{{Guardian: guardian, Student: student, Relation: roster.Parent}},
	}, s.clock)
	s.must(err)
	return effects
}
