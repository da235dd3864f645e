// Package mail brings mails on their way.
//
// A [Provider] takes one [Message] and can be asked about it: [Mailgun], [SMTP]
// and [Outbox] are the ones there are, and the conformance suite in mailtest
// says what all of them do. [Webhooks] hears what Mailgun says later. [SignIn]
// writes the sign-in mail.
package mail

import (
	"context"
	"errors"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Sender hands messages to whoever delivers them.
//
// nil means that the message was taken; an error that it was not, or that
// nobody knows. An *AddressError is for good: trying again is of no use.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Message is one mail to one address, in a plain and an HTML part.
type Message struct {
	From    string // an address, with or without a name
	To      string // an address
	ReplyTo string // an address, with or without a name; empty: From
	Subject string
	Text    string
	HTML    string
	// ID is the Message-ID without its angle brackets. Two mails with the same
	// are one.
	ID   string
	Date time.Time
	// Headers are further ones. Neither names nor values hold line breaks.
	Headers map[string]string
	// Tag and Variables are for providers that sort and report by them, and are
	// not in the mail itself. Variables hold our identifiers, nothing personal.
	Tag       string
	Variables map[string]string
}

// AddressError is an address that no mail can be sent to or from.
type AddressError struct {
	Field string // to, from or reply-to
	Err   error
}

// Error does not repeat the address: it ends up in logs.
func (e *AddressError) Error() string { return "the address is malformed: " + e.Field }

func (e *AddressError) Unwrap() error { return e.Err }

// checked is the message with its addresses and subject as they are sent, or
// says what about it cannot be.
func checked(m Message) (Message, error) {
	for _, a := range []struct {
		field    string
		address  *string
		optional bool
	}{{"from", &m.From, false}, {"to", &m.To, false}, {"reply-to", &m.ReplyTo, true}} {
		if a.optional && *a.address == "" {
			continue
		}
		parsed, err := mail.ParseAddress(*a.address)
		if err != nil {
			return Message{}, &AddressError{Field: a.field, Err: err}
		}
		*a.address = parsed.String()
	}
	for name, value := range m.Headers {
		if strings.ContainsAny(name+value, "\r\n") {
			return Message{}, errors.New("a header holds a line break")
		}
	}
	if strings.Count(m.ID, "@") != 1 || strings.ContainsAny(m.ID, "<> \r\n\t") {
		return Message{}, errors.New("the Message-ID is malformed")
	}
	// A subject holds names from a roster: what was a line break is a space.
	m.Subject = strings.Join(strings.Fields(m.Subject), " ")
	return m, nil
}

// compose is the checked message as the library builds it.
func compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(m.From); err != nil {
		return nil, &AddressError{Field: "from", Err: err}
	}
	if err := msg.To(m.To); err != nil {
		return nil, &AddressError{Field: "to", Err: err}
	}
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return nil, &AddressError{Field: "reply-to", Err: err}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		msg.SetGenHeader(gomail.Header(name), m.Headers[name])
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.ID)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// addressOf is what stands between the angle brackets of a checked address.
func addressOf(checked string) string {
	parsed, err := mail.ParseAddress(checked)
	if err != nil {
		return ""
	}
	return parsed.Address
}
