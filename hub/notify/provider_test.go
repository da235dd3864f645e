package notify_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

// provider takes mails, or fails in ways that providers do.
type provider struct {
	w       *world
	lag     time.Duration // of its own record; negative: there is none
	faults  float64       // how many calls in a hundred
	refuses bool
	full    string // an address whose mailbox never takes anything

	mu    sync.Mutex
	dice  *rand.Rand
	taken []copied
	calls map[uuid.UUID][]string // of a mail, what became of each
}

// copied is a mail that was taken.
type copied struct {
	notify.Letter
	called time.Time
	shown  time.Time // in the provider's record
}

func newProvider(w *world, lag time.Duration, faults float64) *provider {
	return &provider{w: w, lag: lag, faults: faults, dice: w.dice(2), calls: map[uuid.UUID][]string{}}
}

// Causes of failure that tell nothing.
var (
	errCut  = errors.New("connection reset by peer")
	errDead = errors.New("the process was killed")
)

const (
	fine      = "taken"
	busy      = "429"
	greylists = "450"
	down      = "503"
	cutBefore = "cut before it was taken"
	cutAfter  = "cut after it was taken"
	hangs     = "timed out, not taken"
	hangsDone = "timed out, taken"
	refused   = "refused"
)

// fill makes that the only address whose mailbox is full.
func (p *provider) fill(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.full = address
}

func (p *provider) roll(to string) (what string, latency, trails time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	latency = 50*time.Millisecond + time.Duration(p.dice.Int64N(int64(400*time.Millisecond)))
	trails = time.Duration(p.dice.Int64N(int64(max(p.lag, 1))))
	if p.full != "" && to == p.full {
		return greylists, latency, trails
	}
	if p.dice.Float64() >= p.faults {
		return fine, latency, trails
	}
	ways := []string{busy, down, greylists, cutBefore, cutAfter, hangs, hangsDone, cutAfter, hangsDone}
	if p.refuses {
		ways = append(ways, refused)
	}
	return ways[p.dice.IntN(len(ways))], latency, trails
}

// Send implements notify.Mailer.
func (p *provider) Send(ctx context.Context, l notify.Letter) (string, error) {
	called := p.w.now()
	what, latency, trails := p.roll(l.To)
	time.Sleep(latency)
	p.mu.Lock()
	p.calls[l.Mail] = append(p.calls[l.Mail], what)
	if what == fine || what == cutAfter || what == hangsDone {
		p.taken = append(p.taken, copied{l, called, p.w.now().Add(trails)})
	}
	p.mu.Unlock()
	switch what {
	case fine:
		return "name", nil
	case busy:
		return "", &notify.LaterError{After: 2 * time.Minute, Err: errors.New("too many requests")}
	case down:
		return "", &notify.LaterError{Err: errors.New("try again")}
	case greylists:
		return "", &notify.LaterError{Recipient: true, Err: errors.New("mailbox busy")}
	case refused:
		return "", &notify.RefusedError{Err: errors.New("no")}
	case hangs, hangsDone:
		<-ctx.Done()
		return "", ctx.Err()
	}
	return "", errCut
}

// Ask implements notify.Mailer.
func (p *provider) Ask(_ context.Context, mail uuid.UUID, _ string, _ time.Time) (notify.Fate, error) {
	if p.lag < 0 {
		return notify.FateUnknowable, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dice.Float64() < p.faults {
		return "", errCut
	}
	for _, c := range p.taken {
		if c.Mail == mail && !c.shown.After(p.w.now()) {
			return notify.FateTaken, nil
		}
	}
	return notify.FateNotTaken, nil
}

// Lag implements notify.Mailer.
func (p *provider) Lag() time.Duration { return p.lag }
