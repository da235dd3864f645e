package hub

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Store keeps conversations. Every method takes the district and shows nothing
// of another. A conversation that does not exist and one in which the person
// does not take part are the same [ErrNotFound] (G7).
//
// What a method has returned without an error is durable (G1).
type Store interface {
	// Start stores conversations with their first messages in one transaction
	// (R19), under the district's shared lock. With a key that the sender has
	// used before it answers what was stored, Repeated, without asking plan; or,
	// where the fingerprint differs, an *Error with CodeKeyReused.
	//
	// plan is asked under the lock with the facts of today; it must be pure and
	// may be asked again. Its error is returned as it is and stores nothing.
	Start(ctx context.Context, s Start, plan func(roster.Facts) ([]NewConversation, error)) (Started, error)
	// Post stores a reply and judges, under the conversation's lock, that the
	// sender takes part and is not out, that it is not sealed and that messaging
	// is on. With a key used before it answers what was stored (Repeated), or,
	// where the text or the conversation differs, CodeKeyReused.
	Post(ctx context.Context, p Post) (Receipt, error)
	// MarkRead moves a read mark forward to upTo, clamped to the last number, and
	// counts the others' messages in between as read.
	MarkRead(ctx context.Context, district, conversation, person uuid.UUID, upTo int64) (ReadReceipt, error)
	// MarkAllRead does what MarkRead does to the conversations in which the person
	// has something unread, to at most MarkAllBatch of them at once: the version of
	// the inbox grows by one. Conversations that are not the person's are passed
	// over.
	MarkAllRead(ctx context.Context, district, person uuid.UUID, m MarkAll) (MarkedAll, error)
	// Seal seals a conversation (R25), also while messaging is off: nothing is
	// sent. Who seals must take part as staff, or be allowed to unseen, which is
	// asked as plan of Start is, under the district's shared lock with the facts
	// of the day of the seal; nil is a no. A participant who is not in it as
	// staff: CodeNotAllowed. Who is gone by now (R24): CodeOut. Sealed already:
	// CodeSealed. A seal that is older than the last message is stored with the
	// time of that message.
	Seal(ctx context.Context, district, conversation uuid.UUID, s Seal, unseen func(roster.Facts) bool) (SealReceipt, error)

	// Inbox, as Messages, refuses what PageSize of its query does.
	Inbox(ctx context.Context, district, person uuid.UUID, q InboxQuery) (InboxPage, error)
	// Head costs one look-up by key.
	Head(ctx context.Context, district, person uuid.UUID) (Head, error)
	// Conversation is without its messages.
	Conversation(ctx context.Context, district, conversation, person uuid.UUID) (Conversation, error)
	Messages(ctx context.Context, district, conversation, person uuid.UUID, r Range) ([]Message, error)
	// Row is one conversation as the person's inbox shows it.
	Row(ctx context.Context, district, conversation, person uuid.UUID) (InboxRow, error)
	// SealedForFamilies are sealed conversations that the person is in as
	// staff, sealed by the roster or a bar, and that have no successor of theirs
	// yet (R26): newest first, at most limit.
	SealedForFamilies(ctx context.Context, district, person uuid.UUID, limit int) ([]InboxRow, error)

	// Heads and Tails are for reconciliation, Heads also for those who come back:
	// one query each, whatever the number of people and conversations. Who was
	// never in a conversation, and what is not there, is left out.
	Heads(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]Head, error)
	Tails(ctx context.Context, district uuid.UUID, conversations []uuid.UUID) ([]Tail, error)
	// Standings are for those who come back: one query, whatever the number of
	// seats, in no order. A seat that is not taken is left out: the conversation
	// is unknown, or the person does not take part (G7).
	Standings(ctx context.Context, district uuid.UUID, seats []Seat) ([]Standing, error)

	// Epoch names the history that the store tells. It is another one after a copy
	// or a restored backup, and wherever else what was committed is lost: numbers of
	// messages and versions of inboxes compare within one epoch only. It costs one
	// look-up.
	Epoch(ctx context.Context) (uuid.UUID, error)
	// RenewEpoch gives the store another epoch, unless it is no longer the one that
	// the caller knows, and returns what it is then: of many who renew the same one,
	// one does.
	RenewEpoch(ctx context.Context, known uuid.UUID) (uuid.UUID, error)

	// StartedWith are the conversations that a sender has started with a key, in
	// their order; none if the key is unknown.
	StartedWith(ctx context.Context, district, sender, key uuid.UUID) ([]uuid.UUID, error)

	// Draft, SaveDraft and DropDraft keep what somebody is writing. A slot is
	// "compose:" with an id of the draft's own, or "reply:" with the
	// conversation's id; content is opaque, at most MaxDraft bytes (CheckDraft).
	// An absent draft is empty. A new one beyond MaxDrafts is ErrDraftsFull.
	//
	// Drafts are all of a person's, the last saved first; their content only if
	// asked for.
	Drafts(ctx context.Context, district, person uuid.UUID, content bool) ([]Draft, error)
	Draft(ctx context.Context, district, person uuid.UUID, slot string) ([]byte, error)
	SaveDraft(ctx context.Context, district, person uuid.UUID, slot string, content []byte, now time.Time) error
	DropDraft(ctx context.Context, district, person uuid.UUID, slot string) error
}

// Start is what Store.Start is given beside the plan.
type Start struct {
	District    uuid.UUID
	Sender      uuid.UUID
	Key         uuid.UUID   // the one key
	Fingerprint [32]byte    // of the whole request
	About       []uuid.UUID // people whose facts plan needs, the sender among them
	Now         time.Time
}

// Started is what a start stored: a receipt for each conversation.
type Started struct {
	Receipts []Receipt
	Repeated bool
}

// SealReceipt is what a commit of a seal returned.
type SealReceipt struct {
	Seal     Seal
	Late     bool   // as in Receipt
	Audience []Told // Version grew, Unread did not
}

// Tail is the end of a conversation as stored.
type Tail struct {
	Conversation uuid.UUID
	LastSeq      int64
	Sealed       bool
}

// Seat is a person's place in a conversation.
type Seat struct{ Conversation, Person uuid.UUID }

// Standing is how a conversation stands, and how far the person has come in it.
type Standing struct {
	Seat
	LastSeq int64
	Sealed  bool
	ReadSeq int64 // the number up to which the person has read
}
