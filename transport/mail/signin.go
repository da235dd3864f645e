package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"fmt"
	htmltemplate "html/template"
	"net/mail"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/static/words"
)

//go:embed templates
var templates embed.FS

var (
	signInHTML = htmltemplate.Must(htmltemplate.ParseFS(templates, "templates/signin.html"))
	signInText = texttemplate.Must(texttemplate.ParseFS(templates, "templates/signin.txt"))
)

// SignIn writes sign-in mails and gives them to a Sender.
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
	Language                     string
	Title, Intro, Button         string
	Once, Ignore, Link, LinkHint string
}

// MailSignIn writes one sign-in mail and sends it.
func (s *SignIn) MailSignIn(ctx context.Context, m identity.Mail) error {
	page := s.page(m)
	var text, html bytes.Buffer
	if err := signInText.Execute(&text, page); err != nil {
		return fmt.Errorf("sign-in mail: %w", err)
	}
	if err := signInHTML.Execute(&html, page); err != nil {
		return fmt.Errorf("sign-in mail: %w", err)
	}
	var id [16]byte
	rand.Read(id[:])
	return s.sender.Send(ctx, Message{
		From: s.from, To: m.To, Subject: page.Title, Text: text.String(), HTML: html.String(),
		ID:   "signin." + hex.EncodeToString(id[:]) + "@" + s.domain,
		Date: time.Now(),
		Headers: map[string]string{
			"Auto-Submitted":           "auto-generated",
			"X-Auto-Response-Suppress": "All",
		},
	})
}

func (s *SignIn) page(m identity.Mail) signInPage {
	lang := s.words.Language(m.Language)
	say := func(key string) string { return lang.Say(key, "district", m.District) }
	if m.Link == "" {
		return signInPage{
			Language: lang.Tag, Title: say("mail_shared_subject"),
			Intro: say("mail_shared_intro"), Once: say("mail_shared_what_now"), Ignore: say("mail_sign_in_ignore"),
		}
	}
	return signInPage{
		Language: lang.Tag, Title: say("mail_sign_in_subject"),
		Intro: say("mail_sign_in_intro"), Button: say("mail_sign_in_button"),
		Once: lang.Count("mail_sign_in_once", int64(m.Life.Minutes())), Ignore: say("mail_sign_in_ignore"),
		Link: m.Link, LinkHint: say("mail_sign_in_link_hint"),
	}
}
