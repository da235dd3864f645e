package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// NoticeOptions are the neighbours and settings of [Notices].
type NoticeOptions struct {
	Provider  Provider
	From      string   // an address, with or without a name
	PublicURL *url.URL // of the site that its links lead to; required
	Secret    []byte   // signs unsubscribe links
	Words     *words.Catalogue
	// ReplyAddress is where the answer to a letter about one conversation goes,
	// empty where it cannot be answered; nil: no letter can. It is asked only
	// where replying may be offered at all.
	ReplyAddress func(notify.Letter) string
	// SilentAddress is where the answer goes to a letter that cannot be replied to, and
	// is answered so; nil: to From.
	SilentAddress func(notify.Letter) string
	// UnsubscribeAddress takes mails that unsubscribe; empty: there is none.
	UnsubscribeAddress string
}

// Notices writes the mails to those who stay unread. It is a [notify.Mailer].
type Notices struct {
	NoticeOptions
	domain string // of identifiers
}

// NewNotices fails where From or PublicURL cannot be one, or the secret is none.
func NewNotices(o NoticeOptions) (*Notices, error) {
	parsed, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, &AddressError{Field: "from", Err: err}
	}
	if o.PublicURL == nil || o.PublicURL.Scheme == "" || o.PublicURL.Host == "" {
		return nil, errors.New("mails need the public URL: their links lead there")
	}
	if len(o.Secret) < 16 {
		return nil, errors.New("mails need a secret of 16 bytes or more to sign unsubscribe links with")
	}
	_, domain, _ := strings.Cut(parsed.Address, "@")
	return &Notices{NoticeOptions: o, domain: domain}, nil
}

// Send writes the letter and gives it to the provider, whose errors it returns.
func (n *Notices) Send(ctx context.Context, l notify.Letter) (string, error) {
	m, err := n.Write(l)
	if err != nil {
		// Another version of the program may be able to write it.
		return "", &notify.LaterError{Recipient: true, Err: err}
	}
	return n.Provider.Deliver(ctx, m)
}

// Ask says whether the provider took a mail.
func (n *Notices) Ask(ctx context.Context, id uuid.UUID, address string, called time.Time) (notify.Fate, error) {
	return n.Provider.Ask(ctx, n.messageID(id), address, called)
}

// Lag is the provider's.
func (n *Notices) Lag() time.Duration { return n.Provider.Lag() }

// messageID is the same for every attempt at a mail, so that two copies of it
// are one to most mailboxes.
func (n *Notices) messageID(id uuid.UUID) string { return "notice." + id.String() + "@" + n.domain }

// Write is the letter as a mail, the same each time for the same letter.
func (n *Notices) Write(l notify.Letter) (Message, error) {
	if len(l.Parts) == 0 {
		return Message{}, errors.New("a letter about nothing")
	}
	page := n.pages(l)
	if page.replyTo == "" && n.SilentAddress != nil {
		page.replyTo = n.SilentAddress(l)
	}
	text, html, err := noticeTemplate.render(page)
	if err != nil {
		return Message{}, fmt.Errorf("notice: %w", err)
	}
	return Message{
		From: n.From, To: l.To, ReplyTo: page.replyTo, Subject: page.Title, Text: text, HTML: html,
		ID: n.messageID(l.Mail), Date: l.Now, Headers: n.headers(l),
		Tag: "notice", Variables: map[string]string{
			"district": l.District.ID.String(), "mail": l.Mail.String(), "person": l.Reader.ID.String(),
		},
	}, nil
}

func (n *Notices) headers(l notify.Letter) map[string]string {
	headers := map[string]string{
		"Auto-Submitted":           "auto-generated",
		"X-Auto-Response-Suppress": "All",
		"List-Id":                  "<" + l.District.Slug + ".notices." + n.domain + ">",
		"List-Unsubscribe":         n.unsubscribing(l),
	}
	if n.PublicURL.Scheme == "https" { // RFC 8058 allows no other
		headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	}
	if len(l.Parts) == 1 {
		// Nothing was ever sent under this name: all mails of a conversation answer
		// it, and so are one thread, whichever of them somebody keeps.
		root := "<conversation." + l.Parts[0].Conversation.ID.String() + "@" + n.domain + ">"
		headers["In-Reply-To"], headers["References"] = root, root
	}
	return headers
}

func (n *Notices) unsubscribeURL(l notify.Letter) string {
	return n.link("unsubscribe", UnsubscribeToken(n.Secret, l.District.ID, l.Reader.ID))
}

// unsubscribing are the ways that a mailbox has (RFC 2369), the one that is
// preferred first.
func (n *Notices) unsubscribing(l notify.Letter) string {
	ways := "<" + n.unsubscribeURL(l) + ">"
	if n.UnsubscribeAddress != "" {
		subject := UnsubscribeSubject(n.Secret, l.District.ID, l.Reader.ID)
		ways += ", <mailto:" + n.UnsubscribeAddress + "?subject=" + url.PathEscape(subject) + ">"
	}
	return ways
}

func (n *Notices) link(path ...string) string { return n.PublicURL.JoinPath(path...).String() }

// level is how much a mail may say, in ascending order.
type level int

const (
	neutral level = iota
	names
	subject
	full
)

// levelOf takes what it does not know for the level that says least.
func levelOf(r roster.Reveals) level {
	switch r {
	case roster.RevealsNames:
		return names
	case roster.RevealsSubject:
		return subject
	case roster.RevealsFull:
		return full
	}
	return neutral
}
