package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"github.com/homeline/homeline/hub/notify"
)

// Reports are where Mailgun's webhooks are kept: a notify.Store.
type Reports interface {
	Report(ctx context.Context, r notify.Report) (repeated bool, err error)
	MailOf(ctx context.Context, id uuid.UUID) (notify.Mail, error)
}

// WebhookOptions say how webhooks are known to be Mailgun's.
type WebhookOptions struct {
	// SigningKey is the account's HTTP webhook signing key, required: there is
	// no other by which a webhook would be believed.
	SigningKey string
	Reports    Reports
	Now        func() time.Time // nil: time.Now
	Log        *slog.Logger     // nil: none
}

// WebhookAge is how old a webhook may be: Mailgun repeats one for 8 h. The nonce
// of a report must be kept longer than this and WebhookAhead together, or it can
// be replayed.
const WebhookAge = 9 * time.Hour

// WebhookAhead is how far Mailgun's clock may be before ours.
const WebhookAhead = 5 * time.Minute

const (
	maxWebhook     = 256 << 10 // bytes; Mailgun's have less than 16 KiB
	webhookTimeout = 10 * time.Second
	grumble        = time.Minute // between two warnings of one kind
)

// Webhooks answers Mailgun's calls about mails that it took before.
//
// It answers 200 once what the call says is committed, or was before, or is of
// no concern; 406 to what will never be right, which Mailgun does not repeat;
// anything else to what may be right later, which it repeats for 8 h: 401 to a
// wrong signature (the key may be mended meanwhile), 503 where our clock is
// behind or the store does not answer.
type Webhooks struct {
	key     []byte
	reports Reports
	now     func() time.Time
	log     *slog.Logger
	// Anybody can post: what they bring fills no log.
	malformed, unsigned, ahead rate.Sometimes
}

// NewWebhooks refuses an empty key: a signature by it is anybody's.
func NewWebhooks(o WebhookOptions) (*Webhooks, error) {
	if o.SigningKey == "" {
		return nil, errors.New("MAILGUN_SIGNING_KEY is empty: it is the HTTP webhook signing key in Mailgun's settings, not the API key")
	}
	h := &Webhooks{
		key: []byte(o.SigningKey), reports: o.Reports, now: o.Now, log: o.Log,
		malformed: rate.Sometimes{Interval: grumble}, unsigned: rate.Sometimes{Interval: grumble}, ahead: rate.Sometimes{Interval: grumble},
	}
	if h.now == nil {
		h.now = time.Now
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	return h, nil
}

// ServeHTTP takes one webhook.
func (h *Webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "webhooks are posted", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
	if err != nil {
		status := http.StatusServiceUnavailable // it was cut off
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			status = http.StatusNotAcceptable
		}
		http.Error(w, "the body could not be read", status)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), webhookTimeout)
	defer cancel()
	status, err := h.take(ctx, body)
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	w.WriteHeader(status)
}

// take says what to answer, and why where it is not 200. Its errors are ours to
// word: they hold nothing of the body.
func (h *Webhooks) take(ctx context.Context, body []byte) (int, error) {
	hook, err := parseWebhook(body)
	if err != nil {
		h.malformed.Do(func() { h.log.Warn("a webhook was no webhook of Mailgun's", "why", err) })
		return http.StatusNotAcceptable, err
	}
	if !hook.signature.SignedBy(h.key) {
		h.unsigned.Do(func() {
			h.log.Warn("a webhook is not signed with MAILGUN_SIGNING_KEY: if Mailgun shows them as failing, copy its HTTP webhook signing key again")
		})
		return http.StatusUnauthorized, errors.New("the signature is wrong")
	}
	switch age := h.now().Sub(hook.signedAt); {
	case age > WebhookAge:
		return http.StatusNotAcceptable, fmt.Errorf("the webhook is older than %s", WebhookAge)
	case age < -WebhookAhead:
		h.ahead.Do(func() { h.log.Warn("a webhook is from the future: the clock of this machine is behind", "by", -age) })
		return http.StatusServiceUnavailable, errors.New("the webhook is from the future")
	}
	report, concerns, err := hook.report(h.now())
	switch {
	case err != nil:
		h.log.Warn("a webhook does not say whom it is about", "why", err)
		return http.StatusNotAcceptable, err
	case !concerns:
		h.other(hook)
		return http.StatusOK, nil
	}
	return h.keep(ctx, report)
}

func (h *Webhooks) keep(ctx context.Context, report notify.Report) (int, error) {
	report, err := h.match(ctx, report)
	if errors.Is(err, errOtherDistrict) {
		h.log.Warn("a webhook names a mail of another district", "mail", report.Mail, "district", report.District)
		return http.StatusNotAcceptable, err
	}
	var repeated bool
	if err == nil {
		repeated, err = h.reports.Report(ctx, report)
	}
	switch {
	case errors.Is(err, notify.ErrNoMail):
		return http.StatusNotAcceptable, errors.New("no such district")
	case err != nil:
		h.log.Error("a webhook could not be kept, and is to be repeated", "error", err)
		return http.StatusServiceUnavailable, errors.New("it could not be kept")
	}
	h.log.Info("a provider reported", "kind", report.Kind, "district", report.District, "mail", report.Mail,
		"detail", report.Detail, "repeated", repeated)
	return http.StatusOK, nil
}

var errOtherDistrict = errors.New("the mail is of another district or person")

// match holds the report's identifiers against the mail's. A mail that is not
// known any more is left out: its address still is where it is.
func (h *Webhooks) match(ctx context.Context, report notify.Report) (notify.Report, error) {
	if report.Mail == uuid.Nil {
		return report, nil
	}
	m, err := h.reports.MailOf(ctx, report.Mail)
	switch {
	case errors.Is(err, notify.ErrNoMail):
		report.Mail = uuid.Nil
		return report, nil
	case err != nil:
		return report, err
	case m.District != report.District, report.Person != uuid.Nil && report.Person != m.Person:
		return report, errOtherDistrict
	}
	return report, nil
}

// other tells operators of a mail that did not arrive though the address is fine.
func (h *Webhooks) other(hook webhook) {
	if hook.permanent() {
		id, _ := uuid.Parse(hook.Variables.Mail)
		h.log.Warn("a mail did not arrive, though not for its address", "mail", id, "detail", hook.detail())
	}
}
