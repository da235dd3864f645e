package hub

import (
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Limits of what one may write, in characters (runes) after line breaks are
// made \n and the ends trimmed.
const (
	MaxSubject = 200
	MaxBody    = 10_000
	MaxReason  = 1_000
)

// Message is one letter of a conversation. It is never changed and never
// deleted (R8, R9).
type Message struct {
	Conversation uuid.UUID
	Seq          int64 // 1, 2, 3 … without gaps, in commit order (G3)
	Sender       uuid.UUID
	SentAt       time.Time // UTC, microseconds; not before that of the message before it
	Body         string
	Key          uuid.UUID // the client's idempotency key, unique for the sender
	Hash         [32]byte  // over this message and the hash of the one before it, see chain.go
}

// Post is a message to be stored.
type Post struct {
	District     uuid.UUID
	Conversation uuid.UUID
	Sender       uuid.UUID
	Key          uuid.UUID
	Body         string
	Now          time.Time
}

// Receipt is what a commit of one message returned: what was stored, and the
// new state of everybody's inbox.
type Receipt struct {
	Message
	SenderName string
	SenderPart roster.Part
	// Repeated: the key had been used for the same text before; this is what was
	// stored then, without Audience. Nothing is published again.
	Repeated bool
	// Late: an attempt whose answer was lost stored it, and a later one found it.
	// What that commit told whom is not known any more, so there is no Audience:
	// their inboxes may have gone on since.
	Late     bool
	Audience []Told
}

// Told is what a commit brought to one person: the state of their inbox, and
// how many messages of the conversation they have not read.
type Told struct {
	Head
	Here int64
}

// ReadReceipt is what a commit of a read mark returned.
type ReadReceipt struct {
	Told
	ReadSeq int64
	Moved   bool // false where the mark stood there, or further, already
	Late    bool // as in Receipt: Told may be of a later commit
}

// ReadUpTo is a message of a conversation that a user was told of.
type ReadUpTo struct {
	Conversation uuid.UUID
	Seq          int64
}

// MarkAll says which messages a user marks as read, of all that they have: those
// that a page told of, and not what has arrived since.
type MarkAll struct {
	Shown []ReadUpTo // the conversations on the page, at most MaxShown
	// Before is the instant of the last message of the last conversation on the
	// page. Of conversations that are not on it, what was sent until then is
	// marked; nothing if it is zero.
	Before time.Time
}

// MaxShown is how many conversations a page tells of.
const MaxShown = 100

// MarkAllBatch is how many conversations are marked in one transaction.
const MarkAllBatch = 1_000

// MarkedAll is what a commit of some of the marks of MarkAll returned.
type MarkedAll struct {
	Head
	Moved bool
	Late  bool // as in Receipt: Head may be of a later commit
	More  bool // there may be more to mark
}

// Head is the state of one person's inbox.
type Head = roster.Head
