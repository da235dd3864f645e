package notify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/memory"
)

// post is a mailer that does as it is told.
type post struct {
	send func(ctx context.Context, l notify.Letter) error
	ask  func() (notify.Fate, error)
	lag  time.Duration

	mu      sync.Mutex
	letters []notify.Letter // that it was called with
}

func (p *post) Send(ctx context.Context, l notify.Letter) (string, error) {
	p.mu.Lock()
	p.letters = append(p.letters, l)
	p.mu.Unlock()
	if p.send == nil {
		return "a name", nil
	}
	return "a name", p.send(ctx, l)
}

func (p *post) Ask(context.Context, uuid.UUID, string, time.Time) (notify.Fate, error) {
	if p.ask == nil {
		return notify.FateUnknowable, nil
	}
	return p.ask()
}

func (p *post) Lag() time.Duration { return p.lag }

// calls is how often it was called.
func (p *post) calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.letters)
}

// desk is a world with one worker.
type desk struct {
	*world
	*post
	worker *notify.Worker
	log    *bytes.Buffer
	stop   func() // and waits until it has
}

// atDesk runs a test in virtual time, in a world of three people and a worker.
func atDesk(t *testing.T, test func(*desk), change ...func(*notify.Options)) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{world: newWorld(t, 1, make([]identity.Preferences, 3)...), post: &post{}, log: &bytes.Buffer{}}
		o := notify.Options{
			Store: d.world, Letters: d.world, Mailer: d.post, Now: d.now, Log: slog.New(slog.NewTextHandler(d.log, nil)),
		}
		for _, one := range change {
			one(&o)
		}
		d.worker = notify.New(o)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			d.worker.Run(ctx)
		}()
		d.stop = func() {
			stop()
			<-ended
		}
		test(d)
		d.stop()
	})
}

// due starts a conversation and waits until its mail was tried.
func (d *desk) due() *talk {
	k := d.start(d.people[0], d.people[1])
	time.Sleep(15*time.Minute + 10*time.Second)
	synctest.Wait()
	return k
}

// status counts the mails.
func (d *desk) status() map[notify.State]int {
	s, err := d.Status(context.Background(), d.now())
	must(d.t, err)
	return s.Mails
}

// all are the mails of the letters that the mailer was called with.
func (d *desk) all() (list []notify.Mail) {
	for _, l := range d.letters {
		m, err := d.MailOf(context.Background(), l.Mail)
		must(d.t, err)
		list = append(list, m)
	}
	return list
}

// says fails the test where the log does not have that so many times.
func (d *desk) says(words string, n int) {
	d.t.Helper()
	synctest.Wait()
	if got := strings.Count(d.log.String(), words); got != n {
		d.t.Errorf("the log says %q %d times:\n%s", words, got, d.log)
	}
}

func TestAMailIsSentWhenItIsDue(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.start(d.people[0], d.people[1])
		time.Sleep(15*time.Minute - time.Microsecond)
		synctest.Wait()
		if n := d.calls(); n != 0 {
			t.Fatalf("%d mails are early", n)
		}
		time.Sleep(time.Microsecond)
		synctest.Wait()
		if n := d.calls(); n != 1 {
			t.Fatalf("%d mails are sent", n)
		}
		if m := d.all()[0]; m.State != notify.Sent || m.Provider != "a name" || m.Attempts != 1 {
			t.Errorf("the mail is %+v", m)
		}
		if s := d.worker.Stats(); s.Sent != 1 || s.Claimed != 1 || s.UnderWay != 0 || s.Calls.Count != 1 || s.Calls.Buckets[0].Count != 1 {
			t.Errorf("stats are %+v", s)
		}
	})
}

func TestAnIdleWorkerRestsAndAThousandPokesAreOneLook(t *testing.T) {
	atDesk(t, func(d *desk) {
		var looks atomic.Int64
		d.Break(func(method string) memory.Fault {
			if method == "Next" {
				looks.Add(1)
			}
			return memory.Fault{}
		})
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := looks.Swap(0); n < 120 || n > 160 {
			t.Errorf("in an idle hour it looked %d times", n)
		}
		for range 10_000 {
			d.worker.Poke()
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		if n := looks.Load(); n < 5 || n > 11 {
			t.Errorf("poked for ten seconds it looked %d times", n)
		}
	})
}

func TestAPokeWakesAWorkerThatRestsLong(t *testing.T) {
	atDesk(t, func(d *desk) {
		synctest.Wait()
		d.start(d.people[0], d.people[1])
		d.worker.Poke()
		time.Sleep(15*time.Minute + time.Second)
		synctest.Wait()
		if s := d.worker.Stats(); s.Sent != 1 {
			t.Errorf("it did %+v", s)
		}
	}, func(o *notify.Options) { o.Rest = 99 * time.Hour })
}

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

// crowd are conversations of the first with many others, all at once.
func (d *desk) crowd(n int) {
	var put roster.Changes
	for i := range n {
		put.PutPeople = append(put.PutPeople, roster.SnapshotPerson{SourcedID: fmt.Sprint("c", i), Email: fmt.Sprintf("c%d@example.org", i)})
	}
	district, err := d.District(context.Background(), d.district)
	must(d.t, err)
	put.Base = district.RosterVersion
	_, err = d.Apply(context.Background(), d.district, put, d.now())
	must(d.t, err)
	with := []*reader{d.people[0]}
	for i := range n {
		p, err := d.PersonBySourcedID(context.Background(), d.district, fmt.Sprint("c", i))
		must(d.t, err)
		with = append(with, &reader{id: p.ID, read: map[mark]time.Time{}})
	}
	d.start(with...)
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

func TestAMailThatIsNeverTakenIsGivenUpAfterADay(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.send = func(context.Context, notify.Letter) error { return &notify.LaterError{Err: errors.New("try again")} }
		d.due()
		time.Sleep(22 * time.Hour)
		if s := d.status(); s[notify.Waiting] != 1 {
			t.Errorf("before a day it is %v", s)
		}
		time.Sleep(48 * time.Hour)
		d.says("A mail was given up", 1)
		if s := d.status(); s[notify.Failed] != 1 || d.calls() < 20 || d.calls() > 40 {
			t.Errorf("after it is %v, after %d calls", s, d.calls())
		}
	})
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
		district, err := d.District(context.Background(), d.district)
		must(t, err)
		_, err = d.Apply(context.Background(), d.district, roster.Changes{
			Base: district.RosterVersion, PutPeople: []roster.SnapshotPerson{{SourcedID: "1", Email: "new@example.org"}},
		}, d.now())
		must(t, err)
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

func TestAStoppedWorkerFinishesWhatIsUnderWay(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.send = func(context.Context, notify.Letter) error {
			time.Sleep(9 * time.Second)
			return nil
		}
		d.start(d.people[0], d.people[1])
		time.Sleep(15*time.Minute + time.Second)
		d.stop()
		if s := d.status(); s[notify.Sent] != 1 {
			t.Errorf("it is %v", s)
		}
	})
}

func TestAStoppedWorkerBreaksOffWhatTakesTooLongAndSaysThatNobodyKnows(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.send = func(ctx context.Context, _ notify.Letter) error {
			<-ctx.Done()
			return ctx.Err()
		}
		d.start(d.people[0], d.people[1])
		time.Sleep(15*time.Minute + time.Second)
		start := time.Now()
		d.stop()
		if s := d.status(); s[notify.Calling] != 1 || time.Since(start) != 10*time.Second {
			t.Errorf("it is %v after %v", s, time.Since(start))
		}
		if m := d.all()[0]; m.Detail == "" {
			t.Error("it was not settled")
		}
	})
}

func TestAStoppedWorkerDoesNotWaitForAStoreThatIsAway(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.Break(func(method string) memory.Fault {
			return memory.Fault{Refuse: method == "Settle"}
		})
		d.due()
		start := time.Now()
		d.stop()
		if time.Since(start) > 16*time.Second {
			t.Errorf("it took %v", time.Since(start))
		}
		d.Break(nil)
	})
}

func TestNoMoreMailsAreUnderWayThanMayBe(t *testing.T) {
	atDesk(t, func(d *desk) {
		var mu sync.Mutex
		now, most := 0, 0
		d.send = func(context.Context, notify.Letter) error {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			return nil
		}
		d.crowd(80)
		time.Sleep(16 * time.Minute)
		synctest.Wait()
		if s := d.status(); s[notify.Sent] != 80 || most != 8 {
			t.Errorf("mails are %v, at most %d at once", s, most)
		}
	})
}

func TestARetryKeepsQuietHours(t *testing.T) {
	atDesk(t, func(d *desk) {
		p := d.people[1]
		p.Preferences = identity.Preferences{TimeZone: "UTC", Quiet: &roster.Quiet{From: "00:20", Until: "07:00"}}
		must(t, d.SavePreferences(context.Background(), d.district, p.id, p.Preferences))
		var called []time.Time
		d.send = func(context.Context, notify.Letter) error {
			if called = append(called, d.now()); len(called) == 1 {
				return &notify.LaterError{After: 10 * time.Minute, Err: errors.New("429")}
			}
			return nil
		}
		d.due() // at 00:15
		time.Sleep(12 * time.Hour)
		synctest.Wait()
		if len(called) != 2 || called[1].Format("15:04:05") != "07:00:00" {
			t.Errorf("called was at %v", called)
		}
	})
}

func TestOldMailsAreForgotten(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.due()
		time.Sleep(23 * time.Hour)
		if n := d.status()[notify.Sent]; n != 1 {
			t.Errorf("%d are remembered", n)
		}
		time.Sleep(2 * time.Hour)
		if n := d.status()[notify.Sent]; n != 0 {
			t.Errorf("%d are remembered", n)
		}
	}, func(o *notify.Options) { o.Keep = 24 * time.Hour })
}
