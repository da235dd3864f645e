package notify_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/store/memory"
)

func TestWhileTheStoreIsAwayTheWorkerWaitsAndSaysSoOnce(t *testing.T) {
	atDesk(t, func(d *desk) {
		var tries atomic.Int64
		d.start(d.people[0], d.people[1])
		d.Break(func(string) memory.Fault { tries.Add(1); return memory.Fault{Refuse: true} })
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := tries.Load(); n > 180 {
			t.Errorf("in an hour it tried %d times", n)
		}
		d.Break(nil)
		time.Sleep(time.Minute)
		d.says("Mails cannot be claimed", 1)
		d.says("Mails can be claimed", 1)
		if n := d.calls(); n != 1 {
			t.Errorf("%d mails are sent", n)
		}
	})
}

func TestAProviderThatIsAwayIsTriedLessAndLessUntilItIsBack(t *testing.T) {
	atDesk(t, func(d *desk) {
		var back atomic.Bool
		d.send = func(context.Context, notify.Letter) error {
			if !back.Load() {
				return &notify.LaterError{Err: errors.New("connection refused")}
			}
			return nil
		}
		d.crowd(100)
		time.Sleep(15*time.Minute + time.Hour)
		synctest.Wait()
		if n := d.calls(); n < 60 || n > 120 {
			t.Errorf("in an hour it was called %d times", n)
		}
		if !d.worker.Stats().ProviderAway {
			t.Error("nothing is said of it")
		}
		back.Store(true)
		time.Sleep(2 * time.Hour)
		d.says("takes no mails", 1)
		d.says("takes mails again", 1)
		if s := d.status(); s[notify.Sent] != 100 || d.worker.Stats().ProviderAway {
			t.Errorf("mails are %v", s)
		}
	})
}

func TestAProviderThatIsAwayIsSaidSoWhereOneMailIsDue(t *testing.T) {
	atDesk(t, func(d *desk) {
		var back atomic.Bool
		d.send = func(context.Context, notify.Letter) error {
			if !back.Load() {
				return &notify.LaterError{Err: errors.New("connection refused")}
			}
			return nil
		}
		d.due()
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		if d.worker.Stats().ProviderAway {
			t.Errorf("it is away after %d calls at once", d.calls())
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if !d.worker.Stats().ProviderAway {
			t.Errorf("nothing is said of it after %d calls", d.calls())
		}
		d.says("takes no mails", 1)
		back.Store(true)
		time.Sleep(time.Hour)
		synctest.Wait()
		if d.worker.Stats().ProviderAway {
			t.Error("it is still away")
		}
		d.says("takes mails again", 1)
	})
}

func TestAProviderIsNotCalledBeforeItSaidSo(t *testing.T) {
	atDesk(t, func(d *desk) {
		var called []time.Time
		d.send = func(context.Context, notify.Letter) error {
			if called = append(called, d.now()); len(called) == 1 {
				return &notify.LaterError{After: 10 * time.Minute, Err: errors.New("429")}
			}
			return nil
		}
		d.due()
		d.start(d.people[0], d.people[2])
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(called) < 2 || called[1].Sub(called[0]) < 10*time.Minute || d.status()[notify.Sent] != 2 {
			t.Errorf("called was at %v; %v", called, d.status())
		}
	})
}

// A mailbox that takes none now is tried each hour, a provider that takes none at
// all more often: what waits for it is to leave soon after it is back.
func TestAMailThatIsNeverTakenIsGivenUpAfterADay(t *testing.T) {
	for _, c := range []struct {
		says            string
		mailbox         bool
		atLeast, atMost int
	}{{"by its mailbox", true, 20, 40}, {"by the provider", false, 120, 200}} {
		t.Run(c.says, func(t *testing.T) {
			atDesk(t, func(d *desk) {
				d.send = func(context.Context, notify.Letter) error {
					return &notify.LaterError{Recipient: c.mailbox, Err: errors.New("try again")}
				}
				d.due()
				time.Sleep(22 * time.Hour)
				if s := d.status(); s[notify.Waiting] != 1 {
					t.Errorf("before a day it is %v", s)
				}
				time.Sleep(48 * time.Hour)
				d.says("A mail was given up", 1)
				if s := d.status(); s[notify.Failed] != 1 || d.calls() < c.atLeast || d.calls() > c.atMost {
					t.Errorf("after it is %v, after %d calls", s, d.calls())
				}
			})
		})
	}
}

func TestWhatWasReadBeforeARetryIsNotSent(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.send = func(context.Context, notify.Letter) error { return &notify.LaterError{Err: errors.New("try again")} }
		k := d.due()
		d.reads(k, d.people[1], 1)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if s := d.worker.Stats(); d.calls() != 1 || s.Cancelled[notify.WhyRead] != 1 || d.status()[notify.Cancelled] != 1 {
			t.Errorf("%d calls, %+v", d.calls(), s)
		}
	})
}

func TestATimeOutIsAskedAboutAfterTheLag(t *testing.T) {
	for fate, want := range map[notify.Fate]int{notify.FateTaken: 1, notify.FateNotTaken: 2} {
		t.Run(string(fate), func(t *testing.T) {
			atDesk(t, func(d *desk) {
				var asked []time.Time
				d.lag = 30 * time.Minute
				d.ask = func() (notify.Fate, error) {
					asked = append(asked, d.now())
					return fate, nil
				}
				d.send = func(ctx context.Context, _ notify.Letter) error {
					if d.calls() > 1 {
						return nil
					}
					<-ctx.Done()
					return ctx.Err()
				}
				d.due()
				called := d.all()[0].CalledAt
				time.Sleep(time.Hour)
				synctest.Wait()
				if d.calls() != want || d.status()[notify.Sent] != 1 || len(asked) != 1 || asked[0].Sub(called) < 30*time.Minute {
					t.Errorf("%d calls, asked at %v (called at %v), %v", d.calls(), asked, called, d.status())
				}
				if d.letters[0].Mail != d.letters[len(d.letters)-1].Mail {
					t.Error("the second is another mail")
				}
			})
		})
	}
}

func TestAQuestionThatIsNotAnsweredIsAskedLessAndLess(t *testing.T) {
	atDesk(t, func(d *desk) {
		var asked atomic.Int64
		d.ask = func() (notify.Fate, error) {
			asked.Add(1)
			return "", errors.New("503")
		}
		d.send = func(context.Context, notify.Letter) error { return errCut }
		d.due()
		time.Sleep(71 * time.Hour)
		synctest.Wait()
		if n, s := asked.Load(), d.status(); d.calls() != 1 || n < 60 || n > 120 || s[notify.Calling] != 1 {
			t.Errorf("%d calls, asked was %d times, %v", d.calls(), n, s)
		}
		time.Sleep(4 * time.Hour)
		d.says("Nobody knows", 1)
		if s := d.status(); s[notify.Unknown] != 1 {
			t.Errorf("after three days it is %v", s)
		}
	})
}

func TestWhatNobodyCanKnowIsSentOnceMore(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.lag = -1
		d.send = func(context.Context, notify.Letter) error { return errCut }
		d.due()
		time.Sleep(12 * time.Hour)
		d.says("Nobody knows", 1)
		if s := d.status(); d.calls() != 2 || s[notify.Unknown] != 1 {
			t.Errorf("%d calls, %v", d.calls(), s)
		}
	})
}

func TestWhoMovesWhileAMailIsInDoubtIsMailedAtTheNewAddress(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.lag = -1
		d.send = func(context.Context, notify.Letter) error {
			if d.calls() == 1 {
				return errCut
			}
			return nil
		}
		d.due()
		d.moves(1, "new@example.org")
		time.Sleep(time.Hour)
		synctest.Wait()
		if d.calls() != 2 || d.letters[1].To != "new@example.org" || d.letters[0].To != "p1@example.org" {
			t.Errorf("mailed were %+v", d.letters)
		}
	})
}

func TestAnAddressThatIsRefusedIsMarked(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.send = func(context.Context, notify.Letter) error {
			return &notify.RefusedError{Address: true, Err: errors.New("550 no such mailbox p1@example.org")}
		}
		d.due()
		d.due()
		got, err := d.Addresses(context.Background(), d.district, []uuid.UUID{d.people[1].id})
		must(t, err)
		if len(got) != 1 || got[0].State != notify.AddressBounced || d.calls() != 1 || d.worker.Stats().Spared[notify.WhyAddress] != 1 {
			t.Errorf("the address is %+v, %d calls, %+v", got, d.calls(), d.worker.Stats())
		}
	})
}

func TestNoAddressIsLoggedOrKept(t *testing.T) {
	atDesk(t, func(d *desk) {
		fails := []error{
			&notify.LaterError{Err: errors.New("451 <P1@example.org>: greylisted")}, errors.New("read: p1@example.org: reset"),
			&notify.RefusedError{Err: errors.New("rejected p1@example.org; see https://example.com")},
		}
		d.ask = func() (notify.Fate, error) { return notify.FateNotTaken, nil }
		d.send = func(context.Context, notify.Letter) error { return fails[min(d.calls(), len(fails))-1] }
		d.due()
		for range 10 {
			if m := d.all()[0]; m.Detail == "" || strings.Contains(strings.ToLower(m.Detail), "p1@") {
				t.Errorf("kept is %q", m.Detail)
			}
			time.Sleep(10 * time.Minute)
			synctest.Wait()
		}
		d.says("A mail was given up", 1)
		if text := strings.ToLower(d.log.String()); strings.Contains(text, "p1@") || strings.Contains(text, "person 1") {
			t.Errorf("the log says\n%s", text)
		}
	})
}

func TestAMailThatCannotBeWrittenKillsNobody(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.lag = -1
		var mended atomic.Bool
		d.send = func(context.Context, notify.Letter) error {
			if mended.Load() {
				return nil
			}
			panic("p1@example.org")
		}
		d.due()
		d.says("could not be written", 1)
		if strings.Contains(d.log.String(), "p1@") {
			t.Error("the log has what was in it")
		}
		mended.Store(true)
		d.start(d.people[0], d.people[2])
		time.Sleep(time.Hour)
		synctest.Wait()
		if s := d.status(); s[notify.Sent] != 2 {
			t.Errorf("mails are %v", s)
		}
	})
}
