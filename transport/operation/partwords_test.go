package operation_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/schooltest"
)

// parts are what the reader is told of everybody in a conversation, by name.
func parts(t *testing.T, s *schooltest.School, o *operation.Operations, reader string, conversation uuid.UUID) map[string]string {
	t.Helper()
	answer, err := o.Conversation(t.Context(), s.Actor(reader), operation.ConversationRequest{Conversation: conversation.String()})
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, p := range answer.Conversation.Participants {
		said[p.Name] = p.Words
	}
	return said
}

func TestPartsAreSaidInTheReadersLanguage(t *testing.T) {
	s := schooltest.Open(t, 0)
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	o := operation.New(s.Hub, operation.PartWords(catalogue, s.Store, s.Store))
	// Leo himself is not in it: his name comes from the roster.
	started, err := s.Hub.Start(t.Context(), s.Actor(schooltest.Ana), hub.StartRequest{
		Key: uuid.New(), Side: roster.AsWorker, Subject: "Leo", Body: "How is he?",
		Recipients: []roster.Recipient{{Person: s.ID(schooltest.Rosa), Student: s.ID(schooltest.Leo)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rosa := s.Actor(schooltest.Rosa)
	if err := s.Store.SavePreferences(t.Context(), rosa.District, rosa.Person, identity.Preferences{Language: "es"}); err != nil {
		t.Fatal(err)
	}
	for reader, want := range map[string]map[string]string{
		schooltest.Ana:  {"Rosa Vega": "parent of Leo", "Ana Ruiz": "teaches Leo Algebra 1"},
		schooltest.Rosa: {"Rosa Vega": "madre o padre de Leo", "Ana Ruiz": "enseña Algebra 1 a Leo"},
	} {
		got := parts(t, s, o, reader, started.Receipts[0].Conversation)
		for name, words := range want {
			if got[name] != words {
				t.Errorf("%s reads of %s: %q, want %q", reader, name, got[name], words)
			}
		}
	}
}
