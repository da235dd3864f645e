package notify_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/homeline/homeline/hub/notify"
)

func TestWhoeverMovesOftenWhileNobodyKnowsIsSentTwoCopiesAtTheMost(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.lag = -1
		d.send = func(context.Context, notify.Letter) error { return errCut }
		d.due()
		for i := range 4 {
			d.moves(1, fmt.Sprintf("new%d@example.org", i))
			time.Sleep(3 * time.Hour)
		}
		if s := d.status(); d.calls() != 2 || d.letters[1].To != "new0@example.org" || s[notify.Unknown] != 1 {
			t.Errorf("%d copies, the last to %s; mails are %v", d.calls(), d.letters[d.calls()-1].To, s)
		}
	})
}

// TestWhatMayBeOutIsNeverSaidNotToBe: the first call is cut, and then something
// ends the mail before or at the second.
func TestWhatMayBeOutIsNeverSaidNotToBe(t *testing.T) {
	for name, c := range map[string]struct {
		second error
		then   func(*desk, *talk)
		calls  int
	}{
		"it is read":                  {errCut, func(d *desk, k *talk) { d.reads(k, d.people[1], 1) }, 1},
		"there is no address now":     {errCut, func(d *desk, _ *talk) { d.moves(1, "") }, 1},
		"the second is refused":       {&notify.RefusedError{Err: errors.New("no")}, nil, 2},
		"the address is refused then": {&notify.RefusedError{Address: true, Err: errors.New("550")}, nil, 2},
		"the rest is never taken":     {&notify.LaterError{Err: errors.New("503")}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.lag = -1
				d.send = func(context.Context, notify.Letter) error {
					if d.calls() == 1 {
						return errCut
					}
					return c.second
				}
				k := d.due()
				if c.then != nil {
					c.then(d, k)
				}
				time.Sleep(30 * time.Hour)
				synctest.Wait()
				if s := d.status(); len(s) != 1 || s[notify.Unknown] != 1 || c.calls > 0 && d.calls() != c.calls {
					t.Errorf("%d calls, mails are %v", d.calls(), s)
				}
			})
		})
	}
}

func TestWhatIsReadBeforeASecondCopyIsRetriedMayStillBeOut(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.lag = -1
		d.send = func(context.Context, notify.Letter) error {
			if d.calls() == 1 {
				return errCut
			}
			return &notify.LaterError{Err: errors.New("503")}
		}
		k := d.due()
		for d.calls() < 2 {
			time.Sleep(time.Minute)
		}
		d.reads(k, d.people[1], 1)
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if s := d.status(); d.calls() != 2 || s[notify.Unknown] != 1 {
			t.Errorf("%d calls, mails are %v", d.calls(), s)
		}
	})
}

func TestAMailThatIsNeverTakenThoughNobodySaysSoIsGivenUpAfterADay(t *testing.T) {
	for _, lag := range []time.Duration{0, 30 * time.Minute} {
		t.Run(lag.String(), func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.lag = lag
				d.send = func(context.Context, notify.Letter) error { return errors.New("Mailgun answered 500") }
				d.ask = func() (notify.Fate, error) { return notify.FateNotTaken, nil }
				d.due()
				time.Sleep(22 * time.Hour)
				if n := d.calls(); n < 10 || d.status()[notify.Failed] != 0 {
					t.Errorf("within a day it was called %d times; mails are %v", n, d.status())
				}
				time.Sleep(6 * 24 * time.Hour)
				synctest.Wait()
				d.says("A mail was given up", 1)
				if s := d.status(); d.calls() > 40 || s[notify.Failed] != 1 {
					t.Errorf("%d calls, mails are %v", d.calls(), s)
				}
			})
		})
	}
}

func TestAProviderThatWantsADayOfRestIsTriedAgainWithinTheDay(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.send = func(context.Context, notify.Letter) error {
			if d.calls() == 1 {
				time.Sleep(time.Millisecond)
				return &notify.LaterError{After: 24 * time.Hour, Err: errors.New("429")}
			}
			return nil
		}
		d.due()
		time.Sleep(59 * time.Minute)
		if n := d.calls(); n != 1 {
			t.Errorf("it was called %d times in the hour", n)
		}
		time.Sleep(time.Hour)
		if s := d.status(); d.calls() != 2 || s[notify.Sent] != 1 {
			t.Errorf("%d calls, mails are %v", d.calls(), s)
		}
	})
}
