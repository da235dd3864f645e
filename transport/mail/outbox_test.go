package mail_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

func openOutbox(t *testing.T) *mail.Outbox {
	t.Helper()
	outbox, err := mail.OpenOutbox(filepath.Join(t.TempDir(), "outbox"))
	if err != nil {
		t.Fatal(err)
	}
	return outbox
}

func TestTheOutboxIsASender(t *testing.T) {
	mailtest.Run(t, func(t *testing.T) (mail.Sender, mailtest.Delivered) {
		outbox := openOutbox(t)
		return outbox, func(t *testing.T) []mail.Kept {
			kept, err := outbox.Newest(100)
			if err != nil {
				t.Fatal(err)
			}
			slices.Reverse(kept)
			return kept
		}
	})
}

func put(t *testing.T, outbox *mail.Outbox, subject string, at time.Time) {
	t.Helper()
	m := mail.Message{From: "h@school.example", To: "a@school.example", Subject: subject, Text: subject, ID: subject + "@x", Date: at}
	if err := outbox.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyTheOwnerReadsTheOutbox(t *testing.T) {
	outbox := openOutbox(t)
	put(t, outbox, "secret", time.Now())
	files, err := filepath.Glob(filepath.Join(outbox.Dir(), "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	for path, want := range map[string]os.FileMode{outbox.Dir(): 0o700, files[0]: 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestTheOutboxShowsTheNewestFirstAndNoMoreThanAsked(t *testing.T) {
	outbox := openOutbox(t)
	at := time.Date(2026, 10, 14, 15, 20, 0, 0, time.UTC)
	for i, subject := range []string{"one", "two", "three"} {
		put(t, outbox, subject, at.Add(time.Duration(i)*time.Microsecond))
	}
	kept, err := outbox.Newest(2)
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) != 2 || kept[0].Subject != "three" || kept[1].Subject != "two" {
		t.Errorf("shows %+v", kept)
	}
}

func TestTheOutboxReadsNoOtherFile(t *testing.T) {
	outbox := openOutbox(t)
	outside := filepath.Join(filepath.Dir(outbox.Dir()), "passwords.eml")
	if err := os.WriteFile(outside, []byte("Subject: x\r\n\r\nx"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../passwords.eml", outside, "", ".", "..", "nothing.eml", ".hidden.eml", "notes.txt"} {
		if _, err := outbox.Read(name); !errors.Is(err, mail.ErrNoMail) {
			t.Errorf("reading %q: %v", name, err)
		}
	}
}

func TestAMailThatCannotBeWrittenLeavesNothingBehind(t *testing.T) {
	outbox := openOutbox(t)
	if err := os.RemoveAll(outbox.Dir()); err != nil {
		t.Fatal(err)
	}
	err := outbox.Send(context.Background(), mail.Message{From: "h@x.example", To: "a@x.example", Text: "x", ID: "1@x", Date: time.Now()})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("answered %v", err)
	}
}
