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

	TypeMessaging = "messaging"
)

// Welcome is the first frame: whom the server knows the client as, and what the
// client has to know of the server. Heartbeat is in seconds. ID repeats that of a
// hello.
type Welcome struct {
	ID        json.RawMessage `json:"id,omitempty"`
	Type      string          `json:"type"`
	Person    uuid.UUID       `json:"person"`
	District  uuid.UUID       `json:"district"`
	Name      string          `json:"name"`
	Messaging bool            `json:"messaging"`
	Epoch     uuid.UUID       `json:"epoch"`
	Time      Time            `json:"time"`
	ExpiresAt *Time           `json:"expires_at,omitempty"` // of the token
	Heartbeat int             `json:"heartbeat"`
	Limits    Limits          `json:"limits"`
	Inbox     *InboxState     `json:"inbox,omitempty"` // if a hello subscribed to it
}

// Limits are those that a client has to know to stay within them.
type Limits struct {
	Frame         int `json:"frame"`         // bytes of a client's frame
	Answer        int `json:"answer"`        // bytes of a server's frame
	Rate          int `json:"rate"`          // frames a second that are read
	Burst         int `json:"burst"`         // frames that are read at once
	Unanswered    int `json:"unanswered"`    // requests that are read before one is answered
	Subscriptions int `json:"subscriptions"` // conversations that a connection is subscribed to
}

// InboxState is the state of an inbox.
type InboxState struct {
	Version int64 `json:"version"`
	Unread  int64 `json:"unread"`
}

// MessagingEvent says that the district has switched messaging on or off.
type MessagingEvent struct {
	Type      string `json:"type"` // messaging
	Messaging bool   `json:"messaging"`
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
