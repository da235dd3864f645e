package hub

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/google/uuid"
)

// TestTheChainIsAsDocumented holds the encoding to values computed elsewhere
// from the bytes that chain.go describes: a store in another language computes them too.
func TestTheChainIsAsDocumented(t *testing.T) {
	one, two, three := uuid.UUID{15: 1}, uuid.UUID{15: 2}, uuid.UUID{15: 3}
	at := time.UnixMicro(1_000_000).UTC()
	root := ChainRoot(one, two, three, at, "Trip ✓")
	first := ChainHash(root, Message{Conversation: two, Seq: 1, Sender: three, SentAt: at, Key: one, Body: "Bring boots."})
	for name, c := range map[string]struct {
		got  [32]byte
		want string
	}{
		"root":  {root, "70dc9b569fade1dc951eada5bca9df1febe8083edb7e766c360fadbc1bf9afcd"},
		"first": {first, "7c1bda54de1a03589179eec3b61b2cdacda1292572218ec52725dfd4b4cdd674"},
	} {
		if got := hex.EncodeToString(c.got[:]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestEveryFieldChangesTheHash(t *testing.T) {
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
