package mailtest_test

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
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
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	notices, err := mail.NewNotices(mail.NoticeOptions{
		Provider: arrivals, From: "homeline@post.example", PublicURL: &url.URL{Scheme: "https", Host: "letters.example"},
		Secret: make([]byte, 32), Words: catalogue,
	})
	if err != nil {
		t.Fatal(err)
	}
	worker := notify.New(notify.Options{
		Store: s.Store, Letters: s.Store, Log: slog.New(slog.DiscardHandler),
		Mailer: notices,
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
	for _, m := range mailtest.Read(t, os.DirFS(dir)) {
		to[m.To] = true
		for _, want := range []string{"1 new message from Ana Ruiz", "High School", "https://letters.example/conversations/" + conversation.String()} {
			if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
				t.Errorf("%q is not in both of\n%s\n%s", want, m.Text, m.HTML)
			}
		}
		said := link.ReplaceAllString(m.Subject+m.Text+m.HTML, "") // links hold letters at random
		for _, secret := range []string{"Leo", "Broken", "climbing", "Algebra"} {
			if strings.Contains(said, secret) {
				t.Errorf("%q is in\n%s", secret, said)
			}
		}
		if !strings.HasPrefix(m.Subject, "Conversation with Ana Ruiz, High School") {
			t.Errorf("the subject is %q", m.Subject)
		}
	}
	if len(to) != 2 || !to["rosa@example.org"] || !to["leo@example.org"] {
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
