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

// status counts all mails, however long ago they were made.
func (d *desk) status() map[notify.State]int {
	s, err := d.Status(context.Background(), time.Time{})
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
