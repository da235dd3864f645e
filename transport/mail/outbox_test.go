package mail_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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

func TestTheOutboxIsAProvider(t *testing.T) {
	mailtest.Run(t, func(t *testing.T) mailtest.Way {
		outbox := openOutbox(t)
		return mailtest.Way{
			Provider:  outbox,
			Delivered: func(t *testing.T) []mailtest.Mail { return mailtest.Read(t, os.DirFS(outbox.Dir())) },
			Stop: func() {
				if err := os.RemoveAll(outbox.Dir()); err != nil {
					t.Error(err)
				}
			},
			Settle: func() {},
		}
	})
}

func put(t *testing.T, outbox *mail.Outbox, subject string, at time.Time) {
	t.Helper()
	m := mail.Message{From: "h@school.example", To: "a@school.example", Subject: subject, Text: subject, ID: subject + "@x", Date: at}
	if err := outbox.Send(context.Background(), m); err != nil {
		t.Error(err)
	}
}

func TestOnlyTheOwnerReadsTheOutbox(t *testing.T) {
	outbox := openOutbox(t)
	put(t, outbox, "secret", time.Now())
	files, err := filepath.Glob(filepath.Join(outbox.Dir(), "*.eml"))
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
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 20 {
			put(t, outbox, fmt.Sprintf("whole-%d", i), time.Now())
		}
	}()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		for _, m := range mailtest.Read(t, os.DirFS(outbox.Dir())) {
			if m.Subject == "" || !strings.HasPrefix(m.Text, m.Subject) {
				t.Fatalf("it read %+v", m)
			}
		}
	}
}

func TestAMessageIDIsInTheOutboxOnceHoweverManyDeliverIt(t *testing.T) {
	outbox := openOutbox(t)
	names := make([]string, 8)
	var group sync.WaitGroup
	for i := range names {
		group.Go(func() {
			other, err := mail.OpenOutbox(outbox.Dir())
			if err != nil {
				t.Error(err)
				return
			}
			m := mail.Message{
				From: "h@school.example", To: "a@school.example", Subject: "x", Text: "x", ID: "1@school.example",
				Date: time.Date(2026, 10, 14, 15, 20, i, 0, time.UTC),
			}
			if names[i], err = other.Deliver(context.Background(), m); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if mails := mailtest.Read(t, os.DirFS(outbox.Dir())); len(mails) != 1 {
		t.Errorf("%d mails are there", len(mails))
	}
	if slices.Sort(names); names[0] == "" || names[0] != names[len(names)-1] {
		t.Errorf("their names are %v", names)
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
