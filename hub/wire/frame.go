package wire

import (
	"encoding/json"

	"github.com/google/uuid"
)

// The types of frames that the server sends. An [Inbox] is one of type inbox.
const (
	TypeWelcome = "welcome"
	TypeAnswer  = "answer"
	TypeError   = "error"
	TypeInbox   = "inbox"
	TypeMessage = "message"
	TypeSealed  = "sealed"
	TypeResync  = "resync"
)

// Welcome is the first frame: who the server knows the client as. Heartbeat is
// in seconds. ID repeats that of a hello.
type Welcome struct {
	ID        json.RawMessage `json:"id,omitempty"`
	Type      string          `json:"type"`
	Person    uuid.UUID       `json:"person"`
	District  uuid.UUID       `json:"district"`
	Name      string          `json:"name"`
	Heartbeat int             `json:"heartbeat"`
	Epoch     uuid.UUID       `json:"epoch"`
}

// MessageEvent is a new message of a subscribed conversation.
type MessageEvent struct {
	Type    string  `json:"type"` // message
	Message Message `json:"message"`
}

// SealedEvent says that a subscribed conversation was sealed.
type SealedEvent struct {
	Type         string    `json:"type"` // sealed
	Conversation uuid.UUID `json:"conversation"`
	Seal         Seal      `json:"seal"`
}

// ResyncEvent says that a subscription has ended because too much was missing
// for events: subscribe again with the last number one has.
type ResyncEvent struct {
	Type    string `json:"type"` // resync
	Channel string `json:"channel"`
}
