package wire_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/hub/wire"
)

func encoded(t *testing.T, v any) int {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return len(raw)
}

func TestAPageOfMessagesFitsInAnAnswerWhateverIsWritten(t *testing.T) {
	for _, character := range []string{"a", "<", "\"", "\n", "é", "好", "👧", "\u2028", "\u202e", "&\\\t"} {
		for _, length := range []int{1, 100, 1000, 10_000} {
			n := length / len([]rune(character))
			messages := make([]wire.Message, 200)
			for i := range messages {
				messages[i] = wire.Message{Seq: int64(i + 1), SenderName: "Rosa <Vega>", Part: roster.AsGuardian, Body: strings.Repeat(character, max(n, 1))}
			}
			for name, cut := range map[string]func([]wire.Message, int) []wire.Message{"from the beginning": wire.Page, "to the end": wire.PageBack} {
				got := cut(messages, wire.MessagesBytes)
				size := encoded(t, got)
				if size > wire.MessagesBytes || len(got) == 0 {
					t.Errorf("%q of %d %s: %d messages are %d bytes", character, length, name, len(got), size)
				}
				if len(got) < len(messages) && size < wire.MessagesBytes/3 {
					t.Errorf("%q of %d %s: only %d messages, %d bytes", character, length, name, len(got), size)
				}
			}
		}
	}
}

func TestPeopleAndRowsFitInAnAnswerHoweverManyThereAre(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := hub.Conversation{ID: uuid.New(), Subject: strings.Repeat("<", 200), Seal: &hub.Seal{Reason: strings.Repeat("<", 1000), StaffReason: strings.Repeat("<", 200)}}
	for range 501 {
		c.Participants = append(c.Participants, hub.Participant{
			Person: roster.Person{ID: uuid.New(), Given: strings.Repeat("&", r.IntN(40)), Family: "Vega", Gone: true},
			Ties:   []roster.Tie{{Part: roster.AsGuardian, Student: uuid.New()}, {Part: roster.AsGuardian, Student: uuid.New()}},
		})
	}
	words := func(hub.Participant) string { return "parent of <Leo> and <Mia>" }
	seen := 0
	for more := true; more; {
		got := wire.FromConversation(c, uuid.Nil, seen, words)
		if size := encoded(t, got); size > wire.MaxAnswer || len(got.Participants) == 0 || got.Participants[0].Person != c.Participants[seen].Person.ID {
			t.Fatalf("after %d: %d participants in %d bytes", seen, len(got.Participants), size)
		}
		seen, more = seen+len(got.Participants), got.More
	}
	if seen != len(c.Participants) {
		t.Errorf("%d of %d participants", seen, len(c.Participants))
	}
	if got := wire.FromConversation(c, uuid.Nil, 1<<30, words); len(got.Participants) != 0 || got.More {
		t.Errorf("after all: %d", len(got.Participants))
	}

	rows := make([]wire.Row, 100)
	for i := range rows {
		rows[i] = wire.FromRow(hub.InboxRow{Subject: c.Subject, Preview: strings.Repeat("<", 300), Participants: c.Participants[:1+i*5]}, words)
	}
	for at := 0; at < len(rows); {
		n := wire.FitRows(rows[at:])
		if size := encoded(t, rows[at:at+n]); size > wire.MessagesBytes || n == 0 {
			t.Fatalf("%d rows after %d are %d bytes", n, at, size)
		}
		at += n
	}
}

func TestARefusalFitsInAnAnswer(t *testing.T) {
	refusal := &hub.Error{Code: hub.CodeKeyReused}
	for range 500 {
		refusal.Stored = append(refusal.Stored, hub.Receipt{Message: hub.Message{Body: strings.Repeat("<", 10_000)}})
		refusal.Refused = append(refusal.Refused, hub.Refused{Verdict: roster.Verdict{Code: roster.NotYourStudent}})
	}
	if size := encoded(t, wire.FromError(&hub.Error{Code: hub.CodeKeyReused, Stored: refusal.Stored})); size > wire.MaxAnswer {
		t.Errorf("what was stored: %d bytes", size)
	}
	if size := encoded(t, wire.FromError(&hub.Error{Code: hub.CodeNotAllowed, Refused: refusal.Refused})); size > wire.MaxAnswer {
		t.Errorf("who is refused: %d bytes", size)
	}
}
