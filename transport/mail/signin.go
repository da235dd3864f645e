package mail

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/static/words"
)

// SignIn writes sign-in mails, and those about a change of address, and gives
// them to a Sender.
type SignIn struct {
	sender Sender
	from   string
	domain string // of Message-IDs
	words  *words.Catalogue
}

// NewSignIn sends as from, an address with or without a name.
func NewSignIn(sender Sender, from string, catalogue *words.Catalogue) (*SignIn, error) {
	parsed, err := mail.ParseAddress(from)
	if err != nil {
		return nil, &AddressError{Field: "from", Err: err}
	}
	_, domain, _ := strings.Cut(parsed.Address, "@")
	return &SignIn{sender: sender, from: from, domain: domain, words: catalogue}, nil
}

// signInPage is what the templates show. Link is empty where the address is
// shared and nobody is confirmed for it.
type signInPage struct {
	frame
	Intro, LinkHint, Once, Ignore string
}

// MailSignIn writes one sign-in mail and sends it.
func (s *SignIn) MailSignIn(ctx context.Context, m identity.Mail) error {
	return s.send(ctx, "signin", m.To, s.pages(m))
}

// send is a mail of that kind, which its Message-ID begins with.
func (s *SignIn) send(ctx context.Context, kind, to string, page signInPage) error {
	text, html, err := signInTemplate.render(page)
	if err != nil {
		return fmt.Errorf("mail %s: %w", kind, err)
	}
	var id [16]byte
	rand.Read(id[:])
	return s.sender.Send(ctx, Message{
		From: s.from, To: to, Subject: page.Title, Text: text, HTML: html,
		ID:   kind + "." + hex.EncodeToString(id[:]) + "@" + s.domain,
		Date: time.Now(),
		Headers: map[string]string{
			"Auto-Submitted":           "auto-generated",
			"X-Auto-Response-Suppress": "All",
		},
	})
}

// pages returns the page in the language of its readers, and in all others too if
// it is unknown.
func (s *SignIn) pages(m identity.Mail) signInPage {
	first := s.words.Language(m.Language)
	p := s.page(m, first)
	for _, lang := range otherLanguages(s.words, first, m.LanguageUnknown || !s.words.Speaks(m.Language)) {
		other := s.page(m, lang)
		p.Title += " / " + other.Title
		p.Also = append(p.Also, other)
	}
	return p
}

func (s *SignIn) page(m identity.Mail, lang *words.Language) signInPage {
	district := oneLine(m.District, mostName)
	say := func(key string) string { return lang.Say(key, "district", words.Isolate(district)) }
	p := signInPage{frame: frame{Language: lang.Tag, Dir: lang.Dir, Place: district}, Ignore: say("mail_sign_in_ignore")}
	if m.Link == "" {
		p.Title, p.Intro, p.Once = say("mail_shared_subject"), say("mail_shared_intro"), say("mail_shared_what_now")
	} else {
		p.Title, p.Intro = say("mail_sign_in_subject"), say("mail_sign_in_intro")
		p.Button, p.Link, p.LinkHint = say("mail_sign_in_button"), m.Link, say("mail_sign_in_link_hint")
		p.Once = lang.Count("mail_sign_in_once", int64(m.Life.Minutes()))
	}
	p.Heading, p.Preheader = p.Title, p.Once
	return p
}
