package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Mailer writes a letter as a mail and gives it to the provider.
//
// An error of Send that is neither *RefusedError nor *LaterError means that
// nobody knows whether the mail was taken.
type Mailer interface {
	// Send returns the provider's own name of the mail.
	Send(ctx context.Context, l Letter) (provider string, err error)
	// Ask says whether the provider took the mail. It is believed only once Lag
	// has passed since the call.
	Ask(ctx context.Context, mail uuid.UUID, address string, called time.Time) (Fate, error)
	// Lag is how far the provider's own record trails. Negative: it cannot be
	// asked, and Ask always answers FateUnknowable.
	Lag() time.Duration
}

// Letter is all that a mail may say; how much of it it does say is up to
// District.Settings.MailReveals.
type Letter struct {
	Mail     uuid.UUID
	District roster.District
	Reader   roster.Person
	To       string
	Language string // BCP 47: the reader's, else the district's
	// LanguageUnknown reports that nothing says in which language the reader, who
	// is of a family, reads: the email is in every language.
	LanguageUnknown bool
	Location        *time.Location
	Now             time.Time
	Parts           []LetterPart // latest first
}

// LetterPart is one conversation of a letter.
type LetterPart struct {
	Conversation hub.Conversation // as the reader sees it
	// Messages are those that the mail is about, without the reader's own:
	// the last MaxMessages of them, ascending. Count is how many there are.
	Messages []hub.Message
	Count    int64
	// Schools are names of the schools of all staff in the conversation, by
	// person, whether they wrote or not: what a mail says at its top must be the
	// same for every mail of a conversation. One without is of the district.
	Schools map[uuid.UUID]string
}

// MaxMessages bounds the messages of one conversation that a mail may quote.
const MaxMessages = 10

// Fate is what a provider knows of a mail.
type Fate string

const (
	FateTaken      Fate = "taken"
	FateNotTaken   Fate = "not_taken"
	FateUnknowable Fate = "unknowable"
)

// RefusedError is an answer for good: trying again is of no use.
type RefusedError struct {
	Address bool // it is the address that is refused, and is marked
	Err     error
}

// Error repeats no address.
func (e *RefusedError) Error() string { return fmt.Sprintf("the mail was refused: %v", e.Err) }

func (e *RefusedError) Unwrap() error { return e.Err }

// LaterError is an answer that surely took nothing: try again, not before After
// where the provider said so.
type LaterError struct {
	After time.Duration
	// Recipient says that it is about the one mail or its address, and says
	// nothing of how others would fare.
	Recipient bool
	Err       error
}

func (e *LaterError) Error() string { return fmt.Sprintf("the mail was not taken: %v", e.Err) }

func (e *LaterError) Unwrap() error { return e.Err }
