package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/static/words"
)

// Answers writes what those who reply by mail are answered, and gives it to a
// Sender. It is a [replymail.Mailer].
type Answers struct {
	sender Sender
	from   string
	domain string // of Message-IDs
	public *url.URL
	words  *words.Catalogue
	now    func() time.Time
}

// NewAnswers sends as from, an address with or without a name. Links begin with
// the public URL.
func NewAnswers(sender Sender, from string, public *url.URL, catalogue *words.Catalogue, now func() time.Time) (*Answers, error) {
	parsed, err := mail.ParseAddress(from)
	if err != nil {
		return nil, &AddressError{Field: "from", Err: err}
	}
	if public == nil || public.Host == "" {
		return nil, errors.New("mails need the public URL: their links lead there")
	}
	_, domain, _ := strings.Cut(parsed.Address, "@")
	return &Answers{sender: sender, from: from, domain: domain, public: public, words: catalogue, now: now}, nil
}

// answerPage is what the templates show.
type answerPage struct {
	frame
	Intro, Once, Why string
}

// MailAnswer writes one answer and sends it. It says that a program wrote it, so
// that no other program answers.
func (s *Answers) MailAnswer(ctx context.Context, a replymail.Answer) error {
	now := s.now()
	page := s.page(a, now)
	text, html, err := answerTemplate.render(page)
	if err != nil {
		return fmt.Errorf("answer to a reply: %w", err)
	}
	headers := map[string]string{"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
	if a.InReplyTo != "" {
		headers["In-Reply-To"], headers["References"] = a.InReplyTo, a.InReplyTo
	}
	return s.sender.Send(ctx, Message{
		From: s.from, To: a.To, Subject: page.Title, Text: text, HTML: html,
		ID: a.ID + "@" + s.domain, Date: now, Headers: headers, Tag: "reply",
	})
}

func (s *Answers) page(a replymail.Answer, now time.Time) answerPage {
	lang := s.words.Language(a.Language)
	district := oneLine(a.District, mostName)
	p := answerPage{
		frame: frame{Language: lang.Tag, Dir: lang.Dir, Place: words.Isolate(district)},
		Why:   lang.Say("mail_answer_why", "district", words.Isolate(district)),
	}
	if a.Confirm != "" || a.From != "" { // it may be from elsewhere
		p.Why = lang.Say("mail_held_why", "district", words.Isolate(district))
	}
	if a.Confirm != "" {
		const day = 24 * time.Hour
		p.Title, p.Intro = lang.Say("held_title"), heldIntro(lang, a)
		p.Once = lang.Count("mail_held_once", int64((a.Until.Sub(now)+day/2)/day))
		p.Button, p.Link = lang.Say("mail_held_button"), s.public.JoinPath(a.Confirm).String()
	} else {
		p.Title, p.Intro = lang.Say("mail_answer_title"), whyNot(lang, a)
		p.Button, p.Link = lang.Say("held_open"), s.public.JoinPath(a.Conversation).String()
		if a.Conversation == replymail.Inbox {
			p.Button = lang.Say("mail_answer_inbox")
		}
		if a.Why == replymail.WhyFiles {
			p.Title = lang.Say("mail_answer_files_title")
		}
	}
	if a.Why == replymail.WhyOut { // there is no way in
		p.Link = ""
	}
	p.Heading, p.Preheader = p.Title, p.Intro
	return p
}

func whyNot(lang *words.Language, a replymail.Answer) (said string) {
	switch a.Why {
	case replymail.WhyTooLong:
		said = lang.Count("mail_answer_too_long", hub.MaxBody)
	default:
		said = lang.Say("mail_answer_" + string(a.Why))
	}
	if a.From != "" {
		said += " " + cameFrom(lang, a)
	}
	if a.Again {
		said += " " + lang.Say("mail_answer_again")
	}
	return said
}

func heldIntro(lang *words.Language, a replymail.Answer) string {
	said := lang.Say("mail_held_intro")
	if a.Doubt == replymail.DoubtAutomatic {
		said = lang.Say("mail_held_automatic")
	}
	if a.From != "" {
		said += " " + cameFrom(lang, a)
	}
	if a.Files {
		said += " " + lang.Say("mail_held_files")
	}
	return said
}

func cameFrom(lang *words.Language, a replymail.Answer) string {
	return lang.Say("mail_held_from", "address", words.Isolate(oneLine(a.From, mostAddress)))
}

// mostAddress is how much is shown of where a reply came from.
const mostAddress = 100
