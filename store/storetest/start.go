package storetest

import (
	"errors"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

var startTests = []test{
	{"what was started is kept as it was planned", func(s *school) {
		plan := s.conversation("La excursión", "ana", "leo", "maria")
		started, err := s.Start(s.Context(), s.begin("ana"), planned(plan))
		s.must(err)
		r := started.Receipts[0]
		if r.Conversation != plan.ID || r.Key != plan.Key || r.Seq != 1 || r.Body != plan.Body || !r.SentAt.Equal(s.clock) {
			s.Errorf("the receipt is %+v", r)
		}
		if r.SenderName != "Ana Ruiz" || r.SenderPart != roster.AsTeacher {
			s.Errorf("sent by %q as %q", r.SenderName, r.SenderPart)
		}
		c := s.view(plan.ID, "maria")
		if c.Subject != plan.Subject || c.StartedBy != s.who["ana"] || !c.StartedAt.Equal(s.clock) ||
			c.LastSeq != 1 || !c.LastAt.Equal(s.clock) || c.Seal != nil || c.Predecessor != uuid.Nil || c.Successors != nil {
			s.Errorf("the conversation is %+v", c)
		}
		if len(c.Participants) != len(plan.Participants) {
			s.Fatalf("%d participants", len(c.Participants))
		}
		for i, p := range c.Participants {
			if want := plan.Participants[i]; p.Person.ID != want.Person || !reflect.DeepEqual(p.Ties, want.Ties) {
				s.Errorf("participant %d is %s with %+v, not %+v", i, p.Person.Name(), p.Ties, want.Ties)
			}
		}
	}},
	{"the plan is asked with the facts of those it is about", func(s *school) {
		r := s.begin("ana")
		r.About = append(r.About, s.who["leo"])
		_, err := s.Start(s.Context(), r, func(f roster.Facts) ([]hub.NewConversation, error) {
			if f.District.ID != s.id || f.People[s.who["ana"]].Given != "Ana" || f.People[s.who["leo"]].Given != "Leo" {
				s.Errorf("the facts are %+v", f)
			}
			return []hub.NewConversation{s.conversation("trip", "ana", "leo")}, nil
		})
		s.must(err)
	}},
	{"the plan is asked with the access that the district gives at that moment", func(s *school) {
		granted := func() (ids []uuid.UUID) {
			_, err := s.Start(s.Context(), s.begin("ben"), func(f roster.Facts) ([]hub.NewConversation, error) {
				for _, g := range f.Grants {
					ids = append(ids, g.ID)
				}
				return []hub.NewConversation{s.conversation("trip", "ben", "leo")}, nil
			})
			s.must(err)
			return ids
		}
		if got := granted(); got != nil {
			s.Errorf("before it was given %v", got)
		}
		g := roster.Grant{ID: newID(), Person: s.who["ben"], Students: []uuid.UUID{s.who["leo"]}, Reason: "x", By: "x"}
		s.must(s.Grant(s.Context(), s.id, g, s.clock))
		if got := granted(); !slices.Equal(got, []uuid.UUID{g.ID}) {
			s.Errorf("given %v", got)
		}
		s.must(s.Revoke(s.Context(), s.id, g.ID, "x", s.clock))
		if got := granted(); got != nil {
			s.Errorf("once it was revoked %v", got)
		}
	}},
	{"the error of a plan is returned and nothing is stored", func(s *school) {
		refusal := &hub.Error{Code: hub.CodeNotAllowed, Refused: []hub.Refused{{Recipient: roster.Recipient{Person: s.who["dan"]}}}}
		r := s.begin("ana")
		_, err := s.Start(s.Context(), r, func(roster.Facts) ([]hub.NewConversation, error) { return nil, refusal })
		var got *hub.Error
		if !errors.As(err, &got) || got != refusal {
			s.Errorf("the plan's error came back as %v", err)
		}
		started, err := s.Start(s.Context(), r, planned(s.conversation("trip", "ana", "maria")))
		if err != nil || started.Repeated {
			s.Errorf("after a refusal the key is used up: %+v, %v", started, err)
		}
	}},
	{"what was started with a key is found by it, by its sender alone", func(s *school) {
		r := s.begin("ana")
		first, second := s.conversation("trip", "ana", "maria"), s.conversation("trip", "ana", "dora", "dan")
		_, err := s.Start(s.Context(), r, planned(first, second))
		s.must(err)
		other := openSchool(s, s.Store, "jefferson")
		for _, c := range []struct {
			district, sender, key uuid.UUID
			want                  []uuid.UUID
		}{
			{s.id, s.who["ana"], r.Key, []uuid.UUID{first.ID, second.ID}},
			{s.id, s.who["ana"], newID(), nil},
			{s.id, s.who["maria"], r.Key, nil},
			{other.id, s.who["ana"], r.Key, nil},
		} {
			if got, err := s.StartedWith(s.Context(), c.district, c.sender, c.key); err != nil || !slices.Equal(got, c.want) {
				s.Errorf("started are %v, %v, want %v", got, err, c.want)
			}
		}
	}},
	{"several conversations are stored together", func(s *school) {
		r := s.begin("ana")
		started, err := s.Start(s.Context(), r, planned(
			s.conversation("trip", "ana", "maria"), s.conversation("trip", "ana", "dora", "dan"), s.conversation("trip", "ana", "leo")))
		s.must(err)
		for i, receipt := range started.Receipts {
			if told := s.told(receipt.Audience, "ana"); told == nil || told.Version != int64(i+1) || told.Unread != 0 {
				s.Errorf("with conversation %d Ana is told %+v", i+1, told)
			}
		}
		if n := len(s.inbox("ana", hub.InboxQuery{}).Rows); n != 3 || len(started.Receipts) != 3 {
			s.Errorf("%d rows, %d receipts", n, len(started.Receipts))
		}
	}},
	{"of several conversations all are stored or none", func(s *school) {
		r := s.begin("ana")
		bad := s.conversation("trip", "ana", "leo")
		bad.Participants[1].Person = newID()
		_, err := s.Start(s.Context(), r, planned(s.conversation("trip", "ana", "maria"), bad))
		s.refused(err, hub.CodeNotFound)
		if got := s.head("maria"); got.Version != 0 {
			s.Errorf("Maria was told of half a start: %+v", got)
		}
		if rows := s.inbox("ana", hub.InboxQuery{}).Rows; len(rows) != 0 {
			s.Errorf("%d conversations of it are there", len(rows))
		}
	}},
	{"a start is stored once for a key", func(s *school) {
		r := s.begin("ana")
		first, err := s.Start(s.Context(), r, planned(s.conversation("one", "ana", "maria"), s.conversation("two", "ana", "dora")))
		s.must(err)
		again, err := s.Start(s.Context(), r, func(roster.Facts) ([]hub.NewConversation, error) {
			s.Error("the plan was asked for what is stored")
			return nil, nil
		})
		s.must(err)
		if !again.Repeated || len(again.Receipts) != 2 {
			s.Fatalf("the repeat is %+v", again)
		}
		for i, got := range again.Receipts {
			if !got.Repeated || got.Audience != nil || !reflect.DeepEqual(got.Message, first.Receipts[i].Message) {
				s.Errorf("conversation %d: %+v, at first %+v", i, got, first.Receipts[i])
			}
		}
	}},
	{"a key that comes with another start is refused with what it stored", func(s *school) {
		r := s.begin("ana")
		first, err := s.Start(s.Context(), r, planned(s.conversation("one", "ana", "maria")))
		s.must(err)
		r.Fingerprint = [32]byte{2}
		_, err = s.Start(s.Context(), r, planned(s.conversation("two", "ana", "dora")))
		s.refused(err, hub.CodeKeyReused)
		var e *hub.Error
		if errors.As(err, &e); len(e.Stored) != 1 || e.Stored[0].Conversation != first.Receipts[0].Conversation {
			s.Errorf("answered %+v", e.Stored)
		}
	}},
	{"the key of a message starts nothing", func(s *school) {
		c := s.start("ana", "maria").Conversation
		sent := s.post(c, "ana")
		plan := s.conversation("two", "ana", "dora")
		plan.Key = sent.Key
		_, err := s.Start(s.Context(), s.begin("ana"), planned(plan))
		s.refused(err, hub.CodeKeyReused)
	}},
	{"nothing is started where messaging is off or by somebody gone", func(s *school) {
		s.leave("ana")
		_, err := s.Start(s.Context(), s.begin("ana"), planned(s.conversation("trip", "ana", "maria")))
		s.refused(err, hub.CodeOut)
		s.enable(false)
		_, err = s.Start(s.Context(), s.begin("ben"), planned(s.conversation("trip", "ben", "maria")))
		s.refused(err, hub.CodeMessagingOff)
	}},
	{"a successor is linked for those who are in both", func(s *school) {
		old := s.start("ana", "maria", "leo", "dan").Conversation
		s.seal(old, "ana")
		next := s.conversation("without Dan", "ana", "maria", "ben")
		next.Predecessor = old
		_, err := s.Start(s.Context(), s.begin("ana"), planned(next))
		s.must(err)
		for name, want := range map[string][]uuid.UUID{"ana": {next.ID}, "maria": {next.ID}, "leo": nil, "dan": nil} {
			if got := s.view(old, name).Successors; !slices.Equal(got, want) {
				s.Errorf("%s sees the successors %v", name, got)
			}
		}
		for name, want := range map[string]uuid.UUID{"maria": old, "ben": uuid.Nil} {
			if got := s.view(next.ID, name).Predecessor; got != want {
				s.Errorf("%s sees the predecessor %s", name, got)
			}
		}
	}},
	{"only one's own sealed conversation is gone on from", func(s *school) {
		open, foreign := s.start("ana", "maria").Conversation, s.start("ben", "maria").Conversation
		s.seal(foreign, "ben")
		for predecessor, want := range map[uuid.UUID]hub.Code{
			open: hub.CodeInvalid, foreign: hub.CodeNotFound, newID(): hub.CodeNotFound,
		} {
			next := s.conversation("next", "ana", "maria")
			next.Predecessor = predecessor
			_, err := s.Start(s.Context(), s.begin("ana"), planned(next))
			s.refused(err, want)
		}
	}},
}
