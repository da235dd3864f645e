package storetest

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// asked is what somebody asks for: as whom, in which district, about which
// conversation. It is always something that they must not have.
type asked struct {
	who                            string
	district, person, conversation uuid.UUID
}

// methods are all of hub.Store that show, or change, what is in a conversation
// or an inbox. Each answers what it showed.
var methods = map[string]func(context.Context, Store, asked) (any, error){
	"Post": func(ctx context.Context, s Store, a asked) (any, error) {
		r, err := s.Post(ctx, hub.Post{District: a.district, Conversation: a.conversation, Sender: a.person, Key: newID(), Body: "Hello?"})
		return r.Audience, err
	},
	"MarkRead": func(ctx context.Context, s Store, a asked) (any, error) {
		r, err := s.MarkRead(ctx, a.district, a.conversation, a.person, 1)
		return r.ReadSeq, err
	},
	"Seal": func(ctx context.Context, s Store, a asked) (any, error) {
		r, err := s.Seal(ctx, a.district, a.conversation, hub.Seal{By: a.person, Cause: hub.SealedByStaff, Reason: "Mine."}, nil)
		return r.Audience, err
	},
	"Conversation": func(ctx context.Context, s Store, a asked) (any, error) {
		c, err := s.Conversation(ctx, a.district, a.conversation, a.person)
		return c.Subject, err
	},
	"Messages": func(ctx context.Context, s Store, a asked) (any, error) {
		list, err := s.Messages(ctx, a.district, a.conversation, a.person, hub.Range{})
		return list, err
	},
	"Row": func(ctx context.Context, s Store, a asked) (any, error) {
		r, err := s.Row(ctx, a.district, a.conversation, a.person)
		return r.Subject, err
	},
	"Start": func(ctx context.Context, s Store, a asked) (any, error) {
		r, err := s.Start(ctx, hub.Start{District: a.district, Sender: a.person, Key: newID(), About: []uuid.UUID{a.person}},
			func(roster.Facts) ([]hub.NewConversation, error) {
				return []hub.NewConversation{{
					ID: newID(), Key: newID(), Subject: "On", Body: "On.", Predecessor: a.conversation,
					Participants: []hub.NewParticipant{{Person: a.person}},
				}}, nil
			})
		return r.Receipts, err
	},
}

// lists are the methods that answer the unknown with nothing.
var lists = map[string]func(context.Context, Store, asked) (shown int, err error){
	"Inbox": func(ctx context.Context, s Store, a asked) (int, error) {
		p, err := s.Inbox(ctx, a.district, a.person, hub.InboxQuery{})
		return len(p.Rows) + int(p.Head.Unread+p.Head.Version), err
	},
	"Head": func(ctx context.Context, s Store, a asked) (int, error) {
		h, err := s.Head(ctx, a.district, a.person)
		return int(h.Unread + h.Version), err
	},
	"Heads": func(ctx context.Context, s Store, a asked) (int, error) {
		list, err := s.Heads(ctx, a.district, []uuid.UUID{a.person})
		return len(list), err
	},
	"Tails": func(ctx context.Context, s Store, a asked) (int, error) {
		list, err := s.Tails(ctx, a.district, []uuid.UUID{a.conversation})
		return len(list), err
	},
	"Standings": func(ctx context.Context, s Store, a asked) (int, error) {
		list, err := s.Standings(ctx, a.district, []hub.Seat{{Conversation: a.conversation, Person: a.person}})
		return len(list), err
	},
	"SealedForFamilies": func(ctx context.Context, s Store, a asked) (int, error) {
		list, err := s.SealedForFamilies(ctx, a.district, a.person, 10)
		return len(list), err
	},
	"Drafts": func(ctx context.Context, s Store, a asked) (int, error) {
		all, err := s.Drafts(ctx, a.district, a.person, true)
		return len(all), err
	},
	"Draft": func(ctx context.Context, s Store, a asked) (int, error) {
		content, err := s.Draft(ctx, a.district, a.person, "compose")
		return len(content), err
	},
}

var strangerTests = []test{
	{"what is not one's own is as if it were not there", func(s *school) {
		c := s.start("ana", "maria").Conversation
		other := openSchool(s, s.Store, "jefferson")
		theirs := other.start("ana", "maria").Conversation
		for name, ask := range methods {
			_, unknown := ask(s.Context(), s, asked{"", s.id, s.who["ana"], newID()})
			s.refused(unknown, hub.CodeNotFound)
			for _, a := range []asked{
				{"somebody of the same school", s.id, s.who["dora"], c},
				{"somebody of another district", s.id, other.who["ana"], c},
				{"somebody who names another district", other.id, s.who["ana"], theirs},
				{"somebody who names their conversation", s.id, s.who["ana"], theirs},
				{"a participant who names another district", other.id, s.who["ana"], c},
				{"somebody of no district", newID(), s.who["ana"], c},
				{"nobody", s.id, newID(), c},
			} {
				shown, err := ask(s.Context(), s, a)
				if err == nil || err.Error() != unknown.Error() {
					s.Errorf("%s by %s: %v and %+v, but the unknown is %v", name, a.who, err, shown, unknown)
				}
				if got := fmt.Sprint(shown); got != "[]" && got != "" && got != "0" {
					s.Errorf("%s showed %s %s", name, a.who, got)
				}
			}
		}
		s.nothingHappened(c)
		other.nothingHappened(theirs)
	}},
	{"lists hold nothing of another district", func(s *school) {
		c := s.start("ana", "maria").Conversation
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose", []byte("Dear"), s.clock))
		s.untie("maria", "leo")
		other := openSchool(s, s.Store, "jefferson")
		for name, ask := range lists {
			if n, err := ask(s.Context(), s, asked{"", s.id, s.who["ana"], c}); err != nil || n == 0 {
				s.Errorf("%s shows Ana nothing of her own: %v", name, err)
			}
			if n, err := ask(s.Context(), s, asked{"", other.id, s.who["ana"], c}); err != nil || n != 0 {
				s.Errorf("%s shows %d of another district: %v", name, n, err)
			}
		}
	}},
	{"a draft of another district is neither overwritten nor dropped", func(s *school) {
		s.must(s.SaveDraft(s.Context(), s.id, s.who["ana"], "compose", []byte("Dear"), s.clock))
		other := openSchool(s, s.Store, "jefferson")
		s.refused(s.SaveDraft(s.Context(), other.id, s.who["ana"], "compose", []byte("Theirs"), s.clock), hub.CodeNotFound)
		s.must(s.DropDraft(s.Context(), other.id, s.who["ana"], "compose"))
		if got := s.draft("ana", "compose"); string(got) != "Dear" {
			s.Errorf("it is %q", got)
		}
	}},
}

// nothingHappened holds where a conversation is as it was when Ana started it
// with Maria.
func (s *school) nothingHappened(c uuid.UUID) {
	s.Helper()
	view := s.view(c, "maria")
	if view.LastSeq != 1 || view.Seal != nil || view.Successors != nil || len(view.Participants) != 2 {
		s.Errorf("the conversation is now %+v", view)
	}
	for name, want := range map[string]hub.Head{"ana": {Version: 1}, "maria": {Version: 1, Unread: 1}} {
		want.Person = s.who[name]
		if got := s.head(name); got != want {
			s.Errorf("%s's head is now %+v", name, got)
		}
	}
}
