package mail_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/schooltest"
)

// A school on the real parts, a quarter of an hour after a teacher wrote: what
// the worker reads from the store becomes a mail to each of the family.
func TestWhoStaysUnreadFindsAMailThatNamesTheTeacherAndTheSchool(t *testing.T) {
	s := schooltest.Open(t, 0)
	conversation := s.Start(t, "Broken wrist", "He fell off the climbing frame.")
	dir := filepath.Join(t.TempDir(), "outbox")
	outbox, err := mail.OpenOutbox(dir)
	if err != nil {
		t.Fatal(err)
	}
	arrivals := arrivals{Outbox: outbox, arrived: make(chan struct{}, 10)}
	worker := notify.New(notify.Options{
		Store: s.Store, Letters: s.Store, Log: slog.New(slog.DiscardHandler),
		Mailer: notices(t, func(o *mail.NoticeOptions) { o.Provider = arrivals }),
		Now:    func() time.Time { return time.Now().Add(16 * time.Minute) },
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		worker.Run(ctx)
	}()
	for range 2 {
		select {
		case <-arrivals.arrived:
		case <-time.After(time.Minute):
			t.Fatal("no mail arrives")
		}
	}
	cancel()
	<-done
	to, link := map[string]bool{}, regexp.MustCompile(`https://[^\s"]+`)
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a := read(t, raw)
		to[a.Get("To")] = true
		a.says(t, "1 new message from Ana Ruiz", "High School", "https://letters.example/conversations/"+conversation.String())
		a.saysNowhere(t, "Broken", "climbing", "Algebra")
		// Links hold letters at random, and the mail to Leo his address.
		if said := link.ReplaceAllString(a.subject+a.text+a.html, ""); strings.Contains(said, "Leo") {
			t.Errorf("the child is named in\n%s", said)
		}
		if !strings.HasPrefix(a.subject, "Conversation with Ana Ruiz, High School") {
			t.Errorf("the subject is %q", a.subject)
		}
	}
	if len(files) != 2 || !to["<rosa@example.org>"] || !to["<leo@example.org>"] {
		t.Errorf("mails arrived for %v", to)
	}
}

// arrivals tells of each mail that the outbox has taken.
type arrivals struct {
	*mail.Outbox
	arrived chan struct{}
}

func (a arrivals) Deliver(ctx context.Context, m mail.Message) (string, error) {
	name, err := a.Outbox.Deliver(ctx, m)
	a.arrived <- struct{}{}
	return name, err
}
