package browsertest

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// letter is a conversation that from, of the staff, begins with others.
func (s *school) letter(from, subject, body string, to ...roster.Recipient) uuid.UUID {
	s.t.Helper()
	started, err := s.hub.Start(s.t.Context(), s.actor(from), hub.StartRequest{
		Key: uuid.New(), Side: roster.AsWorker, Subject: subject, Body: body, Recipients: to, Mode: roster.Together,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return started.Receipts[0].Conversation
}

// to is a recipient, written to as a student or through them.
func (s *school) to(person, student string) roster.Recipient {
	s.t.Helper()
	return roster.Recipient{Person: s.person(person).ID, Student: s.person(student).ID}
}

func (s *school) reply(from string, conversation uuid.UUID, body string) {
	s.t.Helper()
	if _, err := s.hub.Reply(s.t.Context(), s.actor(from), conversation, uuid.New(), body); err != nil {
		s.t.Fatal(err)
	}
}

// bodies are the letters of a conversation as they are stored.
func (s *school) bodies(reader string, conversation uuid.UUID) []string {
	s.t.Helper()
	messages, err := s.hub.Messages(s.t.Context(), s.actor(reader), conversation, hub.Range{Limit: 200})
	if err != nil {
		s.t.Fatal(err)
	}
	var bodies []string
	for _, m := range messages {
		bodies = append(bodies, m.Body)
	}
	return bodies
}

// draft is what the store keeps of something unsent.
func (s *school) draft(sourcedID, slot string) string {
	s.t.Helper()
	b, err := s.store.Draft(s.t.Context(), s.district.ID, s.person(sourcedID).ID, slot)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}

// unread is the number that the store has for somebody.
func (s *school) unread(sourcedID string) int64 {
	s.t.Helper()
	head, err := s.hub.Unread(s.t.Context(), s.actor(sourcedID))
	if err != nil {
		s.t.Fatal(err)
	}
	return head.Unread
}

// long is a conversation of letters that fill a screen each.
func (s *school) long(n int) uuid.UUID {
	s.t.Helper()
	body := func(i int) string { return fmt.Sprintf("Letter %d.\n%s", i, strings.Repeat("And so on.\n", 25)) }
	conversation := s.letter("ortiz", "A long story", body(1), s.to("ana", "leo"))
	for i := 2; i <= n; i++ {
		s.reply("ortiz", conversation, body(i))
	}
	return conversation
}

func (s *school) hasRead(sourcedID string, conversation uuid.UUID, upTo int64) {
	s.t.Helper()
	if _, err := s.hub.MarkRead(s.t.Context(), s.actor(sourcedID), conversation, upTo); err != nil {
		s.t.Fatal(err)
	}
}
