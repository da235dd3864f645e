package mail

import (
	"context"
	"errors"
	"time"

	"github.com/homeline/homeline/hub/notify"
)

// Provider brings a [Message] on its way and can be asked about it afterwards.
// [Outbox], [Mailgun] and [SMTP] are the ones there are.
type Provider interface {
	// Send is Deliver for who has no use for the name.
	Sender
	// Deliver hands the message over, once; it never tries again by itself. The
	// name is what the provider calls the message, where it says so.
	//
	// Errors: *notify.RefusedError is for good, *notify.LaterError surely took
	// nothing and may be tried again; with any other nobody knows whether the
	// message was taken. An error holds no address and no word of the message.
	Deliver(ctx context.Context, m Message) (name string, err error)
	// Ask says what became of a message to the address, by its Message-ID without
	// angle brackets. called is when Deliver was called last: what it answers is
	// to be believed only once Lag has passed since. An error means that nothing
	// could be learnt now: ask again later.
	Ask(ctx context.Context, messageID, address string, called time.Time) (notify.Fate, error)
	// Lag is how far the provider's own record trails. Negative: it keeps none,
	// and Ask always answers notify.FateUnknowable.
	Lag() time.Duration
	// Check tries, without sending anything, whether messages would be taken. Its
	// error is one line that says what is wrong and how to mend it.
	Check(ctx context.Context) error
}

// refuse is compose's error as Deliver answers it: what cannot be written now
// cannot be written later either.
func refuse(err error) error {
	var address *AddressError
	return &notify.RefusedError{Address: errors.As(err, &address) && address.Field == "to", Err: err}
}
