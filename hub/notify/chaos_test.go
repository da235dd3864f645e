package notify_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/homeline/homeline/hub/clock"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

// chaos is some days in which everything fails at times.
type chaos struct {
	lag    time.Duration // of the provider's record
	faults float64
	deaths float64
	// broken breaks one thing, so that the run has something to find.
	broken func(*process)
	clocks func(*world) []func() time.Time // of the nodes; nil: all are right
	sleeps bool                            // the machines sleep for nine hours, twice
	days   int                             // 0: a week
}

const trail = 30 * time.Minute // of a provider's record

// run is what became of the days of a seed.
func (c chaos) run(t *testing.T, seed uint64) (a audit, did notify.Stats, nodes []*node) {
	synctest.Test(t, func(t *testing.T) {
		prefer := append(everywhere(), make([]identity.Preferences, 12)...)
		w := newWorld(t, seed, prefer...)
		p := newProvider(w, c.lag, c.faults)
		if c.broken == nil {
			p.fill("p12@example.org")
		}
		clocks := []func() time.Time{w.now, w.now, w.now}
		if c.clocks != nil {
			clocks = c.clocks(w)
		}
		for i, now := range clocks {
			n := newNode(w, uint64(i), p, c.deaths)
			n.now, n.broken = now, c.broken
			nodes = append(nodes, n)
		}
		together(w, func() {
			if c.sleeps {
				go func() {
					for range 2 {
						time.Sleep(37 * time.Hour)
						w.asleep.Add(int64(9 * time.Hour))
					}
				}()
			}
			go w.changes(p)
			w.live(w.now().AddDate(0, 0, cmp.Or(c.days, 7)), 30, 4*time.Hour, 3*time.Hour)
		}, nodes...)
		a, did = w.audit(p), total(nodes...)
		t.Logf("seed %d: %+v; did %+v", seed, a, did)
	})
	return a, did, nodes
}

// changes are of people meanwhile: one moves again and again, one wants no mail
// any more, and one whose mailbox is full gets another while mails wait for it;
// the old one takes mails again then.
func (w *world) changes(p *provider) {
	for i := range 5 {
		time.Sleep(11 * time.Hour)
		w.moves(10, fmt.Sprintf("moved%d@example.org", i))
	}
	w.wantsNone(11)
	w.moves(12, "empty@example.org")
	p.fill("")
}

const inVain = 3 // more seeds where too little happened, before that is an error

// holds is a chaos that does no harm, whatever the seed.
func (c chaos) holds(t *testing.T, seeds uint64) {
	var all happened
	for seed := uint64(0); seed < seeds || all.tooLittle(c) != "" && seed < seeds+inVain; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			a, did, nodes := c.run(t, seed)
			if a.wrong() != 0 {
				t.Errorf("wrong: %+v", a)
			}
			all.add(a, did, nodes)
		})
	}
	if what := all.tooLittle(c); what != "" {
		t.Errorf("too little happened: %s", what)
	}
}

// happened is what happened in runs together: one alone may have none of
// something by chance.
type happened struct {
	mails, spared, given int
	sent, read           int64
	asked                map[notify.Fate]int64
	killed               map[string]int
}

func (h *happened) add(a audit, did notify.Stats, nodes []*node) {
	if h.asked == nil {
		h.asked, h.killed = map[notify.Fate]int64{}, map[string]int{}
	}
	h.mails, h.spared, h.given = h.mails+a.mails, h.spared+a.spared, h.given+a.given
	h.sent, h.read = h.sent+did.Sent, h.read+did.Cancelled[notify.WhyRead]
	for fate, n := range did.Asked {
		h.asked[fate] += n
	}
	for _, one := range nodes {
		for step, n := range one.killed {
			h.killed[step] += n
		}
	}
}

// tooLittle says what did not happen of what a chaos is about.
func (h *happened) tooLittle(c chaos) string {
	switch {
	case h.mails < 100 || h.spared < 100 || h.sent == 0:
		return fmt.Sprintf("%d mails, %d spared", h.mails, h.spared)
	case c.faults > 0 && (h.read == 0 || h.given == 0):
		return fmt.Sprintf("%d mails were read before a retry, %d messages were in one that was given up", h.read, h.given)
	case c.faults > 0 && c.lag >= 0 && (h.asked[notify.FateTaken] == 0 || h.asked[notify.FateNotTaken] == 0):
		return fmt.Sprintf("asked was %v", h.asked)
	}
	for _, step := range killing {
		if h.killed[step] == 0 && c.deaths > 0 {
			return "nobody was killed " + step
		}
	}
	return ""
}

func TestWhoStaysUnreadIsMailedOnceWhateverFails(t *testing.T) {
	seeds := uint64(2)
	if raced {
		seeds = 1
	}
	chaos{lag: trail, faults: 0.2, deaths: 0.01}.holds(t, seeds)
}

func TestNobodyIsMailedTwiceWhileMachinesSleep(t *testing.T) {
	chaos{lag: trail, faults: 0.2, deaths: 0.01, sleeps: true}.holds(t, 1)
}

func TestNodesWhoseClocksDifferMailAsOne(t *testing.T) {
	chaos{lag: trail, faults: 0.2, deaths: 0.01, clocks: func(w *world) []func() time.Time {
		return []func() time.Time{w.now, w.following(10 * time.Minute), w.following(-10 * time.Minute)}
	}}.holds(t, 1)
}

// following is the clock of a machine that is so far ahead, and goes by the
// store's. It ends with the world.
func (w *world) following(ahead time.Duration) func() time.Time {
	machine := w.ahead(ahead)
	c, err := clock.Follow(w.t.Context(), func(context.Context) (time.Time, error) { return w.now(), nil }, machine, w.log)
	must(w.t, err)
	go c.Run(w.t.Context())
	return func() time.Time {
		if machine().Sub(c.Now()).Abs() < ahead.Abs()/2 {
			w.t.Error("the machine's clock was believed")
		}
		return c.Now()
	}
}

func (w *world) ahead(by time.Duration) func() time.Time {
	return func() time.Time { return w.now().Add(by) }
}

// TestOfAProviderThatCannotBeAskedTwoCopiesAreTheMost: what is doubled or missing
// there is what nobody can know.
func TestOfAProviderThatCannotBeAskedTwoCopiesAreTheMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 4, make([]identity.Preferences, 20)...)
		p := newProvider(w, -1, 0.2)
		n := newNode(w, 1, p, 0.01)
		together(w, func() { w.live(w.now().AddDate(0, 0, 7), 30, 4*time.Hour, 3*time.Hour) }, n)
		a := w.audit(p)
		if a.needless+a.missing+a.early != 0 || a.mails < 100 {
			t.Errorf("%+v", a)
		}
		copies := map[string]int{}
		for _, c := range p.taken {
			copies[c.Mail.String()]++
		}
		doubled := 0
		for mail, n := range copies {
			if n > 1 {
				doubled++
			}
			if n > 2 {
				t.Errorf("%d copies were taken of %s", n, mail)
			}
		}
		if doubled == 0 || total(n).Unknown == 0 {
			t.Errorf("nothing was in doubt: %d doubled, %+v", doubled, total(n))
		}
	})
}

// hasty takes a time-out for a failure.
type hasty struct{ notify.Mailer }

func (h hasty) Send(ctx context.Context, l notify.Letter) (string, error) {
	name, err := h.Mailer.Send(ctx, l)
	if err != nil && !errors.As(err, new(*notify.LaterError)) {
		err = &notify.LaterError{Err: err}
	}
	return name, err
}

// trusting believes the provider's record at once.
type trusting struct{ notify.Mailer }

func (trusting) Lag() time.Duration { return 0 }

// forgetful keeps nothing of what became of a call that nobody knows of.
type forgetful struct{ notify.Store }

func (f forgetful) Settle(ctx context.Context, l notify.Lease, s notify.Settlement) error {
	if s.State == notify.Calling {
		s.State = notify.Failed
	}
	return f.Store.Settle(ctx, l, s)
}

// TestARunFindsWhatIsBroken shows that the runs above can fail.
func TestARunFindsWhatIsBroken(t *testing.T) {
	for says, c := range map[string]struct {
		chaos
		found func(audit) int
	}{
		"a time-out is taken for a failure": {
			chaos{broken: func(p *process) { p.Mailer = hasty{p.Mailer} }}, func(a audit) int { return a.doubled },
		},
		"the provider's record is believed at once": {
			chaos{broken: func(p *process) { p.Mailer = trusting{p.Mailer} }}, func(a audit) int { return a.doubled },
		},
		"a mail in doubt is given up": {
			chaos{broken: func(p *process) { p.Store = forgetful{p.Store} }}, func(a audit) int { return a.given },
		},
		"what is unread is not asked again at the call": {
			chaos{broken: func(p *process) { p.believesAll = true }}, func(a audit) int { return a.needless },
		},
		"a clock that is ten minutes ahead is believed": {
			chaos{clocks: func(w *world) []func() time.Time { return []func() time.Time{w.now, w.ahead(10 * time.Minute)} }},
			func(a audit) int { return a.early },
		},
	} {
		t.Run(says, func(t *testing.T) {
			c.lag, c.faults, c.deaths, c.days = trail, 0.2, 0.01, 3
			for seed := range uint64(inVain) {
				if a, _, _ := c.run(t, 5+seed); c.found(a) > 0 {
					return
				}
			}
			t.Error("nothing was found")
		})
	}
}
