package mailtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail"
)

func sample() mail.Message {
	return mail.Message{
		From: `"Lincoln School" <homeline@school.example>`, To: "ana@school.example",
		Subject: "Sign in", Text: "Here it is:\n\nhttps://school.example/\n", HTML: "<p>Here it is &amp; was.</p>\n",
		ID: "1@school.example", Date: time.Date(2026, 10, 14, 15, 20, 0, 0, time.UTC),
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
		Tag:     "notice", Variables: map[string]string{"mail": "01a2"},
	}
}

func send(way Way, m mail.Message) error {
	_, err := way.Provider.Deliver(context.Background(), m)
	return err
}

func deliver(t *testing.T, way Way, m mail.Message) {
	t.Helper()
	if err := send(way, m); err != nil {
		t.Fatalf("sending: %v", err)
	}
}

func only(t *testing.T, way Way) Mail {
	t.Helper()
	all := way.Delivered(t)
	if len(all) != 1 {
		t.Fatalf("%d mails arrived, want one", len(all))
	}
	return all[0]
}

func none(t *testing.T, way Way) {
	t.Helper()
	if all := way.Delivered(t); len(all) != 0 {
		t.Errorf("%d mails arrived, want none", len(all))
	}
}

func wantRefused(t *testing.T, err error, address bool) {
	t.Helper()
	var refused *notify.RefusedError
	if !errors.As(err, &refused) || refused.Address != address {
		t.Errorf("answered %v, want a refusal (of the address: %v)", err, address)
	}
	wantNoAddress(t, err)
}

func wantLater(t *testing.T, err error, after time.Duration) {
	t.Helper()
	var later *notify.LaterError
	if !errors.As(err, &later) || later.After != after {
		t.Errorf("answered %v, want that it surely was not taken, and to come again after %v", err, after)
	}
	wantNoAddress(t, err)
}

func wantUnknown(t *testing.T, err error) {
	t.Helper()
	var later *notify.LaterError
	var refused *notify.RefusedError
	if err == nil || errors.As(err, &later) || errors.As(err, &refused) {
		t.Errorf("answered %v, want that nobody knows", err)
	}
	wantNoAddress(t, err)
}

// wantNoAddress holds since errors end up in logs.
func wantNoAddress(t *testing.T, err error) {
	t.Helper()
	if err != nil && strings.Contains(err.Error(), "@") {
		t.Errorf("an error names an address: %v", err)
	}
}

// wantFate is of the sample, once Lag has passed.
func wantFate(t *testing.T, way Way, called time.Time, want notify.Fate) {
	t.Helper()
	if way.Provider.Lag() < 0 {
		want = notify.FateUnknowable
	} else {
		way.Settle()
	}
	fate, err := way.Provider.Ask(context.Background(), sample().ID, sample().To, called)
	if fate != want || err != nil {
		t.Errorf("asked, it answers %q, %v, want %q", fate, err, want)
	}
}

// lines leaves out the last line breaks, which mail may add.
func lines(s string) string { return strings.TrimRight(s, "\n") }
