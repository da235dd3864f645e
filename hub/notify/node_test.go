package notify_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

// Steps at which a worker is killed.
const (
	afterClaim    = "claimed, not called"
	beforeCalling = "before the call was noted"
	afterCalling  = "noted, not called"
	duringCall    = "during the call"
	afterTaken    = "taken, not kept"
	beforeRecord  = "before the record"
	afterRecord   = "after the record"
)

var killing = []string{afterClaim, beforeCalling, afterCalling, duringCall, afterTaken, beforeRecord, afterRecord}

// node is one process after another: each works until it is killed, and another
// takes its place.
type node struct {
	w      *world
	mailer notify.Mailer
	now    func() time.Time
	deaths float64 // at each step, how many in a hundred
	broken func(*process)
	rest   time.Duration // of a worker, at most; 0: as in life

	mu     sync.Mutex
	dice   *rand.Rand
	killed map[string]int
	stats  []notify.Stats
}

func newNode(w *world, name uint64, m notify.Mailer, deaths float64) *node {
	return &node{w: w, mailer: m, now: w.now, deaths: deaths, dice: w.dice(1_000_000 + name), killed: map[string]int{}}
}

// process is one life of a node. Everything that its worker reaches ends with it.
type process struct {
	*node
	notify.Store
	notify.Letters
	notify.Mailer
	kill context.CancelFunc
	dead atomic.Bool
	// For broken ones.
	believesAll bool // that is claimed is unread still
}

// run lives until ctx is done.
func (n *node) run(ctx context.Context) {
	for ctx.Err() == nil {
		life, kill := context.WithCancel(ctx)
		p := &process{node: n, Store: n.w.Store, Letters: n.w.Store, Mailer: n.mailer, kill: kill}
		if n.broken != nil {
			n.broken(p)
		}
		worker := notify.New(notify.Options{
			Store: p, Letters: p.Letters, Mailer: p, Now: n.now, Rest: n.rest, StopWithin: time.Second, Log: n.w.log,
		})
		worker.Run(life)
		n.mu.Lock()
		n.stats = append(n.stats, worker.Stats())
		again := time.Duration(n.dice.Int64N(int64(5 * time.Minute)))
		n.mu.Unlock()
		kill()
		if ctx.Err() == nil {
			time.Sleep(again)
		}
	}
}

// dies kills the process at a step, sometimes; whoever is dead stays so.
func (p *process) dies(step string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead.Load() {
		return true
	}
	if p.dice.Float64() < p.deaths {
		p.killed[step]++
		p.dead.Store(true)
		p.kill()
		return true
	}
	return false
}

func (p *process) Next(ctx context.Context) (time.Time, error) {
	if p.dead.Load() {
		return time.Time{}, errDead
	}
	return p.Store.Next(ctx)
}

func (p *process) Claim(ctx context.Context, now time.Time, limit int, lease time.Duration, judge func(notify.Standing, time.Time) notify.Verdict) (notify.Claimed, error) {
	if p.dead.Load() {
		return notify.Claimed{}, errDead
	}
	c, err := p.Store.Claim(ctx, now, limit, lease, judge)
	p.w.mu.Lock()
	for _, m := range c.Mails {
		if m.State == notify.Intended {
			p.w.made = append(p.w.made, m.Mail.ID)
		}
	}
	p.w.mu.Unlock()
	if len(c.Mails) > 0 && p.dies(afterClaim) {
		return notify.Claimed{}, errDead
	}
	return c, err
}

func (p *process) Calling(ctx context.Context, l notify.Lease, now time.Time) ([]notify.Part, error) {
	if p.dies(beforeCalling) {
		return nil, errDead
	}
	parts, err := p.Store.Calling(ctx, l, now)
	if p.believesAll && err == nil {
		m, _ := p.Store.MailOf(ctx, l.Mail)
		parts = m.Parts
	}
	if p.dies(afterCalling) {
		return nil, errDead
	}
	return parts, err
}

func (p *process) Send(ctx context.Context, l notify.Letter) (string, error) {
	if p.dead.Load() {
		return "", errDead
	}
	if p.dies(duringCall) { // it arrives, or not, and nobody hears the answer
		p.mu.Lock()
		arrives := p.dice.IntN(2) == 0
		p.mu.Unlock()
		if arrives {
			p.Mailer.Send(ctx, l)
		}
		return "", errDead
	}
	name, err := p.Mailer.Send(ctx, l)
	if err == nil && p.dies(afterTaken) {
		return "", errDead
	}
	return name, err
}

func (p *process) Ask(ctx context.Context, mail uuid.UUID, address string, called time.Time) (notify.Fate, error) {
	if p.dead.Load() {
		return "", errDead
	}
	return p.Mailer.Ask(ctx, mail, address, called)
}

func (p *process) Settle(ctx context.Context, l notify.Lease, s notify.Settlement) error {
	if p.dies(beforeRecord) {
		return errDead
	}
	err := p.Store.Settle(ctx, l, s)
	if p.dies(afterRecord) {
		return errDead
	}
	return err
}

func (p *process) MarkAddress(ctx context.Context, district uuid.UUID, email string, s notify.AddressState, now time.Time) error {
	if p.dead.Load() {
		return errDead
	}
	return p.Store.MarkAddress(ctx, district, email, s, now)
}

func (p *process) SweepMails(ctx context.Context, before time.Time) error {
	if p.dead.Load() {
		return errDead
	}
	return p.Store.SweepMails(ctx, before)
}

// total is what all processes of some nodes did.
func total(nodes ...*node) (t notify.Stats) {
	t.Cancelled, t.Asked, t.Spared = map[notify.Why]int64{}, map[notify.Fate]int64{}, map[notify.Why]int64{}
	for _, n := range nodes {
		for _, s := range n.stats {
			t.Sent, t.Unknown, t.Failed, t.Retried, t.Doubted, t.Lost = t.Sent+s.Sent, t.Unknown+s.Unknown, t.Failed+s.Failed, t.Retried+s.Retried, t.Doubted+s.Doubted, t.Lost+s.Lost
			for why, n := range s.Cancelled {
				t.Cancelled[why] += n
			}
			for why, n := range s.Spared {
				t.Spared[why] += n
			}
			for fate, n := range s.Asked {
				t.Asked[fate] += n
			}
		}
	}
	return t
}
