package hub

import (
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

var one, two, three, four, five, six = uuid.UUID{15: 1}, uuid.UUID{15: 2}, uuid.UUID{15: 3},
	uuid.UUID{15: 4}, uuid.UUID{15: 5}, uuid.UUID{15: 6}

// begun is a conversation of a teacher and a student, going on from another.
func begun() NewConversation {
	return NewConversation{
		ID: two, Subject: "Trip ✓", Predecessor: six,
		Participants: []NewParticipant{
			{Person: three, Ties: []roster.Tie{
				{Person: three, Part: roster.AsTeacher, Student: four, Detail: "Algebra 1"},
				{Person: three, Part: roster.AsStaff, Detail: "counselor"},
			}},
			{Person: four, Ties: []roster.Tie{{Person: four, Part: roster.AsStudent, Student: four}}},
		},
	}
}

// TestTheChainIsAsDocumented holds the encoding to values computed elsewhere
// from the bytes that chain.go describes: a store in another language computes them too.
func TestTheChainIsAsDocumented(t *testing.T) {
	at := time.UnixMicro(1_000_000).UTC()
	root := ChainRoot(one, three, at, begun())
	first := ChainHash(root, Message{Conversation: two, Seq: 1, Sender: three, SentAt: at, Key: one, Body: "Bring boots."})
	seal := ChainSeal(one, two, 1, first, Seal{
		At: at.Add(time.Second), By: three, Cause: SealedByBar, StaffReason: "Court order.", Guardian: five, Student: four,
	})
	for name, c := range map[string]struct {
		got  [32]byte
		want string
	}{
		"root":  {root, "39ce0d37def0e8f8b20bdfa0ee7b9e84488244568afbe1519a42e4257179363d"},
		"first": {first, "83f84c1b2ac0b5a6bd1375ad80e017c2a55e6f0f45ff2b0053a031f88159430d"},
		"seal":  {seal, "0b624e5366ebea4d897c4f08b92926e13d016368f2bfc828b395595466c07f91"},
	} {
		if got := hex.EncodeToString(c.got[:]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWhatAConversationBeganWithChangesItsRoot(t *testing.T) {
	root := func(c NewConversation) [32]byte { return ChainRoot(one, three, time.UnixMicro(5), c) }
	whole := root(begun())
	for what, change := range map[string]func(*NewConversation){
		"conversation":         func(c *NewConversation) { c.ID = one },
		"subject":              func(c *NewConversation) { c.Subject = "Trip" },
		"predecessor":          func(c *NewConversation) { c.Predecessor = uuid.Nil },
		"person":               func(c *NewConversation) { c.Participants[1].Person = five },
		"order of people":      func(c *NewConversation) { slices.Reverse(c.Participants) },
		"number of people":     func(c *NewConversation) { c.Participants = c.Participants[:1] },
		"part":                 func(c *NewConversation) { c.Participants[1].Ties[0].Part = roster.AsGuardian },
		"student":              func(c *NewConversation) { c.Participants[0].Ties[0].Student = five },
		"detail":               func(c *NewConversation) { c.Participants[0].Ties[0].Detail = "Algebra" },
		"order of ties":        func(c *NewConversation) { slices.Reverse(c.Participants[0].Ties) },
		"number of ties":       func(c *NewConversation) { c.Participants[0].Ties = c.Participants[0].Ties[:1] },
		"person without a tie": func(c *NewConversation) { c.Participants = append(c.Participants, NewParticipant{Person: five}) },
		"boundary between part and detail": func(c *NewConversation) {
			c.Participants[0].Ties[1].Part, c.Participants[0].Ties[1].Detail = "staffc", "ounselor"
		},
	} {
		other := begun()
		change(&other)
		if root(other) == whole {
			t.Errorf("another %s has the same root", what)
		}
	}
	if ChainRoot(two, three, time.UnixMicro(5), begun()) == whole || ChainRoot(one, four, time.UnixMicro(5), begun()) == whole ||
		ChainRoot(one, three, time.UnixMicro(6), begun()) == whole {
		t.Error("another district, starter or time has the same root")
	}
}

func TestEveryFieldChangesTheHashOfASeal(t *testing.T) {
	seal := Seal{At: time.UnixMicro(5), By: one, Cause: SealedByBar, Reason: "a", StaffReason: "b", Guardian: two, Student: three}
	whole := ChainSeal(one, two, 3, [32]byte{4}, seal)
	for field, change := range map[string]func(*Seal){
		"at":           func(s *Seal) { s.At = s.At.Add(time.Microsecond) },
		"by":           func(s *Seal) { s.By = uuid.Nil },
		"cause":        func(s *Seal) { s.Cause = SealedByRoster },
		"reason":       func(s *Seal) { s.Reason = "" },
		"staff reason": func(s *Seal) { s.StaffReason = "" },
		"guardian":     func(s *Seal) { s.Guardian = four },
		"student":      func(s *Seal) { s.Student = four },
		"boundary":     func(s *Seal) { s.Reason, s.StaffReason = "ab", "" },
	} {
		other := seal
		change(&other)
		if ChainSeal(one, two, 3, [32]byte{4}, other) == whole {
			t.Errorf("another %s has the same hash", field)
		}
	}
	if ChainSeal(one, two, 2, [32]byte{4}, seal) == whole || ChainSeal(one, two, 3, [32]byte{5}, seal) == whole ||
		ChainSeal(one, three, 3, [32]byte{4}, seal) == whole || ChainSeal(two, two, 3, [32]byte{4}, seal) == whole {
		t.Error("another district, conversation or last message has the same hash")
	}
}

func TestEveryFieldChangesTheHashOfAMessage(t *testing.T) {
	m := Message{Seq: 1, Sender: uuid.New(), SentAt: time.UnixMicro(5).UTC(), Key: uuid.New(), Body: "a"}
	whole := ChainHash([32]byte{}, m)
	for field, change := range map[string]func(*Message){
		"seq":     func(m *Message) { m.Seq++ },
		"sender":  func(m *Message) { m.Sender = uuid.New() },
		"sent at": func(m *Message) { m.SentAt = m.SentAt.Add(time.Microsecond) },
		"key":     func(m *Message) { m.Key = uuid.New() },
		"body":    func(m *Message) { m.Body = "b" },
	} {
		other := m
		change(&other)
		if ChainHash([32]byte{}, other) == whole {
			t.Errorf("another %s has the same hash", field)
		}
	}
	if ChainHash([32]byte{1}, m) == whole {
		t.Error("another message before it has the same hash")
	}
}
