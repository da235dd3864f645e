package notify

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"
)

// Options of a Worker. Store, Letters, Mailer and Log are required.
type Options struct {
	Store   Store
	Letters Letters
	Mailer  Mailer
	// Now is the clock that all nodes go by; default time.Now.
	Now func() time.Time
	// Lease is for how long a mail is a worker's; the provider is called within
	// seven eighths of it. Default 2 min.
	Lease time.Duration
	// FirstRetry is after how long a mail that was not taken is tried again, and
	// then doubles; default 1 min.
	FirstRetry time.Duration
	// Concurrency is how many mails may be under way at once; default 8.
	Concurrency int
	// Rest is how long it rests at most while nothing is known to be due, so that
	// what other nodes bring is found in time; default 30 s.
	Rest time.Duration
	// StopWithin is how long what is under way may take after a stop, before it is
	// broken off; default 10 s.
	StopWithin time.Duration
	// Keep is how long finished mails are remembered; default 90 days.
	Keep time.Duration
	Log  *slog.Logger
}

// How often the worker looks and how long it works on something.
const (
	shortestLook = time.Second            // between looks that were poked for or found nothing to take
	nextLook     = 100 * time.Millisecond // where others hold what was found, and more is due
	longestCall  = 30 * time.Second       // of the provider
	storeBound   = 30 * time.Second       // of one question to the store
	lastWord     = 5 * time.Second        // to settle what was broken off
	sweepEvery   = 10 * time.Minute
)

// Worker mails those who stay unread. A node runs one.
type Worker struct {
	Options
	poked    chan struct{}
	finished chan struct{} // a mail that was under way
	counters counters
	provider health // of the mailer
	store    trouble

	// Of Run alone.
	free   int       // mails that may still be taken
	looked time.Time // when it looked last
	hungry bool      // more is due than there was room for
	swept  time.Time
	fails  int // looks in a row that failed
}

// New is a worker that does nothing until it is Run.
func New(o Options) *Worker {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Lease <= 0 {
		o.Lease = 2 * time.Minute
	}
	if o.FirstRetry <= 0 {
		o.FirstRetry = time.Minute
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.Rest <= 0 {
		o.Rest = 30 * time.Second
	}
	if o.StopWithin <= 0 {
		o.StopWithin = 10 * time.Second
	}
	if o.Keep <= 0 {
		o.Keep = 90 * 24 * time.Hour
	}
	w := &Worker{
		Options: o, free: o.Concurrency,
		poked: make(chan struct{}, 1), finished: make(chan struct{}, o.Concurrency),
	}
	w.provider = health{log: o.Log, bearable: o.Concurrency}
	w.store = trouble{log: o.Log}
	return w
}

// Poke says that something may be due earlier than was known, as after a send.
// It costs nothing, and a thousand of them one look.
func (w *Worker) Poke() {
	select {
	case w.poked <- struct{}{}:
	default:
	}
}

// Run claims and mails until ctx is done. Then it lets what is under way finish,
// for no longer than StopWithin, breaks off the rest and settles it as far as the
// store answers; all of it has ended when Run returns.
func (w *Worker) Run(ctx context.Context) {
	under, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	defer breakOff()
	for ctx.Err() == nil {
		w.rest(ctx, w.look(ctx, under))
	}
	end := time.AfterFunc(w.StopWithin, breakOff)
	defer end.Stop()
	for w.free < w.Concurrency {
		<-w.finished
		w.free++
	}
}

// look takes what is due, if anything is, and says how long to rest.
func (w *Worker) look(ctx, under context.Context) time.Duration {
	w.looked = time.Now()
	w.hungry = false
	if pause := w.provider.pause(); pause > 0 {
		return min(pause, w.Rest)
	}
	rest, err := w.take(ctx, under)
	if ctx.Err() != nil {
		return 0
	}
	w.store.note(err)
	if err == nil {
		w.fails = 0
		return rest
	}
	w.fails++
	return backoff(w.fails, time.Second, max(time.Second, w.Rest))
}

// take claims as much as there is room for.
func (w *Worker) take(ctx, under context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, storeBound)
	defer cancel()
	next, err := w.Store.Next(ctx)
	if err != nil {
		return 0, err
	}
	now := w.Now()
	if next.IsZero() || next.After(now) {
		return w.until(next, now), w.sweep(ctx)
	}
	if w.free < w.enough() {
		w.hungry = true
		return w.Rest, nil
	}
	claimed, err := w.Store.Claim(ctx, now, w.room(), w.Lease, Judge)
	if err != nil {
		return 0, err
	}
	w.counters.claimed(claimed)
	for _, c := range claimed.Mails {
		w.free--
		go func() {
			w.deliver(under, c)
			w.counters.done()
			w.finished <- struct{}{}
		}()
	}
	switch {
	case len(claimed.Mails)+len(claimed.Spared) > 0:
		return 0, nil
	case claimed.More:
		return jitter(nextLook), nil
	}
	return jitter(shortestLook), nil // it is in another's hands
}

// enough is how many have to be free before more is claimed: some, so that not
// every mail is a claim of its own; all, and then one is claimed, while it is not
// known whether the provider works again.
func (w *Worker) enough() int {
	if w.provider.doubtful() {
		return w.Concurrency
	}
	return max(1, w.Concurrency/4)
}

func (w *Worker) room() int {
	if w.provider.doubtful() {
		return 1
	}
	return w.free
}

// sweep forgets old mails, now and then.
func (w *Worker) sweep(ctx context.Context) error {
	if !w.swept.IsZero() && time.Since(w.swept) < sweepEvery {
		return nil
	}
	if err := w.Store.SweepMails(ctx, w.Now().Add(-w.Keep)); err != nil {
		return err
	}
	w.swept = time.Now()
	return nil
}

// rest waits that long, or until it is poked, or until there is room for what is
// due.
func (w *Worker) rest(ctx context.Context, long time.Duration) {
	if long <= 0 {
		return
	}
	timer := time.NewTimer(long)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case <-w.finished:
			w.free++
			if w.hungry && w.free >= w.enough() {
				return
			}
		case <-w.poked:
			if early := shortestLook - time.Since(w.looked); early < long {
				timer.Reset(max(0, early))
				long = early
			}
		}
	}
}

// until is how long it is to next, or to the end of a rest.
func (w *Worker) until(next, now time.Time) time.Duration {
	long := jitter(w.Rest)
	if in := next.Sub(now); !next.IsZero() && in < long {
		return in
	}
	return long
}

// jitter is a little less than that, another for every node.
func jitter(long time.Duration) time.Duration {
	return long - time.Duration(rand.Int64N(int64(long)/4))
}

// backoff doubles from the first to the longest, jittered.
func backoff(tries int, first, longest time.Duration) time.Duration {
	return jitter(min(longest, first<<min(max(tries-1, 0), 20)))
}
