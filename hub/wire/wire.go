// Package wire holds the shapes in which the hub's types leave the program as
// JSON: one definition for the socket's frames, the events of hub/live and the
// JSON API. docs/protocol.md explains every field.
package wire

import (
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Time is an instant as RFC 3339 in UTC with microseconds.
type Time time.Time

// MarshalJSON writes it with all six digits, so that text sorts as time does.
func (t Time) MarshalJSON() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, `"2006-01-02T15:04:05.000000Z07:00"`), nil
}

// UnmarshalJSON reads any RFC 3339 instant.
func (t *Time) UnmarshalJSON(b []byte) error { return (*time.Time)(t).UnmarshalJSON(b) }

// Message is one letter.
type Message struct {
	Conversation uuid.UUID   `json:"conversation"`
	Seq          int64       `json:"seq"`
	Sender       uuid.UUID   `json:"sender"`
	SenderName   string      `json:"sender_name"`
	Part         roster.Part `json:"part"`
	SentAt       Time        `json:"sent_at"`
	Body         string      `json:"body"`
}

// Participant is somebody in a conversation.
type Participant struct {
	Person   uuid.UUID   `json:"person"`
	Name     string      `json:"name"`
	Part     roster.Part `json:"part"`
	Students []uuid.UUID `json:"students,omitempty"` // through whom they take part
	Words    string      `json:"words,omitempty"`
	Gone     bool        `json:"gone,omitempty"`
}

// Seal is why a conversation can no longer be written to.
type Seal struct {
	At          Time      `json:"at"`
	By          uuid.UUID `json:"by"`
	ByName      string    `json:"by_name,omitempty"`
	Cause       hub.Cause `json:"cause"`
	Reason      string    `json:"reason,omitempty"`
	StaffReason string    `json:"staff_reason,omitempty"`
}

// Inbox is the event of a user channel. Of Letter, Read and Sealed at most one
// is there.
type Inbox struct {
	Type    string      `json:"type"` // inbox
	Version int64       `json:"version"`
	Unread  int64       `json:"unread"`
	Letter  *Letter     `json:"letter,omitempty"`
	Read    *ReadMark   `json:"read,omitempty"`
	Sealed  *SealedMark `json:"sealed,omitempty"`
}

// Letter is a new message as the inbox shows it.
type Letter struct {
	Conversation uuid.UUID   `json:"conversation"`
	Seq          int64       `json:"seq"`
	At           Time        `json:"at"`
	Sender       uuid.UUID   `json:"sender"`
	SenderName   string      `json:"sender_name"`
	Part         roster.Part `json:"part"`
	Preview      string      `json:"preview"`
	Unread       int64       `json:"unread"`
}

// ReadMark is how far one has read in a conversation.
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

// Row is a conversation in an inbox.
type Row struct {
	Conversation uuid.UUID     `json:"conversation"`
	Subject      string        `json:"subject"`
	Participants []Participant `json:"participants"`
	More         bool          `json:"more_participants,omitempty"`
	LastSeq      int64         `json:"last_seq"`
	LastAt       Time          `json:"last_at"`
	LastSender   uuid.UUID     `json:"last_sender"`
	Preview      string        `json:"preview"`
	Unread       int64         `json:"unread"`
	Sealed       bool          `json:"sealed"`
}

// Conversation is one without its messages.
type Conversation struct {
	ID           uuid.UUID     `json:"id"`
	Subject      string        `json:"subject"`
	StartedBy    uuid.UUID     `json:"started_by"`
	StartedAt    Time          `json:"started_at"`
	LastSeq      int64         `json:"last_seq"`
	ReadSeq      int64         `json:"read_seq"`
	Unread       int64         `json:"unread"`
	Participants []Participant `json:"participants"`
	More         bool          `json:"more_participants,omitempty"`
	Seal         *Seal         `json:"seal,omitempty"`
	Predecessor  *uuid.UUID    `json:"predecessor,omitempty"`
	Successors   []uuid.UUID   `json:"successors,omitempty"`
}

// Refused is a recipient to whom the sender may not write.
type Refused struct {
	Person  uuid.UUID   `json:"person"`
	Student uuid.UUID   `json:"student"`
	Code    roster.Code `json:"code"`
}
