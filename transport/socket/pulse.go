package socket

import (
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
	asked   bool         // a ping is to be answered
	heard   atomic.Int64 // bytes that had come when it was asked
	passed  int64        // bytes that had left before the last ping that was answered
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
		if next := c.beat(); next > 0 {
			c.pulse.in(next)
			return
		}
		_ = c.ws.CloseNow()
	})
}

// beat returns when to look again; 0 if the client is dead.
func (c *connection) beat() time.Duration {
	p, heard := &c.pulse, c.line.in.Load()
	pinged, before, waiting := c.line.urgent.last()
	switch {
	case waiting: // for what is ahead of it, which has a deadline
		return heartbeat
	case p.asked && heard == p.heard.Load():
		ahead := time.Duration(before-p.passed) * time.Second / slowest
		if left := min(heartbeat+ahead, longestPulse) - time.Since(pinged); left > 0 {
			return left
		}
		if !c.busy() {
			return 0
		}
	case p.asked:
		p.passed = before
	}
	p.asked = true
	p.heard.Store(heard)
	c.line.ping()
	return heartbeat
}

// Ping implements live.Conn: the next ping of the heartbeat is sent now.
func (c *connection) Ping() { c.pulse.now() }

// Unanswered implements live.Conn.
func (c *connection) Unanswered() time.Duration {
	pinged, _, _ := c.line.urgent.last()
	if pinged.IsZero() || c.line.in.Load() != c.pulse.heard.Load() {
		return 0
	}
	return time.Since(pinged)
}

// busy reports whether the client is not read because of what it has asked.
func (c *connection) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.closed && (len(c.pending) > 0 || c.line.paced.Load())
}
