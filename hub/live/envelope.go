package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// envelope is what travels between nodes, as JSON with short names: a node that
// is a version older ignores what it does not know.
type envelope struct {
	Node  uuid.UUID `json:"n"`
	Count int64     `json:"i,omitempty"` // of the node's events to this district: 1, 2, 3 …

	Conversation uuid.UUID        `json:"c,omitzero"`
	Audience     *audience        `json:"a,omitempty"`
	Message      *postedMessage   `json:"m,omitempty"`
	Read         *hub.ReadMark    `json:"r,omitempty"`
	Sealed       bool             `json:"s,omitempty"`
	Out          *hub.Out         `json:"o,omitempty"`
	Beat         map[string]int64 `json:"b,omitzero"`  // not nil in a beat, though it be empty: events published to each district
	Gone         []uuid.UUID      `json:"g,omitempty"` // in a beat: the nodes that have fallen silent lately
	Epoch        uuid.UUID        `json:"e,omitzero"`  // that the node knows
	Left         int              `json:"l,omitempty"` // in a node's last beat: what has ended in good order
}

// What has ended.
const (
	leftNode    = 1
	leftCommand = 2
)

// audience is a []hub.Told as columns: the ids in one string of bytes.
type audience struct {
	People   []byte  `json:"p"`
	Versions []int64 `json:"v"`
	Unread   []int64 `json:"u"`
	Here     []int64 `json:"h"`
}

type postedMessage struct {
	Seq        int64       `json:"q"`
	Sender     uuid.UUID   `json:"f"`
	SenderName string      `json:"n"`
	SenderPart roster.Part `json:"p"`
	SentAt     int64       `json:"t"` // microseconds since 1970
	Body       string      `json:"b"`
}

const idBytes = 16

// newEnvelope packs an event. Of a seal only the fact travels: who hears of it
// reads the words, which not all may see, from the store.
func newEnvelope(e hub.Event) envelope {
	out := envelope{Conversation: e.Conversation, Read: e.Read, Sealed: e.Seal != nil, Out: e.Out}
	if n := len(e.Audience); n > 0 {
		a := audience{
			People:   make([]byte, 0, n*idBytes),
			Versions: make([]int64, n), Unread: make([]int64, n), Here: make([]int64, n),
		}
		for i, t := range e.Audience {
			a.People = append(a.People, t.Person[:]...)
			a.Versions[i], a.Unread[i], a.Here[i] = t.Version, t.Unread, t.Here
		}
		out.Audience = &a
	}
	if m := e.Message; m != nil {
		out.Message = &postedMessage{
			Seq: m.Seq, Sender: m.Sender, SenderName: m.SenderName, SenderPart: m.SenderPart,
			SentAt: m.SentAt.UnixMicro(), Body: m.Body,
		}
	}
	return out
}

var errMalformed = errors.New("malformed")

func encodeOutgoing(e envelope) []byte {
	payload, err := json.Marshal(e)
	if err != nil {
		panic("live: an event cannot be encoded: " + err.Error()) // it holds text, numbers and ids only
	}
	return payload
}

func decodeEnvelope(payload []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(payload, &e); err != nil {
		return envelope{}, fmt.Errorf("an event between nodes: %w", err)
	}
	if a := e.Audience; a != nil {
		n := len(a.Versions)
		if len(a.People) != n*idBytes || len(a.Unread) != n || len(a.Here) != n {
			return envelope{}, fmt.Errorf("an event between nodes: audience: %w", errMalformed)
		}
	}
	return e, nil
}

// told unpacks the audience.
func (e envelope) told() []hub.Told {
	if e.Audience == nil {
		return nil
	}
	out := make([]hub.Told, len(e.Audience.Versions))
	for i := range out {
		out[i].Person = uuid.UUID(e.Audience.People[i*idBytes : (i+1)*idBytes])
		out[i].Version, out[i].Unread, out[i].Here = e.Audience.Versions[i], e.Audience.Unread[i], e.Audience.Here[i]
	}
	return out
}

// letter unpacks the message.
func (e envelope) letter() hub.Letter {
	m := e.Message
	return hub.Letter{
		Message: hub.Message{
			Conversation: e.Conversation, Seq: m.Seq, Sender: m.Sender,
			SentAt: time.UnixMicro(m.SentAt).UTC(), Body: m.Body,
		},
		SenderName: m.SenderName, SenderPart: m.SenderPart,
	}
}
