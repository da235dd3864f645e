package mail_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
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
		return outbox, func(t *testing.T) []mailtest.Mail { return mailtest.Read(t, os.DirFS(outbox.Dir())) }
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

func TestWhoReadsTheFolderNeverSeesHalfAMail(t *testing.T) {
	outbox := openOutbox(t)
	put(t, outbox, "whole", time.Now())
	entries, err := os.ReadDir(outbox.Dir())
	if err != nil || len(entries) != 1 || filepath.Ext(entries[0].Name()) != ".eml" {
		t.Errorf("the folder holds %v, %v", entries, err)
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
