package mail_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailguntest"
)

func (g *gun) wantAsked(t *testing.T, called time.Time, want notify.Fate) {
	t.Helper()
	if fate, err := g.Ask(context.Background(), notice().ID, notice().To, called); fate != want || err != nil {
		t.Errorf("asked, it answers %q, %v, want %q", fate, err, want)
	}
}

func sendNotice(t *testing.T, g *gun) {
	t.Helper()
	if err := g.Send(context.Background(), notice()); err != nil {
		t.Fatal(err)
	}
}

func TestEventsAreBelievedOnceTheirLagHasPassed(t *testing.T) {
	g := openMailgun(t, func(g *gun, o *mailguntest.Options) {
		// The later one is shown first.
		o.Lag = func(event string) time.Duration {
			return map[string]time.Duration{"accepted": 29 * time.Minute, "delivered": 10 * time.Minute}[event]
		}
	})
	called := time.Now()
	sendNotice(t, g)
	g.wantAsked(t, called, notify.FateNotTaken) // which is why Lag is waited for
	g.pass(11 * time.Minute)
	g.wantAsked(t, called, notify.FateTaken)
	g.pass(g.Lag())
	g.wantAsked(t, called, notify.FateTaken)
}

func TestTheFirstOfTwoCallsIsFoundAfterTheSecond(t *testing.T) {
	g := openMailgun(t)
	called := time.Now()
	sendNotice(t, g)
	g.wantAsked(t, called.Add(20*time.Hour), notify.FateTaken)
}

func TestAMailThatMailgunRejectedWasNotTaken(t *testing.T) {
	g := openMailgun(t)
	sendNotice(t, g)
	g.server.Reject(notice().ID)
	g.wantAsked(t, time.Now(), notify.FateNotTaken)
}

func TestAMailThatFailedAfterwardsWasTaken(t *testing.T) {
	g := openMailgun(t, func(g *gun, o *mailguntest.Options) {
		o.Lag = func(event string) time.Duration {
			if event == "failed" {
				return 0
			}
			return 2 * time.Hour
		}
	})
	sendNotice(t, g)
	g.server.Happen("failed", notice().ID)
	g.wantAsked(t, time.Now(), notify.FateTaken)
}

func TestWhatIsOlderThanEventsAreKeptIsUnknowable(t *testing.T) {
	g := openMailgun(t)
	g.wantAsked(t, time.Now().Add(-22*time.Hour), notify.FateNotTaken)
	g.wantAsked(t, time.Now().Add(-24*time.Hour), notify.FateUnknowable)
	sendNotice(t, g)
	g.wantAsked(t, time.Now().Add(-23*time.Hour-time.Minute), notify.FateTaken) // where they are there, they are believed
}

func TestEventsAreReadPageByPage(t *testing.T) {
	g := openMailgun(t, func(_ *gun, o *mailguntest.Options) { o.PageSize = 1 })
	sendNotice(t, g)
	g.server.Reject(notice().ID)
	for range 3 {
		g.server.Happen("rejected", notice().ID)
	}
	g.server.Happen("delivered", notice().ID)
	g.wantAsked(t, time.Now(), notify.FateTaken)
}

func TestEventsThatCannotBeReadAnswerNothing(t *testing.T) {
	for name, handle := range map[string]http.HandlerFunc{
		"failing": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "of ana@home.example", http.StatusInternalServerError)
		},
		"too many": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "later", http.StatusTooManyRequests) },
		"no JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(`{"items":[{"recipient":"ana@home.example`))
		},
		"cut off":       func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a sending key": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "Forbidden", http.StatusUnauthorized) },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte(`{"items":[` + strings.Repeat(" ", 5<<20) + `],"paging":{}}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := openAt(t, serve(t, handle))
			fate, err := g.Ask(context.Background(), notice().ID, notice().To, time.Now())
			if fate != "" || err == nil || mentions(err, "@") {
				t.Errorf("answered %q, %v", fate, err)
			}
		})
	}
}

func TestTheKeyIsNotTakenToAnotherHostByAPageOfEvents(t *testing.T) {
	asked := false
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{
			"items":  []any{map[string]any{"event": "rejected"}},
			"paging": map[string]string{"next": elsewhere + "/v3/mg.school.example/events/1"},
		})
	})
	g := openAt(t, server)
	if fate, err := g.Ask(context.Background(), notice().ID, notice().To, time.Now()); err == nil || asked {
		t.Errorf("answered %q, %v, asked elsewhere: %v", fate, err, asked)
	}
}

// openAt is a Mailgun that is anything.
func openAt(t *testing.T, server string) *mail.Mailgun {
	t.Helper()
	g, err := mail.NewMailgun(mail.MailgunOptions{Domain: "mg.school.example", APIKey: "k", SigningKey: "s", BaseURL: server + "/v3"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func TestWhatIsWrongWithMailgunIsSaidInALine(t *testing.T) {
	for name, c := range map[string]struct {
		server mailguntest.Options
		change func(*mail.MailgunOptions)
		want   string // empty: nothing is wrong
	}{
		"nothing":           {},
		"a wrong key":       {change: func(o *mail.MailgunOptions) { o.APIKey = "other" }, want: "MAILGUN_API_KEY"},
		"a sending key":     {server: mailguntest.Options{SendingKey: "sends"}, change: func(o *mail.MailgunOptions) { o.APIKey = "sends" }, want: "sending key"},
		"another domain":    {change: func(o *mail.MailgunOptions) { o.Domain = "other.example" }, want: "MAILGUN_DOMAIN"},
		"a domain unproven": {server: mailguntest.Options{State: "unverified"}, want: "DNS records"},
		"a domain disabled": {server: mailguntest.Options{State: "disabled"}, want: "switched off"},
	} {
		t.Run(name, func(t *testing.T) {
			g := openMailgun(t, func(g *gun, o *mailguntest.Options) {
				o.SendingKey, o.State = c.server.SendingKey, c.server.State
				g.change = c.change
			})
			err := g.Check(context.Background())
			if c.want == "" && err != nil || c.want != "" && !mentions(err, c.want) {
				t.Errorf("Check says %v, want %q", err, c.want)
			}
			if line := fmt.Sprint(err); strings.ContainsAny(line, "\r\n") || strings.Contains(line, "sends") {
				t.Errorf("it is more than a line, or holds the key: %s", line)
			}
		})
	}
}
