package hub

import (
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Conversation is a subject, the people in it, and their messages. Nobody is
// added or removed (R10).
type Conversation struct {
	ID        uuid.UUID
	Subject   string
	StartedBy uuid.UUID
	StartedAt time.Time
	LastSeq   int64
	LastAt    time.Time
	Seal      *Seal // nil while it can be written to
	// Predecessor and Successors are filled only where the reader is in them too (R25).
	Predecessor uuid.UUID
	Successors  []uuid.UUID
	// Participants are in the order in which they were put in, the starter first.
	// Of the people it has names and Gone; the marks of the reader alone are filled.
	Participants []Participant
}

// Participant is a person as they take part; false where they do not.
func (c Conversation) Participant(person uuid.UUID) (Participant, bool) {
	for _, p := range c.Participants {
		if p.Person.ID == person {
			return p, true
		}
	}
	return Participant{}, false
}

// Participant is somebody in a conversation.
type Participant struct {
	Person  roster.Person
	Ties    []roster.Tie
	Read    int64 // how many messages of others one has read
	ReadSeq int64 // the number up to which one has read
	Own     int64 // how many messages one has sent
}

// Unread is how many messages of a conversation whose last number is lastSeq
// the participant has not read (R12).
func (p Participant) Unread(lastSeq int64) int64 { return lastSeq - p.Own - p.Read }

// Staff says whether the participant takes part as staff.
func (p Participant) Staff() bool {
	for _, t := range p.Ties {
		if t.Part.Staff() {
			return true
		}
	}
	return false
}

// Cause is why a conversation was sealed.
type Cause string

// SealedByStaff is by somebody's act, SealedByRoster because a guardian's tie
// to a student ended, SealedByBar because the district barred them (R25, R26).
const (
	SealedByStaff  Cause = "staff"
	SealedByRoster Cause = "roster"
	SealedByBar    Cause = "bar"
)

// SealedInFamily is what SealedByRoster and SealedByBar are to everybody but
// staff: which of the two it was is not theirs to know (R26).
const SealedInFamily Cause = "family"

// Seal ends a conversation: it is read, never written. It cannot be undone.
type Seal struct {
	At     time.Time
	By     uuid.UUID // uuid.Nil for SealedByRoster and SealedByBar
	Cause  Cause
	Reason string // for all in it; empty for SealedByRoster and SealedByBar: the page has one neutral sentence for it
	// What follows is for those who take part as staff, and nobody else: the
	// district's reason for a bar, and whose tie to which student ended.
	StaffReason       string
	Guardian, Student uuid.UUID
}

// NotBefore is the seal at that time or later: by the date of its last message a
// conversation is never closed before it, although the clocks of nodes differ.
func (s Seal) NotBefore(lastAt time.Time) Seal {
	if s.At.Before(lastAt) {
		s.At = lastAt
	}
	return s
}

// ForFamilies is what those who do not take part as staff read of a seal.
func (s Seal) ForFamilies() Seal {
	if s.Cause != SealedByStaff {
		s.Cause = SealedInFamily
	}
	return Seal{At: s.At, By: s.By, Cause: s.Cause, Reason: s.Reason}
}

// NewConversation is a conversation to be stored with its first message.
type NewConversation struct {
	ID           uuid.UUID
	Subject      string
	Body         string
	Key          uuid.UUID // of the first message, derived from the key of the start
	Participants []NewParticipant
	Predecessor  uuid.UUID
}

// NewParticipant is somebody in a new conversation, with their ties.
type NewParticipant struct {
	Person uuid.UUID
	Ties   []roster.Tie
}

// InboxRow is a conversation as the inbox shows it.
type InboxRow struct {
	Conversation uuid.UUID
	Subject      string
	LastSeq      int64
	LastAt       time.Time
	LastSender   uuid.UUID
	Preview      string // the beginning of the last message, at most 160 characters
	Unread       int64
	Sealed       bool
	Participants []Participant // all; the marks of the reader alone are filled
}

// InboxQuery asks for a page of an inbox, newest first.
type InboxQuery struct {
	UnreadOnly bool
	Name       string    // each word at the beginning of a word of the name of somebody else in it
	Section    uuid.UUID // a student of that section takes part, or a guardian through them
	After      string    // cursor of the page before
	Limit      int       // 1 to 100; default 25
}

// InboxPage is a page of an inbox with the head it belongs to, read together.
// Where the query narrows, a store looks at so many conversations and no more:
// the page may be short, even empty, and still have a Next.
type InboxPage struct {
	Head Head
	Rows []InboxRow
	Next string // cursor, empty on the last page
}

// Range asks for messages of a conversation in ascending order: those after
// After, or, where Before is given, the last ones before Before; with neither,
// from the first. At most Limit (1 to 200, default 50).
//
// Bytes ends it earlier, with the message whose body fills so many; 0 is no bound.
type Range struct {
	After, Before int64
	Limit         int
	Bytes         int
}
