package storetest

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// standings are asked for at once.
func (s *school) standings(seats ...hub.Seat) []hub.Standing {
	s.Helper()
	list, err := s.Standings(s.Context(), s.id, seats)
	s.must(err)
	return list
}

func (s *school) seat(conversation uuid.UUID, name string) hub.Seat {
	return hub.Seat{Conversation: conversation, Person: s.who[name]}
}

var standingTests = []test{
	{"everybody who is asked for stands where they have read to", func(s *school) {
		trip, exam := s.start("ana", "maria", "leo").Conversation, s.start("ana", "maria").Conversation
		s.post(trip, "ana")
		s.post(trip, "leo")
		s.read(trip, "maria", 2)
		s.seal(exam, "ana")
		got := s.standings(s.seat(trip, "maria"), s.seat(exam, "ana"), s.seat(trip, "leo"), s.seat(exam, "maria"))
		want := []hub.Standing{
			{Seat: s.seat(trip, "maria"), LastSeq: 3, ReadSeq: 2},
			{Seat: s.seat(trip, "leo"), LastSeq: 3},
			{Seat: s.seat(exam, "ana"), LastSeq: 1, Sealed: true},
			{Seat: s.seat(exam, "maria"), LastSeq: 1, Sealed: true},
		}
		if len(got) != len(want) {
			s.Errorf("%d stand, of %d", len(got), len(want))
		}
		for _, one := range want {
			if !slices.Contains(got, one) {
				s.Errorf("%+v is not among %+v", one, got)
			}
		}
	}},
	{"they say what the conversation says to each", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.post(c, "maria")
		s.read(c, "ana", 2)
		for _, name := range []string{"ana", "maria"} {
			view := s.view(c, name)
			me, _ := view.Participant(s.who[name])
			want := []hub.Standing{{Seat: s.seat(c, name), LastSeq: view.LastSeq, ReadSeq: me.ReadSeq, Sealed: view.Seal != nil}}
			if got := s.standings(s.seat(c, name)); !slices.Equal(got, want) {
				s.Errorf("%+v, the conversation says %+v", got, want)
			}
		}
	}},
	{"a seat that is not taken is left out, the others are not", func(s *school) {
		c := s.start("ana", "maria").Conversation
		other := openSchool(s, s.Store, "jefferson")
		theirs := other.start("ana", "maria").Conversation
		got := s.standings(
			s.seat(c, "dora"), s.seat(newID(), "ana"), hub.Seat{Conversation: c, Person: newID()},
			hub.Seat{Conversation: theirs, Person: other.who["ana"]}, s.seat(theirs, "ana"),
			hub.Seat{Conversation: c, Person: other.who["ana"]}, hub.Seat{}, s.seat(c, "maria"),
		)
		if want := []hub.Standing{{Seat: s.seat(c, "maria"), LastSeq: 1}}; !slices.Equal(got, want) {
			s.Errorf("%+v", got)
		}
		if got := s.standings(); len(got) != 0 {
			s.Errorf("of no seat: %+v", got)
		}
	}},
	{"who is gone keeps their seat", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.leave("maria")
		if got := s.standings(s.seat(c, "maria")); len(got) != 1 {
			s.Errorf("%+v", got)
		}
	}},
	{"ten thousand are asked for at once", func(s *school) {
		c := s.start("ana", "maria").Conversation
		seats := make([]hub.Seat, 10_000)
		for i := range seats {
			seats[i] = s.seat(newID(), "ana")
		}
		seats[4_999] = s.seat(c, "ana")
		if got := s.standings(seats...); len(got) != 1 {
			s.Errorf("%d stand", len(got))
		}
	}},
}
