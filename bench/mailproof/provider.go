package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/installation"
	"github.com/homeline/homeline/transport/mail/mailguntest"
)

// provider takes the mails of the nodes, and fails at it until it is mended.
type provider interface {
	settings(node string) []string // of the node's environment
	moments() []moment             // at which a node may be killed
	accepts() []accept
	askable() bool
	mend()
	close()
}

// mailgun is ours. It knows by the address that it is called at which node it is.
type mailgun struct {
	server *mailguntest.Server
	pace   pace
	faulty int
	kill   func(m moment, node string) (do func(), killed bool)
	whole  atomic.Bool

	mu     sync.Mutex
	random *rand.Rand
}

func openMailgun(o options, kill func(m moment, node string) (do func(), killed bool)) *mailgun {
	g := &mailgun{pace: o.pace(), faulty: o.faulty, kill: kill, random: rand.New(rand.NewPCG(o.seed, 0x6d61696c))}
	g.server = mailguntest.New(mailguntest.Options{
		Fault: g.fault,
		Lag:   func(string) time.Duration { return g.upTo(g.pace.trail) },
	})
	return g
}

func (g *mailgun) settings(node string) []string {
	return []string{
		"MAILGUN_DOMAIN=" + g.server.Domain(), "MAILGUN_API_KEY=" + g.server.APIKey(), "MAILGUN_SIGNING_KEY=" + g.server.SigningKey(),
		"MAILGUN_URL=" + g.server.BaseURLFor(node), "MAILGUN_LAG=" + g.pace.lag().String(),
	}
}

func (g *mailgun) moments() []moment { return moments }
func (g *mailgun) askable() bool     { return true }
func (g *mailgun) mend()             { g.whole.Store(true) }
func (g *mailgun) close()            { g.server.Close() }

// dice draws from 0 to n-1.
func (g *mailgun) dice(n int) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.random.IntN(n)
}

// upTo draws a time.
func (g *mailgun) upTo(d time.Duration) time.Duration {
	return time.Duration(g.dice(int(d)))
}

// fault is what goes wrong with a call: its node is killed, or another of ten
// things.
func (g *mailgun) fault(a mailguntest.Attempt) mailguntest.Fault {
	if kill, now := g.kill(whenReceived, a.Caller); now {
		kill()
		return mailguntest.Fault{Cut: true}
	}
	if kill, now := g.kill(whenTaken, a.Caller); now {
		return mailguntest.Fault{Taken: true, Then: kill, Cut: true}
	}
	if kill, now := g.kill(whenHalf, a.Caller); now {
		return mailguntest.Fault{Taken: true, Then: kill, Half: true}
	}
	if kill, now := g.kill(whenAnswered, a.Caller); now {
		in := g.upTo(5 * time.Millisecond)
		return mailguntest.Fault{Then: func() { time.AfterFunc(in, kill) }}
	}
	if g.whole.Load() || g.faulty == 0 || g.dice(g.faulty) > 0 {
		return mailguntest.Fault{}
	}
	wrong := []mailguntest.Fault{
		{Status: http.StatusTooManyRequests, RetryAfter: "2"},
		{Status: http.StatusTooManyRequests},
		{Status: http.StatusServiceUnavailable},
		{Status: http.StatusInternalServerError, Taken: true},
		{Cut: true},
		{Cut: true, Taken: true},
		{Half: true, Taken: true},
		{Hang: true},
		{Hang: true, Taken: true},
		{Slow: g.upTo(g.pace.trail)},
	}
	return wrong[g.dice(len(wrong))]
}

func (g *mailgun) accepts() []accept {
	var all []accept
	for _, m := range g.server.Mails() {
		id, _ := uuid.Parse(m.Variables["mail"]) // none is found as unknown
		all = append(all, accept{mail: id, to: m.To, at: m.At, told: true})
	}
	return all
}

// latest is how late a webhook may be.
const latest = 15 * time.Second

// report calls the webhooks of nodes about what was taken until ctx is done: late,
// out of order, some repeated, of some mails only.
func (g *mailgun) report(ctx context.Context, nodes []*installation.Node) {
	var calls sync.WaitGroup
	defer calls.Wait()
	for told := 0; ctx.Err() == nil; {
		mails := g.server.Mails()
		for _, m := range mails[told:] {
			if g.dice(2) > 0 {
				continue
			}
			hook := g.server.Webhook("delivered", m)
			for range 1 + g.dice(3) {
				late := g.upTo(latest)
				calls.Go(func() { g.post(ctx, nodes, hook, late) })
			}
		}
		told = len(mails)
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// post tries until a node takes it, as Mailgun does.
func (g *mailgun) post(ctx context.Context, nodes []*installation.Node, hook mailguntest.Webhook, late time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(late):
		}
		node := nodes[g.dice(len(nodes))]
		status, err := g.server.Post(ctx, "http://"+node.Address()+"/hooks/mailgun/events", hook)
		if err == nil && (status == http.StatusOK || status == http.StatusNotAcceptable) {
			return
		}
		late = time.Second
	}
}
