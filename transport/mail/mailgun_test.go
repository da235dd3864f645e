package mail_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailguntest"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

// gun is a Mailgun with the fake that it talks to.
type gun struct {
	*mail.Mailgun
	server *mailguntest.Server
	now    atomic.Pointer[time.Time]         // of the server
	next   atomic.Pointer[mailguntest.Fault] // of the next attempt alone
	change func(*mail.MailgunOptions)        // before it is made
}

func openMailgun(t *testing.T, with ...func(*gun, *mailguntest.Options)) *gun {
	t.Helper()
	g := &gun{}
	now := time.Now()
	g.now.Store(&now)
	o := mailguntest.Options{
		Now: func() time.Time { return *g.now.Load() },
		Fault: func(mailguntest.Attempt) mailguntest.Fault {
			if f := g.next.Swap(nil); f != nil {
				return *f
			}
			return mailguntest.Fault{}
		},
	}
	for _, w := range with {
		w(g, &o)
	}
	g.server = mailguntest.New(o)
	t.Cleanup(g.server.Close)
	options := mail.MailgunOptions{
		Domain: g.server.Domain(), APIKey: g.server.APIKey(), SigningKey: g.server.SigningKey(), BaseURL: g.server.BaseURL(),
	}
	if g.change != nil {
		g.change(&options)
	}
	var err error
	if g.Mailgun, err = mail.NewMailgun(options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Mailgun.Close)
	return g
}

func (g *gun) fault(f mailguntest.Fault) { g.next.Store(&f) }

func (g *gun) pass(d time.Duration) {
	now := g.now.Load().Add(d)
	g.now.Store(&now)
}

// delivered is what a reader would see of what the fake took.
func (g *gun) delivered(*testing.T) []mailtest.Mail {
	var seen []mailtest.Mail
	for _, m := range g.server.Mails() {
		seen = append(seen, mailtest.Mail{
			To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML, MessageID: m.MessageID,
			ReplyTo: addressIn(m.Headers["Reply-To"]), Unsubscribe: m.Headers["List-Unsubscribe"],
			Suppresses: m.Headers["Auto-Submitted"] == "auto-generated",
		})
	}
	return seen
}

func TestMailgunIsAProvider(t *testing.T) {
	mailtest.Run(t, func(t *testing.T) mailtest.Way {
		g := openMailgun(t, func(_ *gun, o *mailguntest.Options) {
			o.Lag = func(event string) time.Duration {
				return map[string]time.Duration{"accepted": 29 * time.Minute, "delivered": 3 * time.Minute}[event]
			}
		})
		return mailtest.Way{
			Provider:  g,
			Delivered: g.delivered,
			Refuse: func() {
				g.fault(mailguntest.Fault{Status: 400, Message: "'to' parameter is not a valid address. please check documentation"})
			},
			Later:      func() { g.fault(mailguntest.Fault{Status: 429, RetryAfter: "90"}) },
			After:      90 * time.Second,
			Lose:       func() { g.fault(mailguntest.Fault{Cut: true}) },
			LoseAnswer: func() { g.fault(mailguntest.Fault{Cut: true, Taken: true}) },
			Stop:       g.server.Close,
			Settle:     func() { g.pass(g.Lag()) },
		}
	})
}

func notice() mail.Message {
	return mail.Message{
		From: "Lincoln School <homeline@mg.school.example>", To: "ana@home.example", Subject: "New message",
		Text: "There is one.\n", HTML: "<p>There is one.</p>", ID: "notice.1@mg.school.example", Date: time.Now(),
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
		Tag:     "notice",
		Variables: map[string]string{
			"district": "0199d3a0-0000-7000-8000-000000000001", "mail": "0199d3a0-0000-7000-8000-000000000002",
		},
	}
}

func TestMailgunIsToldOurIdentifiersAndToTrackNobody(t *testing.T) {
	g := openMailgun(t)
	name, err := g.Deliver(context.Background(), notice())
	if err != nil || name != notice().ID {
		t.Fatalf("answered %q, %v", name, err)
	}
	got := g.server.Mails()[0]
	if !maps.Equal(got.Variables, notice().Variables) || len(got.Tags) != 1 || got.Tags[0] != "notice" {
		t.Errorf("it has variables %v and tags %v", got.Variables, got.Tags)
	}
	want := map[string]string{"tracking": "no", "tracking-clicks": "no", "tracking-opens": "no"}
	if !maps.Equal(got.Options, want) {
		t.Errorf("it has options %v, want %v", got.Options, want)
	}
	if got.Headers["Message-Id"] != "<"+notice().ID+">" {
		t.Errorf("its Message-ID is %q", got.Headers["Message-Id"])
	}
}

func TestInTestModeMailgunSendsNothing(t *testing.T) {
	g := openMailgun(t, func(g *gun, _ *mailguntest.Options) {
		g.change = func(o *mail.MailgunOptions) { o.TestMode = true }
	})
	if err := g.Send(context.Background(), notice()); err != nil {
		t.Fatal(err)
	}
	if mode := g.server.Mails()[0].Options["testmode"]; mode != "yes" {
		t.Errorf("o:testmode is %q", mode)
	}
}

func TestMailgunNamesTheSettingThatIsWrong(t *testing.T) {
	good := mail.MailgunOptions{Domain: "mg.school.example", APIKey: "k", SigningKey: "s", Region: "eu"}
	if _, err := mail.NewMailgun(good); err != nil {
		t.Errorf("what is right is answered %v", err)
	}
	for setting, spoil := range map[string]func(*mail.MailgunOptions){
		"MAILGUN_DOMAIN is empty":        func(o *mail.MailgunOptions) { o.Domain = "" },
		"MAILGUN_DOMAIN is not a domain": func(o *mail.MailgunOptions) { o.Domain = "https://mg.school.example/" },
		"MAILGUN_API_KEY":                func(o *mail.MailgunOptions) { o.APIKey = "" },
		"MAILGUN_SIGNING_KEY":            func(o *mail.MailgunOptions) { o.SigningKey = "" },
		"MAILGUN_REGION":                 func(o *mail.MailgunOptions) { o.Region = "de" },
		"/v3":                            func(o *mail.MailgunOptions) { o.BaseURL = "https://school.example" },
	} {
		o := good
		spoil(&o)
		if _, err := mail.NewMailgun(o); !mentions(err, setting) {
			t.Errorf("%s: answered %v", setting, err)
		}
	}
}

func TestARedirectIsNotFollowedWithTheKey(t *testing.T) {
	followed := false
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request) { followed = true })
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
	})
	if err := openAt(t, server).Send(context.Background(), notice()); !isLater(err) || followed {
		t.Errorf("answered %v, followed %v", err, followed)
	}
}

func TestAMailThatMailgunNamesOtherwiseIsTakenAndSaidSo(t *testing.T) {
	var log bytes.Buffer
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`{"id":"<other@mg.school.example>","message":"Queued."}`))
	})
	g, err := mail.NewMailgun(mail.MailgunOptions{
		Domain: "mg.school.example", APIKey: "k", SigningKey: "s", BaseURL: server + "/v3", Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	name, err := g.Deliver(context.Background(), notice())
	if name != "other@mg.school.example" || err != nil || !strings.Contains(log.String(), "another name") {
		t.Errorf("answered %q, %v; the log says %s", name, err, log.String())
	}
}
