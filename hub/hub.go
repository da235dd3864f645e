package hub

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Hub does the use cases: it checks what was given, asks the store to judge and
// keep it in one transaction, and tells of the commit.
type Hub struct {
	store  Store
	roster roster.Store
	events Events
	now    func() time.Time
}

// New is a hub over a store. now is time.Now outside tests.
func New(store Store, people roster.Store, events Events, now func() time.Time) *Hub {
	return &Hub{store: store, roster: people, events: events, now: now}
}

// Actor is who does something: somebody of a district, known by their session.
type Actor struct {
	District uuid.UUID
	Person   uuid.UUID
}

// Mode is how recipients of more than one family are put into conversations (R19).
type Mode string

// Together is one conversation in which all see all, PerFamily a separate one
// with each family, PerGuardian one with each guardian.
const (
	Together    Mode = "together"
	PerFamily   Mode = "per_family"
	PerGuardian Mode = "per_guardian"
)

// StartRequest asks for one or several new conversations.
type StartRequest struct {
	Key        uuid.UUID
	Side       roster.Side
	Subject    string
	Body       string
	Recipients []roster.Recipient
	// Mode may be empty where the recipients are all of one family; else it is
	// required (R19: nothing is chosen beforehand).
	Mode Mode
	// Continues is the sealed conversation that this one goes on from (R25).
	Continues uuid.UUID
}

// Refused is a recipient to whom the sender may not write.
type Refused struct {
	Recipient roster.Recipient
	Verdict   roster.Verdict
}

// Preview is what a start would do, in terms that a page can say in words.
type Preview struct {
	Conversations [][]NewParticipant
	People        int // distinct recipients
	Families      int
	Limit         int
	Refused       []Refused
}

// Start starts conversations (R3 to R7, R19, R26, R27).
func (h *Hub) Start(ctx context.Context, a Actor, r StartRequest) (Started, error) {
	panic("not yet")
}

// Preview says what Start would do with these recipients and mode, without
// subject and body, and refuses nothing but what is malformed.
func (h *Hub) Preview(ctx context.Context, a Actor, r StartRequest) (Preview, error) {
	panic("not yet")
}

// Reply adds a message to a conversation that the actor takes part in (R5).
func (h *Hub) Reply(ctx context.Context, a Actor, conversation, key uuid.UUID, body string) (Receipt, error) {
	panic("not yet")
}

// MarkRead marks a conversation as read up to a number that was shown (R12).
func (h *Hub) MarkRead(ctx context.Context, a Actor, conversation uuid.UUID, upTo int64) (ReadReceipt, error) {
	panic("not yet")
}

// Seal seals a conversation (R25), with a reason for all in it. Who is not in
// it may do so as district staff, by its number.
func (h *Hub) Seal(ctx context.Context, a Actor, conversation uuid.UUID, reason string) (Seal, error) {
	panic("not yet")
}

// Inbox is a page of the actor's inbox.
func (h *Hub) Inbox(ctx context.Context, a Actor, q InboxQuery) (InboxPage, error) {
	panic("not yet")
}

// Conversation is one that the actor takes part in; what is for staff only is
// blanked for everybody else.
func (h *Hub) Conversation(ctx context.Context, a Actor, conversation uuid.UUID) (Conversation, error) {
	panic("not yet")
}

// Messages are those of a conversation that the actor takes part in.
func (h *Hub) Messages(ctx context.Context, a Actor, conversation uuid.UUID, r Range) ([]Message, error) {
	panic("not yet")
}

// Unread is the head of the actor's inbox.
func (h *Hub) Unread(ctx context.Context, a Actor) (Head, error) {
	panic("not yet")
}

// ApplyRoster makes the changes of an import (R24, R26) and tells open pages.
func (h *Hub) ApplyRoster(ctx context.Context, district uuid.UUID, c roster.Changes) (roster.Effects, error) {
	panic("not yet")
}

// Bar keeps a guardian from a student (R26) and tells open pages.
func (h *Hub) Bar(ctx context.Context, district uuid.UUID, b roster.Bar) (roster.Effects, error) {
	panic("not yet")
}

// Unbar takes a bar away. What it sealed stays sealed.
func (h *Hub) Unbar(ctx context.Context, district, guardian, student uuid.UUID) error {
	panic("not yet")
}
