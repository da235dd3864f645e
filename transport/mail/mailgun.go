package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mailgun/mailgun-go/v4"

	"github.com/homeline/homeline/hub/notify"
)

// MailgunOptions say which account mails go through, and where it is.
type MailgunOptions struct {
	Domain string
	// APIKey must be one that reads events, not only sends.
	APIKey string
	// SigningKey is the webhooks', never the API's. NewWebhooks needs it.
	SigningKey string
	Region     string // us or eu; empty: us
	// BaseURL stands for the region's in tests: http://host/v3.
	BaseURL string
	// TestMode has Mailgun accept mails, report them delivered, and send none.
	TestMode bool
	// Timeout bounds one request, up to the end of its answer. Zero: 30 s.
	Timeout time.Duration
	// EventsLag is what Lag answers. Zero: 30 min, as Mailgun advises.
	EventsLag time.Duration
	Log       *slog.Logger // nil: none
}

const (
	mailgunTimeout   = 30 * time.Second
	mailgunEventsLag = 30 * time.Minute
)

// Mailgun sends through Mailgun's HTTP API. It never sends twice by itself: the
// client behind it does not either, and its POSTs are not repeated by net/http.
type Mailgun struct {
	client   *mailgun.MailgunImpl
	http     *http.Client
	region   string
	testMode bool
	lag      time.Duration
	log      *slog.Logger
}

// NewMailgun names the setting that is missing or wrong.
func NewMailgun(o MailgunOptions) (*Mailgun, error) {
	switch {
	case o.Domain == "":
		return nil, errors.New("MAILGUN_DOMAIN is empty: it is the domain that mails are sent from, as Mailgun has it")
	case strings.ContainsAny(o.Domain, "/:@ "):
		return nil, errors.New("MAILGUN_DOMAIN is not a domain: write it as in mg.school.example")
	case o.APIKey == "":
		return nil, errors.New("MAILGUN_API_KEY is empty: make one for the account in Mailgun's settings")
	case o.SigningKey == "":
		return nil, errors.New("MAILGUN_SIGNING_KEY is empty: it is the HTTP webhook signing key in Mailgun's settings, not the API key")
	}
	base, region, err := mailgunBase(o)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns // there is one host
	m := &Mailgun{
		client: mailgun.NewMailgun(o.Domain, o.APIKey),
		http: &http.Client{
			Transport:     &observer{next: transport},
			Timeout:       o.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		region: region, testMode: o.TestMode, lag: o.EventsLag, log: o.Log,
	}
	if m.http.Timeout == 0 {
		m.http.Timeout = mailgunTimeout
	}
	if m.lag == 0 {
		m.lag = mailgunEventsLag
	}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	m.client.SetAPIBase(base)
	m.client.SetClient(m.http)
	return m, nil
}

func mailgunBase(o MailgunOptions) (base, region string, err error) {
	if o.BaseURL != "" {
		if u, err := url.Parse(o.BaseURL); err != nil || u.Host == "" || !strings.HasSuffix(u.Path, "/v3") {
			return "", "", errors.New("the base URL of Mailgun must end in /v3")
		}
		return o.BaseURL, "test", nil
	}
	switch o.Region {
	case "", "us":
		return mailgun.APIBaseUS, "us", nil
	case "eu":
		return mailgun.APIBaseEU, "eu", nil
	}
	return "", "", fmt.Errorf("MAILGUN_REGION is %q: us or eu", o.Region)
}

// Send is Deliver.
func (g *Mailgun) Send(ctx context.Context, m Message) error {
	_, err := g.Deliver(ctx, m)
	return err
}

// Deliver is taken once Mailgun answers 200. The name is the Message-ID by which
// Mailgun knows it, which is ours.
func (g *Mailgun) Deliver(ctx context.Context, m Message) (string, error) {
	m, err := checked(m)
	if err != nil {
		return "", refuse(err)
	}
	if err := ctx.Err(); err != nil {
		return "", &notify.LaterError{Err: err}
	}
	message, err := g.message(m)
	if err != nil {
		return "", refuse(err)
	}
	ctx, seen := observe(ctx)
	_, name, err := g.client.Send(ctx, message)
	if err != nil {
		return "", seen.failed(err, g.client.Domain(), g.region)
	}
	name = strings.Trim(name, "<>")
	if name != m.ID {
		g.log.Warn("Mailgun knows a mail by another name, so that it cannot be asked about", "mail", m.ID, "name", name)
	}
	return name, nil
}

// Lag is how long events may take to appear.
func (g *Mailgun) Lag() time.Duration { return g.lag }

// Close lets go of idle connections.
func (g *Mailgun) Close() { g.http.CloseIdleConnections() }

func (g *Mailgun) message(m Message) (*mailgun.Message, error) {
	message := mailgun.NewMessage(m.From, m.Subject, m.Text, m.To)
	message.SetHTML(m.HTML)
	for name, value := range m.Headers {
		message.AddHeader(name, value)
	}
	// Without the brackets Mailgun takes another of its own.
	message.AddHeader("Message-Id", "<"+m.ID+">")
	message.AddHeader("Date", m.Date.UTC().Format(time.RFC1123Z))
	if m.ReplyTo != "" {
		message.AddHeader("Reply-To", m.ReplyTo)
	}
	if m.Tag != "" {
		if err := message.AddTag(m.Tag); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Variables)) {
		if err := message.AddVariable(name, m.Variables[name]); err != nil {
			return nil, err
		}
	}
	// Links are not to lead over Mailgun, and nobody is to be watched reading.
	message.SetTracking(false)
	message.SetTrackingClicks(false)
	message.SetTrackingOpens(false)
	if g.testMode {
		message.EnableTestMode()
	}
	return message, nil
}
