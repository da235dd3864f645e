package page

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Message is one letter, as docs/protocol.md has it.
type Message struct {
	Conversation uuid.UUID `json:"conversation"`
	Seq          int64     `json:"seq"`
	Sender       uuid.UUID `json:"sender"`
	SentAt       time.Time `json:"sent_at"`
	Body         string    `json:"body"`
}

// Letter is a letter as the inbox tells of it.
type Letter struct {
	Conversation uuid.UUID `json:"conversation"`
	Seq          int64     `json:"seq"`
	At           time.Time `json:"at"`
	Sender       uuid.UUID `json:"sender"`
	Preview      string    `json:"preview"`
	Unread       int64     `json:"unread"`
}

// ReadMark is how far one has read.
type ReadMark struct {
	Conversation uuid.UUID `json:"conversation"`
	ReadSeq      int64     `json:"read_seq"`
	Unread       int64     `json:"unread"`
}

// SealedMark is a conversation that was sealed.
type SealedMark struct {
	Conversation uuid.UUID `json:"conversation"`
	Unread       int64     `json:"unread"`
}

// Inbox is the event of the user channel, and the head of some answers.
type Inbox struct {
	Version int64       `json:"version"`
	Unread  int64       `json:"unread"`
	Letter  *Letter     `json:"letter"`
	Read    *ReadMark   `json:"read"`
	Sealed  *SealedMark `json:"sealed"`
}

// Row is a conversation in an inbox.
type Row struct {
	Conversation uuid.UUID `json:"conversation"`
	LastSeq      int64     `json:"last_seq"`
	Unread       int64     `json:"unread"`
	Sealed       bool      `json:"sealed"`
}

// frame is any frame of the server: what it says is read as its type tells.
type frame struct {
	ID    json.RawMessage `json:"id"`
	Type  string          `json:"type"`
	Epoch string          `json:"epoch"` // of a welcome
	raw   []byte
}

func (f frame) read(into any) error { return json.Unmarshal(f.raw, into) }

// opened is the answer to a subscription to a conversation.
type opened struct {
	LastSeq  int64     `json:"last_seq"`
	ReadSeq  int64     `json:"read_seq"`
	Messages []Message `json:"messages"`
	More     bool      `json:"more"`
}

// Refused is an error of the protocol.
type Refused struct {
	Code       string  `json:"code"`
	Field      string  `json:"field"`
	Detail     string  `json:"detail"`
	RetryAfter float64 `json:"retry_after"`
}

func (r *Refused) Error() string { return r.Code + " " + r.Detail }
