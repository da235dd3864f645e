package socket

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	heartbeat = 25 * time.Second // between pings, and for the answer to one
	// slowest is how fast a client takes what is sent to it at least, in bytes a
	// second: a ping that has more ahead of it is answered later.
	slowest      = 2 << 10
	longestPulse = 5 * time.Minute // for the answer to a ping, whatever is ahead of it
)

// pulse is the timer between the pings of a connection.
type pulse struct {
	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
	pinged  atomic.Int64 // when it was asked for a sign of life that has not come, in ns; else 0
	came    atomic.Int64 // bytes that had come by then
	passed  int64        // bytes that had left when the last ping that was answered was sent
}

func (p *pulse) start(ping func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.stopped {
		p.timer = time.AfterFunc(heartbeat, ping)
	}
}

// in sets the timer anew, once a ping is answered.
func (p *pulse) in(wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.stopped {
		p.timer.Reset(wait)
	}
}

// now lets the timer end at once, unless a ping is under way.
func (p *pulse) now() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.stopped && p.timer != nil && p.timer.Stop() {
		p.timer.Reset(0)
	}
}

func (p *pulse) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	if p.timer != nil {
		p.timer.Stop()
	}
}

// ping asks the client for a sign of life. If it gives none for a heartbeat, and
// for the time that what was sent before may take, the connection is cut, and its
// reader hears of that. Any byte that comes is a sign; and a client that is not
// read just now cannot give one.
func (c *connection) ping() {
	c.watchLife()
	c.server.goes(func() {
		in, out := c.line.in.Load(), c.line.out.Load()
		ahead := time.Duration(out-c.pulse.passed) * time.Second / slowest
		ctx, cancel := context.WithTimeout(context.Background(), min(heartbeat+ahead, longestPulse))
		defer cancel()
		c.pulse.came.Store(in)
		c.pulse.pinged.Store(time.Now().UnixNano())
		switch err := c.ws.Ping(ctx); {
		case err == nil:
			c.pulse.passed = out
		case c.line.in.Load() > in, c.busy():
		case ctx.Err() == nil && c.line.out.Load() > out: // something else is still leaving
		default:
			_ = c.ws.CloseNow()
			return
		}
		c.pulse.pinged.Store(0)
		c.pulse.in(heartbeat)
	})
}

// Ping implements live.Conn: the next ping of the heartbeat is sent now.
func (c *connection) Ping() { c.pulse.now() }

// Unanswered implements live.Conn. It judges as ping does.
func (c *connection) Unanswered() time.Duration {
	pinged := c.pulse.pinged.Load()
	if pinged == 0 || c.line.in.Load() > c.pulse.came.Load() || c.busy() {
		return 0
	}
	return time.Since(time.Unix(0, pinged))
}

// busy reports whether the client is not read because of what it has asked.
func (c *connection) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.closed && (len(c.pending) > 0 || c.line.paced.Load())
}
