// Package mail brings mails on their way.
//
// A [Sender] takes one [Message]; each way of delivery is one. The conformance
// suite in mailtest says what all of them do. [SignIn] writes the sign-in mail.
package mail

import (
	"context"
	"fmt"
	"maps"
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

// compose is the message as the library builds it, for any way of delivery.
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
		value := m.Headers[name]
		if strings.ContainsAny(name+value, "\r\n") {
			return nil, fmt.Errorf("the header %q holds a line break", name)
		}
		msg.SetGenHeader(gomail.Header(name), value)
	}
	// A subject holds names from a roster: what was a line break is a space.
	msg.Subject(strings.Join(strings.Fields(m.Subject), " "))
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.ID)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}
