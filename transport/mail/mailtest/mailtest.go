// Package mailtest says what every mail.Provider does. A new one passes [Run]
// against the real thing that it sends through.
package mailtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail"
)

// Way is a way of delivery with what stands at its end. Each fault is of the
// next message; nil where nothing of the kind can happen.
type Way struct {
	Provider mail.Provider
	// Delivered are the mails that have arrived, oldest first.
	Delivered func(t *testing.T) []Mail
	// Refuse says that there is no such address, Later to come again, not before
	// After where that is not zero.
	Refuse, Later func()
	After         time.Duration
	// Lose cuts the connection before the message was taken, LoseAnswer after.
	Lose, LoseAnswer func()
	// Stop takes the other end away for good.
	Stop func()
	// Settle lets Lag pass.
	Settle func()
}

// Run checks a Provider; open makes a fresh one for each check.
func Run(t *testing.T, open func(t *testing.T) Way) {
	t.Run("arrives", func(t *testing.T) { arrives(t, open) })
	t.Run("refuses", func(t *testing.T) { refuses(t, open) })
	t.Run("fails", func(t *testing.T) { fails(t, open) })
	t.Run("answers", func(t *testing.T) { answers(t, open) })
}

func arrives(t *testing.T, open func(t *testing.T) Way) {
	t.Run("a mail arrives with both its parts", func(t *testing.T) {
		way := open(t)
		deliver(t, way, sample())
		got, want := only(t, way), sample()
		if got.To != want.To || got.Subject != want.Subject || got.MessageID != want.ID {
			t.Errorf("arrived as %q to %q with subject %q", got.MessageID, got.To, got.Subject)
		}
		if lines(got.Text) != lines(want.Text) {
			t.Errorf("the text arrived as %q", got.Text)
		}
		if lines(got.HTML) != lines(want.HTML) {
			t.Errorf("the HTML arrived as %q", got.HTML)
		}
	})
	t.Run("headers arrive, and where answers go", func(t *testing.T) {
		way := open(t)
		m := sample()
		m.ReplyTo = `"Ana Ruiz" <reply+1@school.example>`
		m.Headers["List-Unsubscribe"] = "<https://school.example/unsubscribe/1>, <mailto:reply@school.example>"
		deliver(t, way, m)
		got := only(t, way)
		if !got.Suppresses || got.ReplyTo != "reply+1@school.example" || got.Unsubscribe != m.Headers["List-Unsubscribe"] {
			t.Errorf("arrived with Reply-To %q, List-Unsubscribe %q", got.ReplyTo, got.Unsubscribe)
		}
	})
	t.Run("names in other scripts and long lines arrive as they were", func(t *testing.T) {
		way := open(t)
		m := sample()
		m.From = `"Escuela Iñárritu 王" <homeline@school.example>`
		m.Subject = "Nuevo mensaje de Begoña Iñárritu y 王小明, " + strings.Repeat("Escuela ", 30) + "fin"
		m.Text = strings.Repeat("https://school.example/sign-in/ñ", 200)
		deliver(t, way, m)
		got := only(t, way)
		if got.Subject != m.Subject {
			t.Errorf("the subject arrived as %q", got.Subject)
		}
		if lines(got.Text) != m.Text {
			t.Errorf("the text arrived as %q", got.Text)
		}
	})
	t.Run("a line that is a full stop ends nothing", func(t *testing.T) {
		way := open(t)
		m := sample()
		m.Text = "one\n.\n..two\nthree\n"
		deliver(t, way, m)
		if got := only(t, way); lines(got.Text) != lines(m.Text) {
			t.Errorf("the text arrived as %q", got.Text)
		}
	})
	t.Run("mails arrive in the order in which they were dated", func(t *testing.T) {
		way := open(t)
		var want, got []string
		for i, subject := range []string{"first", "second", "third"} {
			m := sample()
			m.Subject, m.ID, m.Date = subject, subject+"@school.example", m.Date.Add(time.Duration(i)*time.Second)
			deliver(t, way, m)
			want = append(want, subject)
		}
		for _, k := range way.Delivered(t) {
			got = append(got, k.Subject)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("arrived as %q", got)
		}
	})
	t.Run("many at once arrive once each", func(t *testing.T) {
		way := open(t)
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				m := sample()
				m.ID = fmt.Sprintf("%d@school.example", i)
				if err := way.Provider.Send(context.Background(), m); err != nil {
					t.Errorf("sending: %v", err)
				}
			})
		}
		group.Wait()
		seen := make(map[string]bool)
		for _, m := range way.Delivered(t) {
			seen[m.MessageID] = true
		}
		if n := len(way.Delivered(t)); n != 10 || len(seen) != 10 {
			t.Errorf("%d mails arrived with %d Message-IDs", n, len(seen))
		}
	})
}

func refuses(t *testing.T, open func(t *testing.T) Way) {
	t.Run("a line break in a subject adds no header", func(t *testing.T) {
		way := open(t)
		m := sample()
		m.Subject = "Hello\r\nBcc: everybody@school.example"
		deliver(t, way, m)
		if got := only(t, way).Subject; got != "Hello Bcc: everybody@school.example" {
			t.Errorf("the subject arrived as %q", got)
		}
	})
	t.Run("a line break in a header is refused for good", func(t *testing.T) {
		way := open(t)
		for _, broken := range []func(*mail.Message){
			func(m *mail.Message) { m.Headers["List-Id"] = "x\r\nBcc: everybody@school.example" },
			func(m *mail.Message) { m.Headers["X\r\nBcc: everybody@school.example"] = "x" },
			func(m *mail.Message) { m.ID = "1@school.example>\r\nBcc: everybody@school.example" },
			func(m *mail.Message) { m.ID = "" },
		} {
			m := sample()
			broken(&m)
			wantRefused(t, send(way, m), false)
		}
		none(t, way)
	})
	t.Run("a malformed address is refused for good", func(t *testing.T) {
		way := open(t)
		for _, to := range []string{"", "ana", "ana@school.example, leo@school.example", "a@b\r\nBcc: c@d"} {
			m := sample()
			m.To = to
			err := send(way, m)
			wantRefused(t, err, true)
			var wrong *mail.AddressError
			if !errors.As(err, &wrong) || wrong.Field != "to" {
				t.Errorf("to %q: %v", to, err)
			}
		}
		none(t, way)
	})
	t.Run("a malformed sender is not the address's fault", func(t *testing.T) {
		way := open(t)
		m := sample()
		m.From = "Homeline"
		wantRefused(t, send(way, m), false)
		m = sample()
		m.ReplyTo = "Homeline"
		wantRefused(t, send(way, m), false)
		none(t, way)
	})
	t.Run("an address that does not exist is refused for good", func(t *testing.T) {
		way := open(t)
		if way.Refuse == nil {
			return // who keeps files knows no addresses
		}
		way.Refuse()
		wantRefused(t, send(way, sample()), true)
		none(t, way)
	})
}

func fails(t *testing.T, open func(t *testing.T) Way) {
	t.Run("nothing is sent once the context has ended", func(t *testing.T) {
		way := open(t)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := way.Provider.Deliver(ctx, sample())
		if !errors.Is(err, context.Canceled) {
			t.Errorf("answered %v", err)
		}
		wantLater(t, err, 0)
		none(t, way)
	})
	t.Run("what is to come later is taken then", func(t *testing.T) {
		way := open(t)
		if way.Later == nil {
			return // a folder is never too busy
		}
		way.Later()
		wantLater(t, send(way, sample()), way.After)
		none(t, way)
		deliver(t, way, sample())
		only(t, way)
	})
	t.Run("an end that is away took nothing", func(t *testing.T) {
		way := open(t)
		way.Stop()
		wantLater(t, send(way, sample()), 0)
		if err := way.Provider.Check(context.Background()); err == nil || strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("Check says %v", err)
		}
	})
	t.Run("nobody knows of a message that was cut off", func(t *testing.T) {
		way := open(t)
		if way.Lose == nil {
			return // a folder has no connection
		}
		way.Lose()
		called := time.Now()
		wantUnknown(t, send(way, sample()))
		none(t, way)
		wantFate(t, way, called, notify.FateNotTaken)
	})
	t.Run("nobody knows of a message whose answer was lost", func(t *testing.T) {
		way := open(t)
		if way.LoseAnswer == nil {
			return // a folder has no connection
		}
		way.LoseAnswer()
		called := time.Now()
		wantUnknown(t, send(way, sample()))
		only(t, way)
		wantFate(t, way, called, notify.FateTaken)
	})
}

func answers(t *testing.T, open func(t *testing.T) Way) {
	t.Run("a message that was taken is known to be", func(t *testing.T) {
		way := open(t)
		called := time.Now()
		deliver(t, way, sample())
		wantFate(t, way, called, notify.FateTaken)
	})
	t.Run("a message that never was is known not to be", func(t *testing.T) {
		way := open(t)
		other := sample()
		other.ID = "2" + other.ID
		deliver(t, way, other)
		wantFate(t, way, time.Now(), notify.FateNotTaken)
	})
	t.Run("asking with a context that has ended answers nothing", func(t *testing.T) {
		way := open(t)
		if way.Provider.Lag() < 0 {
			return // it always answers the same
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		fate, err := way.Provider.Ask(ctx, sample().ID, sample().To, time.Now())
		if !errors.Is(err, context.Canceled) || fate != "" {
			t.Errorf("answered %q, %v", fate, err)
		}
	})
	t.Run("an end that is well is found so, and gets nothing", func(t *testing.T) {
		way := open(t)
		if err := way.Provider.Check(context.Background()); err != nil {
			t.Errorf("Check says %v", err)
		}
		none(t, way)
	})
}
