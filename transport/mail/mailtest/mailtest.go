// Package mailtest says what every mail.Sender does. A new one passes
// [Run] against the real thing that it sends through.
package mailtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/transport/mail"
)

// Delivered are the mails that have arrived where a Sender sends, oldest first.
type Delivered func(t *testing.T) []Mail

// Run checks a Sender; open makes a fresh one for each check.
func Run(t *testing.T, open func(t *testing.T) (mail.Sender, Delivered)) {
	t.Run("a mail arrives with both its parts", func(t *testing.T) {
		sender, delivered := open(t)
		send(t, sender, sample())
		got := only(t, delivered)
		want := sample()
		if got.To != want.To || got.Subject != want.Subject {
			t.Errorf("arrived to %q with subject %q", got.To, got.Subject)
		}
		if lines(got.Text) != lines(want.Text) {
			t.Errorf("the text arrived as %q", got.Text)
		}
		if lines(got.HTML) != lines(want.HTML) {
			t.Errorf("the HTML arrived as %q", got.HTML)
		}
	})
	t.Run("names in other scripts and long lines arrive as they were", func(t *testing.T) {
		sender, delivered := open(t)
		m := sample()
		m.Subject = "Nuevo mensaje de Begoña Iñárritu y 王小明, " + strings.Repeat("Escuela ", 30) + "fin"
		m.Text = strings.Repeat("https://school.example/sign-in/ñ", 200)
		send(t, sender, m)
		got := only(t, delivered)
		if got.Subject != m.Subject {
			t.Errorf("the subject arrived as %q", got.Subject)
		}
		if lines(got.Text) != m.Text {
			t.Errorf("the text arrived as %q", got.Text)
		}
	})
	t.Run("a line break in a subject adds no header", func(t *testing.T) {
		sender, delivered := open(t)
		m := sample()
		m.Subject = "Hello\r\nBcc: everybody@school.example"
		send(t, sender, m)
		if got := only(t, delivered).Subject; got != "Hello Bcc: everybody@school.example" {
			t.Errorf("the subject arrived as %q", got)
		}
	})
	t.Run("a line break in a header is refused", func(t *testing.T) {
		sender, delivered := open(t)
		m := sample()
		m.Headers = map[string]string{"List-Id": "x\r\nBcc: everybody@school.example"}
		if err := sender.Send(context.Background(), m); err == nil {
			t.Error("it was taken")
		}
		none(t, delivered)
	})
	t.Run("a malformed address is refused for good", func(t *testing.T) {
		sender, delivered := open(t)
		for _, to := range []string{"", "ana", "ana@school.example, leo@school.example", "a@b\r\nBcc: c@d"} {
			m := sample()
			m.To = to
			var wrong *mail.AddressError
			if err := sender.Send(context.Background(), m); !errors.As(err, &wrong) || wrong.Field != "to" {
				t.Errorf("to %q: %v", to, err)
			}
		}
		none(t, delivered)
	})
	t.Run("nothing is sent once the context has ended", func(t *testing.T) {
		sender, delivered := open(t)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := sender.Send(ctx, sample()); !errors.Is(err, context.Canceled) {
			t.Errorf("answered %v", err)
		}
		none(t, delivered)
	})
	t.Run("mails arrive in the order in which they were dated", func(t *testing.T) {
		sender, delivered := open(t)
		var want []string
		for i, subject := range []string{"first", "second", "third"} {
			m := sample()
			m.Subject, m.ID, m.Date = subject, subject+"@school.example", m.Date.Add(time.Duration(i)*time.Second)
			send(t, sender, m)
			want = append(want, subject)
		}
		var got []string
		for _, k := range delivered(t) {
			got = append(got, k.Subject)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("arrived as %q", got)
		}
	})
}

func sample() mail.Message {
	return mail.Message{
		From: `"Lincoln School" <homeline@school.example>`, To: "ana@school.example",
		Subject: "Sign in", Text: "Here it is:\n\nhttps://school.example/\n", HTML: "<p>Here it is &amp; was.</p>\n",
		ID: "1@school.example", Date: time.Date(2026, 10, 14, 15, 20, 0, 0, time.UTC),
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	}
}

func send(t *testing.T, sender mail.Sender, m mail.Message) {
	t.Helper()
	if err := sender.Send(context.Background(), m); err != nil {
		t.Fatalf("sending: %v", err)
	}
}

func only(t *testing.T, delivered Delivered) Mail {
	t.Helper()
	all := delivered(t)
	if len(all) != 1 {
		t.Fatalf("%d mails arrived, want one", len(all))
	}
	return all[0]
}

func none(t *testing.T, delivered Delivered) {
	t.Helper()
	if all := delivered(t); len(all) != 0 {
		t.Errorf("%d mails arrived, want none", len(all))
	}
}

// lines leaves out the last line breaks, which mail may add.
func lines(s string) string { return strings.TrimRight(s, "\n") }
