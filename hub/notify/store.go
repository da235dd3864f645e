package notify

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// ErrLeaseLost is answered to a worker whose mail another has claimed since.
var ErrLeaseLost = errors.New("the lease of the mail was taken over")

// Store keeps notices, mails, and what is known of addresses. Notices are made
// by hub.Store.Start and Post in the transaction that stores the message: for
// everybody else in the conversation, due the district's delay after the send,
// moved only earlier where there is one.
type Store interface {
	// Next is when the earliest notice or unfinished mail is due, of all
	// districts; zero where there is none. One indexed look-up.
	Next(ctx context.Context) (time.Time, error)

	// Claim takes what is due at now: unfinished mails whose lease or wait has
	// ended first, then notices; at most limit mails come back, each leased until
	// now+lease under a new token. Two claims at once never get the same.
	//
	// Under the lock of each inbox it asks judge, which must be pure and may be
	// asked again. It keeps the mail, moves what participants were mailed, and
	// the notice to Verdict.Next, or removes it, in the same transaction. Notices
	// without a mail are counted in Claimed.Spared. More says that more is due.
	//
	// A mail that was surely not taken (Intended, Waiting) goes to where the
	// person is mailed to now; one of which nobody knows (Calling) keeps the
	// address that it is asked about.
	Claim(ctx context.Context, now time.Time, limit int, lease time.Duration, judge func(Standing, time.Time) Verdict) (Claimed, error)

	// Calling notes that the provider is about to be called; from then on nobody
	// knows whether the mail was taken until it is settled. ErrLeaseLost where
	// the token is not the last. It answers what of the mail is unread at this
	// moment: empty where the person has read all of it, is out, wants no mail
	// any more, or messaging is off; the caller settles it as Cancelled then, and
	// nothing was noted. Of a part that was read to somewhere, After is there.
	Calling(ctx context.Context, l Lease, now time.Time) ([]Part, error)
	// Settle keeps what became of a mail and ends the lease. ErrLeaseLost where
	// the token is not the last, or the mail is finished as something else (a
	// report may have come first); settled again as it is already: nil.
	Settle(ctx context.Context, l Lease, s Settlement) error

	// Report keeps what a provider says later of a mail or an address. nonce is
	// the report's own name: the same again changes nothing (repeated true).
	Report(ctx context.Context, r Report) (repeated bool, err error)
	// MailOf finds a mail by its identifier alone, as links and replies name it.
	// ErrNoMail where there is none.
	MailOf(ctx context.Context, id uuid.UUID) (Mail, error)
	// Addresses is where each of the people is mailed to, in no order; people of
	// other districts are left out.
	Addresses(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]PersonAddress, error)
	// MarkAddress says of all who have an address in a district how it is.
	MarkAddress(ctx context.Context, district uuid.UUID, email string, s AddressState, now time.Time) error

	// Remind has somebody who has something unread looked at again at that time,
	// unless they are due before: after a change of what they want, or of where
	// they are mailed to, of which Judge knew nothing when it dropped their notice
	// or moved it.
	Remind(ctx context.Context, district, person uuid.UUID, at time.Time) error

	// Status counts, for operators, of all districts. Its cost does not grow with
	// how many mails are remembered.
	Status(ctx context.Context, now time.Time) (Status, error)
	// SweepMails forgets what nothing needs any more: finished mails that were
	// made before that, and nonces of reports from before it, at most 10,000 a call.
	SweepMails(ctx context.Context, before time.Time) error
}

// ErrNoMail is answered for a mail that is not known, or no longer.
var ErrNoMail = errors.New("no such mail")

// PersonAddress is where a person is mailed to.
type PersonAddress struct {
	Person uuid.UUID
	Address
}

// Claimed is what a claim took.
type Claimed struct {
	Mails  []Claim
	Spared map[Why]int
	More   bool
}

// Claim is a mail that is leased to who claimed it, with how the person stands.
type Claim struct {
	Mail
	Lease
	Standing Standing
}

// Lease names a claimed mail; of its tokens only the newest settles it.
type Lease struct {
	District uuid.UUID
	Mail     uuid.UUID
	Token    int64
	Until    time.Time
}

// Mail is one e-mail that is meant to be sent.
type Mail struct {
	ID       uuid.UUID // v7, also in the Message-ID
	District uuid.UUID
	Person   uuid.UUID
	Address  string // where it was meant to go when it was first claimed
	State    State
	Parts    []Part // all that it was meant to say
	MadeAt   time.Time
	CalledAt time.Time // of the last call of the provider; zero: never
	Attempts int       // calls
	Doubts   int       // calls while it was Calling already: another copy may have been taken before
	Provider string    // the provider's own name of it, once it was taken
	Detail   string    // of the last failure, without personal data
}

// State is how far a mail has come.
type State string

// States. Mails that are Intended, Calling or Waiting are unfinished.
const (
	Intended  State = "intended"  // kept, the provider was not called yet
	Calling   State = "calling"   // the provider may have taken it: ask first
	Waiting   State = "waiting"   // the last call surely took nothing; tried again later
	Sent      State = "sent"      // the provider took it
	Cancelled State = "cancelled" // read, or no longer wanted; no copy is out
	Failed    State = "failed"    // given up; no copy is out
	Unknown   State = "unknown"   // a copy may be out; not asked about or tried again
)

// Settlement is what became of a call.
type Settlement struct {
	State    State
	At       time.Time
	Next     time.Time // of Waiting, and of Calling that is asked about later
	Provider string
	Detail   string
}

// Report is what a provider told later.
type Report struct {
	Nonce    string
	Kind     ReportKind
	District uuid.UUID
	Mail     uuid.UUID // uuid.Nil where it is of another mail, as a sign-in link
	Person   uuid.UUID // of Unsubscribed; uuid.Nil: the person of the mail
	Email    string    // whom it is of
	At       time.Time
	Detail   string
}

// ReportKind is what a report says.
type ReportKind string

// Bounced (for good) and Complained mark the address for all who have it,
// Unsubscribed is the person's MailOff, Delivered settles what was in doubt.
const (
	Delivered    ReportKind = "delivered"
	Bounced      ReportKind = "bounced"
	Complained   ReportKind = "complained"
	Unsubscribed ReportKind = "unsubscribed"
)

// Counted is how long after they were made finished mails are in a Status.
const Counted = 24 * time.Hour

// Status is what an operator wants to know.
type Status struct {
	Due       int                  // notices and unfinished mails that are due
	OldestDue time.Time            // zero where none is
	Pending   int                  // notices that are not due yet
	Mails     map[State]int        // unfinished ones, and finished ones that were made in the last 24 h
	Addresses map[AddressState]int // marked ones
}
