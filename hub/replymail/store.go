package replymail

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// Store is what a [Service] needs kept: the mails that are answered, who may
// answer them, and what was held and answered.
type Store interface {
	Keep
	notify.Letters

	MailOf(ctx context.Context, id uuid.UUID) (notify.Mail, error)
	Addresses(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]notify.PersonAddress, error)
	Holders(ctx context.Context, address string) ([]identity.Holder, error)
	HoldersIn(ctx context.Context, district uuid.UUID, address string) ([]identity.Holder, error)
	Preferences(ctx context.Context, district, person uuid.UUID) (identity.Preferences, error)
	District(ctx context.Context, id uuid.UUID) (roster.District, error)
}

// Keep is what is kept for replies alone.
type Keep interface {
	// Hold keeps a reply until it is confirmed. One that is there already, by its
	// district and key, stays as it is; told says whether its mail was sent. Of
	// one person at most limit wait at a time: ErrTooMany.
	Hold(ctx context.Context, h HeldReply, limit int) (told bool, err error)
	// Told notes that the mail about a held reply was sent.
	Told(ctx context.Context, district, key uuid.UUID) error
	// HeldReply finds one that has not expired: ErrNoReply where there is none,
	// also where its person is out (R24). One that was confirmed has no text.
	HeldReply(ctx context.Context, hash [32]byte, now time.Time) (HeldReply, error)
	// Confirmed notes that a held reply was sent, and forgets its text.
	Confirmed(ctx context.Context, district, key uuid.UUID) error

	// Answering notes that a mail is about to be answered: false where it was
	// already, or limit answers went to the address since that time. Address is any
	// name under which something is counted.
	Answering(ctx context.Context, a Answering, limit int, since time.Time) (bool, error)

	// Receive notes a token of a provider with a digest of what came with it:
	// false where it came with something else before. A provider's signature
	// covers the token, not the mail.
	Receive(ctx context.Context, token string, digest [32]byte, now time.Time) (bool, error)

	// SweepReplies forgets held replies that have expired at now, and answers and
	// tokens of before that.
	SweepReplies(ctx context.Context, now, before time.Time) error
}

// Errors of the store.
var (
	ErrNoReply = errors.New("the reply is unknown, or it waited too long")
	ErrTooMany = errors.New("too many replies wait to be confirmed")
)

// HeldReply is a reply that waits for its person to confirm it.
type HeldReply struct {
	District, Key uuid.UUID // Key is also what hub.Hub.Reply is given
	Hash          [32]byte  // SHA-256 of the secret in the link
	Person        uuid.UUID
	Conversation  uuid.UUID
	From          string // where it came from
	Text          string
	ExpiresAt     time.Time
	Confirmed     bool
}

// Answering is an answer that is about to be sent.
type Answering struct {
	District, Key uuid.UUID
	Address       string
	At            time.Time
}
