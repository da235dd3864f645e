package mail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailguntest"
)

// ledger keeps reports as a store does: once for each nonce.
type ledger struct {
	mu      sync.Mutex
	mails   map[uuid.UUID]notify.Mail
	nonces  map[string]bool
	reports []notify.Report
	down    error
}

func (l *ledger) Report(_ context.Context, r notify.Report) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down != nil {
		return false, l.down
	}
	if l.nonces[r.Nonce] {
		return true, nil
	}
	l.nonces[r.Nonce] = true
	l.reports = append(l.reports, r)
	return false, nil
}

func (l *ledger) MailOf(_ context.Context, id uuid.UUID) (notify.Mail, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down != nil {
		return notify.Mail{}, l.down
	}
	if m, ok := l.mails[id]; ok {
		return m, nil
	}
	return notify.Mail{}, notify.ErrNoMail
}

var (
	hookDistrict = uuid.MustParse("0199d3a0-0000-7000-8000-000000000001")
	hookMail     = uuid.MustParse("0199d3a0-0000-7000-8000-000000000002")
	hookPerson   = uuid.MustParse("0199d3a0-0000-7000-8000-000000000003")
	hooksNow     = time.Date(2026, 10, 14, 15, 20, 0, 0, time.UTC)
)

// hooks is a handler of webhooks with who calls it.
type hooks struct {
	*mail.Webhooks
	t      *testing.T
	server *mailguntest.Server
	kept   *ledger
	now    time.Time
	log    bytes.Buffer
}

func openHooks(t *testing.T) *hooks {
	t.Helper()
	h := &hooks{t: t, now: hooksNow, kept: &ledger{
		nonces: make(map[string]bool),
		mails:  map[uuid.UUID]notify.Mail{hookMail: {ID: hookMail, District: hookDistrict, Person: hookPerson}},
	}}
	h.server = mailguntest.New(mailguntest.Options{Now: func() time.Time { return h.now }})
	t.Cleanup(h.server.Close)
	var err error
	h.Webhooks, err = mail.NewWebhooks(mail.WebhookOptions{
		SigningKey: h.server.SigningKey(), Reports: h.kept, Now: func() time.Time { return h.now },
		Log: slog.New(slog.NewTextHandler(&h.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// hook is one of Mailgun's about our mail.
func (h *hooks) hook(event string) mailguntest.Webhook {
	return h.server.Webhook(event, mailguntest.Mail{
		MessageID: notice().ID, To: "Ana@home.example",
		Variables: map[string]string{"district": hookDistrict.String(), "mail": hookMail.String(), "person": hookPerson.String()},
	})
}

func (h *hooks) failed(severity, reason string, code int) mailguntest.Webhook {
	hook := h.hook("failed")
	hook.Severity, hook.Reason, hook.Code = severity, reason, code
	return hook
}

func (h *hooks) said(code int, enhanced, words string) mailguntest.Webhook {
	hook := h.failed("permanent", "bounce", code)
	hook.Enhanced, hook.Said = enhanced, words
	return hook
}

func (h *hooks) post(hook mailguntest.Webhook) int { return h.postBody(h.server.Body(hook)) }

func (h *hooks) postBody(body []byte) int {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/webhooks/mailgun", bytes.NewReader(body)))
	return w.Code
}

func (h *hooks) want(status, got, reports int) {
	h.t.Helper()
	if got != status || len(h.kept.reports) != reports {
		h.t.Errorf("answered %d and kept %d reports, want %d and %d", got, len(h.kept.reports), status, reports)
	}
}

func TestWhatMailgunReportsIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		hook func(*hooks) mailguntest.Webhook
		want notify.ReportKind // empty: nothing is kept
	}{
		"delivered":            {func(h *hooks) mailguntest.Webhook { return h.hook("delivered") }, notify.Delivered},
		"complained":           {func(h *hooks) mailguntest.Webhook { return h.hook("complained") }, notify.Complained},
		"unsubscribed":         {func(h *hooks) mailguntest.Webhook { return h.hook("unsubscribed") }, notify.Unsubscribed},
		"bounced":              {func(h *hooks) mailguntest.Webhook { return h.failed("permanent", "bounce", 550) }, notify.Bounced},
		"failed for good":      {func(h *hooks) mailguntest.Webhook { return h.failed("permanent", "generic", 498) }, notify.Bounced},
		"bounced before":       {func(h *hooks) mailguntest.Webhook { return h.failed("permanent", "suppress-bounce", 605) }, notify.Bounced},
		"complained before":    {func(h *hooks) mailguntest.Webhook { return h.failed("permanent", "suppress-complaint", 607) }, notify.Complained},
		"unsubscribed before":  {func(h *hooks) mailguntest.Webhook { return h.failed("permanent", "suppress-unsubscribe", 606) }, notify.Unsubscribed},
		"given up after hours": {func(h *hooks) mailguntest.Webhook { return h.failed("permanent", "old", 602) }, ""},
		"blocked as a sender":  {func(h *hooks) mailguntest.Webhook { return h.failed("permanent", "espblock", 550) }, ""},
		"mailbox full":         {func(h *hooks) mailguntest.Webhook { return h.said(552, "5.2.2", "") }, ""},
		"mailbox full, in words": {func(h *hooks) mailguntest.Webhook {
			return h.said(552, "", "552 5.2.2 <ana@home.example>: user is over quota")
		}, ""},
		"mailbox full, no code": {func(h *hooks) mailguntest.Webhook {
			return h.said(550, "", "The email account that you tried to reach is over quota")
		}, ""},
		"mailbox full, plainly": {func(h *hooks) mailguntest.Webhook { return h.said(552, "", "") }, ""},
		"a policy":              {func(h *hooks) mailguntest.Webhook { return h.said(550, "5.7.26", "") }, ""},
		"a policy, in words": {func(h *hooks) mailguntest.Webhook {
			return h.said(550, "", "550-5.7.26 unauthenticated email is not accepted")
		}, ""},
		"a policy, no code":     {func(h *hooks) mailguntest.Webhook { return h.said(554, "", "Message rejected as spam by policy") }, ""},
		"no such user":          {func(h *hooks) mailguntest.Webhook { return h.said(550, "", "550 5.1.1 no such user, see our policy") }, notify.Bounced},
		"no such user, no code": {func(h *hooks) mailguntest.Webhook { return h.said(550, "", "No such user here") }, notify.Bounced},
		"failed for now":        {func(h *hooks) mailguntest.Webhook { return h.failed("temporary", "generic", 451) }, ""},
		"opened":                {func(h *hooks) mailguntest.Webhook { return h.hook("opened") }, ""},
		"something new":         {func(h *hooks) mailguntest.Webhook { return h.hook("teleported") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := openHooks(t)
			status := h.post(c.hook(h))
			if c.want == "" {
				h.want(http.StatusOK, status, 0)
				return
			}
			h.want(http.StatusOK, status, 1)
			r := h.kept.reports[0]
			if r.Kind != c.want || r.District != hookDistrict || r.Mail != hookMail || r.Person != hookPerson || r.Email != "ana@home.example" || !r.At.Equal(hooksNow) {
				t.Errorf("kept %+v", r)
			}
		})
	}
}

func TestARepeatedWebhookIsAnswered200AndKeptOnce(t *testing.T) {
	h := openHooks(t)
	hook := h.failed("permanent", "bounce", 550)
	for range 3 {
		h.want(http.StatusOK, h.post(hook), 1)
		h.now = h.now.Add(2 * time.Hour)
	}
}

func TestAWebhookOverHTTPIsTaken(t *testing.T) {
	h := openHooks(t)
	status, err := h.server.Post(context.Background(), serve(t, h.ServeHTTP), h.hook("delivered"))
	if err != nil {
		t.Fatal(err)
	}
	h.want(http.StatusOK, status, 1)
}

func TestWithoutASigningKeyThereAreNoWebhooks(t *testing.T) {
	if _, err := mail.NewWebhooks(mail.WebhookOptions{Reports: &ledger{}}); !mentions(err, "MAILGUN_SIGNING_KEY") {
		t.Errorf("answered %v", err)
	}
}

func TestAWebhookThatIsNotSignedChangesNothing(t *testing.T) {
	h := openHooks(t)
	good := string(h.server.Body(h.hook("complained")))
	h.want(http.StatusUnauthorized, h.postBody([]byte(strings.Replace(good, `"signature":"`, `"signature":"00`, 1))), 0)
	h.want(http.StatusUnauthorized, h.postBody([]byte(strings.Replace(good, `"token":"`, `"token":"0`, 1))), 0)
	others := mailguntest.New(mailguntest.Options{SigningKey: "key-test"}) // as the API's
	defer others.Close()
	hook := h.hook("complained")
	h.want(http.StatusUnauthorized, h.postBody(others.Body(hook)), 0)
	h.want(http.StatusOK, h.post(hook), 1) // it is the signature that was wrong
}

func TestTheTimeOfAWebhookIsSignedToo(t *testing.T) {
	h := openHooks(t)
	hook := h.hook("complained")
	stale := hook
	stale.At = hook.At.Add(-mail.WebhookAge - time.Hour)
	signed := func(at time.Time) string { return `"timestamp":"` + strconv.FormatInt(at.Unix(), 10) + `"` }
	body := string(h.server.Body(stale))
	forged := strings.Replace(body, signed(stale.At), signed(hook.At), 1)
	if body == forged {
		t.Fatal("nothing was forged")
	}
	h.want(http.StatusUnauthorized, h.postBody([]byte(forged)), 0)
}

func TestAWebhookIsTakenAsLongAsMailgunRepeatsItAndNoLonger(t *testing.T) {
	for age, status := range map[time.Duration]int{
		0:                                http.StatusOK,
		8 * time.Hour:                    http.StatusOK,
		mail.WebhookAge:                  http.StatusOK,
		mail.WebhookAge + time.Second:    http.StatusNotAcceptable,
		365 * 24 * time.Hour:             http.StatusNotAcceptable,
		-mail.WebhookAhead:               http.StatusOK,
		-mail.WebhookAhead - time.Second: http.StatusServiceUnavailable,
	} {
		h := openHooks(t)
		hook := h.hook("delivered")
		h.now = h.now.Add(age)
		reports := 0
		if status == http.StatusOK {
			reports = 1
		}
		h.want(status, h.post(hook), reports)
	}
}

func TestWhatCannotBeKeptNowIsRepeated(t *testing.T) {
	h := openHooks(t)
	h.kept.down = errors.New("the database is away")
	hook := h.hook("delivered")
	h.want(http.StatusServiceUnavailable, h.post(hook), 0)
	h.kept.down = nil
	h.want(http.StatusOK, h.post(hook), 1)
}

func TestAWebhookSpeaksOnlyOfItsOwnDistrictAndPerson(t *testing.T) {
	for _, name := range []string{"district", "person"} {
		h := openHooks(t)
		hook := h.hook("complained")
		hook.Variables[name] = uuid.NewString()
		h.want(http.StatusNotAcceptable, h.post(hook), 0)
	}
}

func TestABounceOfAMailThatIsNoLongerKnownStillMarksTheAddress(t *testing.T) {
	h := openHooks(t)
	hook := h.failed("permanent", "bounce", 550)
	hook.Variables["mail"] = uuid.NewString()
	h.want(http.StatusOK, h.post(hook), 1)
	if r := h.kept.reports[0]; r.Mail != uuid.Nil || r.District != hookDistrict || r.Email != "ana@home.example" {
		t.Errorf("kept %+v", r)
	}
}

func TestASignInMailThatBouncesIsReportedWithoutAMail(t *testing.T) {
	h := openHooks(t)
	hook := h.failed("permanent", "bounce", 550)
	hook.Variables = map[string]string{"district": hookDistrict.String()}
	h.want(http.StatusOK, h.post(hook), 1)
}

func TestAMailThatIsNotOursIsNoConcern(t *testing.T) {
	h := openHooks(t)
	hook := h.hook("complained")
	hook.Variables = nil
	h.want(http.StatusOK, h.post(hook), 0)
}

func TestWhatIsNoWebhookIsNotRepeated(t *testing.T) {
	h := openHooks(t)
	ids := h.hook("complained")
	ids.Variables["mail"] = "../" + strings.Repeat("x", 33)
	nobody := h.hook("complained")
	nobody.Recipient = "ana"
	token := h.hook("complained")
	token.Token = "a token"
	for name, body := range map[string][]byte{
		"nothing":         nil,
		"a form":          []byte("timestamp=1&token=2&signature=3&event=delivered"),
		"an empty one":    []byte("{}"),
		"a list":          []byte("[]"),
		"bad ids":         h.server.Body(ids),
		"bad recipient":   h.server.Body(nobody),
		"bad token":       h.server.Body(token),
		"a large one":     []byte(`{"padding":"` + strings.Repeat("x", 300<<10) + `"}`),
		"negative time":   []byte(`{"signature":{"timestamp":"-1","token":"t","signature":"00"},"event-data":{"event":"delivered"}}`),
		"endless nesting": []byte(strings.Repeat("[", 100_000)),
	} {
		if got := h.postBody(body); got != http.StatusNotAcceptable {
			t.Errorf("%s: answered %d", name, got)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/webhooks/mailgun", nil))
	h.want(http.StatusMethodNotAllowed, w.Code, 0)
}

func TestNothingPersonalOfAWebhookIsLogged(t *testing.T) {
	h := openHooks(t)
	h.post(h.failed("permanent", "bounce", 550))
	h.post(h.failed("permanent", "old", 602))
	h.post(h.failed("permanent", "ana@home.example", 550))
	nobody := h.hook("complained")
	nobody.Recipient = "ana@@home.example"
	h.post(nobody)
	other := h.hook("complained")
	other.Variables["district"] = uuid.NewString()
	h.post(other)
	if got := h.log.String(); strings.Contains(got, "@") || strings.Contains(strings.ToLower(got), "ana") || !strings.Contains(got, hookMail.String()) {
		t.Errorf("the log says\n%s", got)
	}
}
