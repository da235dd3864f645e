package notify_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/homeline/homeline/hub/notify"
)

// sentTo says when somebody's first mail was given to the mailer.
func (d *desk) sentTo(address string) (at time.Time) {
	d.post.mu.Lock()
	defer d.post.mu.Unlock()
	if i := slices.IndexFunc(d.letters, func(l notify.Letter) bool { return l.To == address }); i >= 0 {
		at = d.letters[i].Now
	}
	return at
}

// TestWhatFailsForOneSlowsNobodyElse holds a mail to its time while forty others
// fail again and again, always ahead of it.
func TestWhatFailsForOneSlowsNobodyElse(t *testing.T) {
	for name, c := range map[string]struct {
		send, ask error
	}{
		"addresses are busy":       {send: &notify.LaterError{Recipient: true, Err: errors.New("450 4.2.1 mailbox busy")}},
		"one is to wait":           {send: &notify.LaterError{Recipient: true, After: time.Hour, Err: errors.New("450")}},
		"questions are unanswered": {send: errCut, ask: errors.New("401: the key reads no events")},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.ask = func() (notify.Fate, error) { return "", c.ask }
				d.send = func(_ context.Context, l notify.Letter) error {
					time.Sleep(100 * time.Millisecond)
					if strings.HasPrefix(l.To, "c") {
						return c.send
					}
					return nil
				}
				d.crowd(40)
				time.Sleep(2 * time.Hour)
				due := d.now().Add(15 * time.Minute)
				d.start(d.people[0], d.people[1])
				time.Sleep(time.Hour)
				synctest.Wait()
				if at := d.sentTo("p1@example.org"); at.IsZero() || at.Sub(due) > time.Minute {
					t.Errorf("due at %v it was sent at %v", due, at)
				}
			})
		})
	}
}
