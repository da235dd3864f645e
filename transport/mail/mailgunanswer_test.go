package mail_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailguntest"
)

// What an answer means.
const (
	taken       = "taken"
	later       = "later"
	laterForOne = "later, this one"
	refused     = "refused"
	badTo       = "refused, the address"
	unknown     = "unknown"
)

func meaning(err error) string {
	var no *notify.RefusedError
	var come *notify.LaterError
	switch {
	case err == nil:
		return taken
	case errors.As(err, &no) && no.Address:
		return badTo
	case errors.As(err, &no):
		return refused
	case errors.As(err, &come) && come.Recipient:
		return laterForOne
	case isLater(err):
		return later
	}
	return unknown
}

func isLater(err error) bool {
	var l *notify.LaterError
	return errors.As(err, &l)
}

func mentions(err error, what string) bool { return err != nil && strings.Contains(err.Error(), what) }

func addressIn(value string) string {
	if parsed, err := netmail.ParseAddress(value); err == nil {
		return parsed.Address
	}
	return ""
}

func serve(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

func TestWhatMailgunsAnswersMean(t *testing.T) {
	for name, c := range map[string]struct {
		fault mailguntest.Fault
		want  string
		says  string
	}{
		"too many":          {mailguntest.Fault{Status: 429}, later, "429"},
		"bad recipient":     {mailguntest.Fault{Status: 400, Message: "'to' parameter is not a valid address. please check documentation"}, badTo, "address"},
		"bad sender":        {mailguntest.Fault{Status: 400, Message: "'from' parameter is not a valid address. please check documentation"}, later, "HOMELINE_MAIL_FROM"},
		"too many options":  {mailguntest.Fault{Status: 400, Message: "Send options (parameters starting with o:, h:, or v:) are limited to 16 kB total"}, refused, "16 kB"},
		"too large":         {mailguntest.Fault{Status: 413}, refused, "413"},
		"wrong key":         {mailguntest.Fault{Status: 401, Message: "Forbidden"}, later, "MAILGUN_API_KEY"},
		"unpaid":            {mailguntest.Fault{Status: 402}, later, "402"},
		"not verified":      {mailguntest.Fault{Status: 403, Message: "The domain is unverified and requires DNS configuration"}, later, "DNS configuration"},
		"unknown domain":    {mailguntest.Fault{Status: 404, Message: "Domain not found"}, later, "MAILGUN_DOMAIN"},
		"names an address":  {mailguntest.Fault{Status: 403, Message: "add <ana@home.example> to authorized recipients"}, later, "(an address)"},
		"failing":           {mailguntest.Fault{Status: 500}, unknown, "500"},
		"failing, yet sent": {mailguntest.Fault{Status: 500, Taken: true}, unknown, "500"},
		"gateway":           {mailguntest.Fault{Status: 502}, unknown, "502"},
		"busy":              {mailguntest.Fault{Status: 503, RetryAfter: "5"}, unknown, "503"},
		"gateway late":      {mailguntest.Fault{Status: 504, Taken: true}, unknown, "504"},
	} {
		t.Run(name, func(t *testing.T) {
			g := openMailgun(t)
			g.fault(c.fault)
			err := g.Send(context.Background(), notice())
			if got := meaning(err); got != c.want || !mentions(err, c.says) {
				t.Errorf("it means %q (%v), want %q saying %q", got, err, c.want, c.says)
			}
			if mentions(err, "@") || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("it says an address, or more than a line: %v", err)
			}
		})
	}
}

func TestATimeOutIsNotTakenForAFailure(t *testing.T) {
	for name, takes := range map[string]bool{"before it was taken": false, "after it was taken": true} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			g := openMailgun(t, func(_ *gun, o *mailguntest.Options) {
				o.Fault = func(mailguntest.Attempt) mailguntest.Fault {
					cancel()
					return mailguntest.Fault{Hang: true, Taken: takes}
				}
			})
			if err := g.Send(ctx, notice()); meaning(err) != unknown || !errors.Is(err, context.Canceled) {
				t.Errorf("answered %v, want that nobody knows", err)
			}
			g.server.Close() // once it has done what it had begun
			if got := len(g.server.Mails()) == 1; got != takes {
				t.Errorf("it was taken: %v", got)
			}
		})
	}
}

func TestARequestHasATimeOutOfItsOwn(t *testing.T) {
	g := openMailgun(t, func(g *gun, _ *mailguntest.Options) {
		g.change = func(o *mail.MailgunOptions) { o.Timeout = 300 * time.Millisecond }
	})
	g.fault(mailguntest.Fault{Hang: true})
	if err := g.Send(context.Background(), notice()); meaning(err) != unknown || !mentions(err, "did not answer") {
		t.Errorf("answered %v", err)
	}
}

func TestASlowAnswerIsWaitedFor(t *testing.T) {
	g := openMailgun(t)
	g.fault(mailguntest.Fault{Slow: 20 * time.Millisecond})
	if err := g.Send(context.Background(), notice()); err != nil {
		t.Error(err)
	}
}

func TestAnAnswerThatIsCutOffOrNoJSONLeavesAMailUnknown(t *testing.T) {
	for name, body := range map[string]string{"a page": "<html>Welcome to the hotel's network", "half": `{"id": "<noti`} {
		t.Run(name, func(t *testing.T) {
			g := openAt(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) }))
			if err := g.Send(context.Background(), notice()); meaning(err) != unknown {
				t.Errorf("answered %v", err)
			}
		})
	}
}

func TestRetryAfterIsReadAsSecondsOrADateAndBounded(t *testing.T) {
	g := openMailgun(t)
	for value, want := range map[string]func(time.Duration) bool{
		"":         func(d time.Duration) bool { return d == 0 },
		"7":        func(d time.Duration) bool { return d == 7*time.Second },
		"-7":       func(d time.Duration) bool { return d == 0 },
		"soon":     func(d time.Duration) bool { return d == 0 },
		"99999999": func(d time.Duration) bool { return d == 24*time.Hour },
		time.Now().Add(time.Hour).UTC().Format(http.TimeFormat):  func(d time.Duration) bool { return d > 58*time.Minute && d <= time.Hour },
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat): func(d time.Duration) bool { return d == 0 },
	} {
		g.fault(mailguntest.Fault{Status: 429, RetryAfter: value})
		var l *notify.LaterError
		if err := g.Send(context.Background(), notice()); !errors.As(err, &l) || !want(l.After) {
			t.Errorf("Retry-After %q: answered %v after %v", value, err, l.After)
		}
	}
}
