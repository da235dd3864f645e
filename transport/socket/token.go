package socket

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/wire"
)

var (
	errUnknown = &hub.Error{Code: wire.CodeUnauthenticated, Field: "token"}
	errExpired = &hub.Error{Code: wire.CodeExpired, Field: "token"}
)

const (
	// askAgain is when the store is asked again for how long a session lasts, if it
	// could not say.
	askAgain = 5 * time.Second
	// soon is how long before the end of a session its timer is set: it costs, and
	// every ping looks whether it is time.
	soon = longestPulse + 2*heartbeat
)

// life is how long the session of a connection lasts, with the timer that ends the
// connection then, also if nobody asks anything.
type life struct {
	mu      sync.Mutex
	until   int64 // in ns; 0: for ever
	extends bool  // the session may have been extended since
	stopped bool
	timer   *time.Timer // nil until it is soon
}

func (l *life) set(who identity.Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until, l.extends = 0, who.Address != ""
	if !who.ExpiresAt.IsZero() {
		l.until = who.ExpiresAt.UnixNano()
	}
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
}

func (l *life) left() time.Duration { return time.Until(time.Unix(0, l.until)) }

// watch sets the timer if it is soon.
func (l *life) watch(expire func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.stopped && l.until != 0 && l.timer == nil && l.left() < soon {
		l.timer = time.AfterFunc(l.left(), expire)
	}
}

// rest lets watch set the timer once more.
func (l *life) rest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = nil
}

// over reports whether the session has expired, as far as is known.
func (l *life) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until != 0 && l.left() <= 0
}

func (l *life) mayExtend() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.extends
}

func (l *life) again() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.stopped && l.timer != nil {
		l.timer.Reset(askAgain)
	}
}

func (l *life) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	if l.timer != nil {
		l.timer.Stop()
	}
}

// lasts ends the connection when the session expires.
func (c *connection) lasts(who identity.Session) {
	c.life.set(who)
	c.watchLife()
}

func (c *connection) watchLife() { c.life.watch(func() { c.server.goes(c.expire) }) }

func (c *connection) expire() {
	if !c.life.over() { // renewed meanwhile, or the clock was set back
		c.life.rest()
		c.watchLife()
		return
	}
	if !c.life.mayExtend() {
		c.session.End(live.CloseExpired)
		return
	}
	ctx, cancel := context.WithTimeout(c.server.ctx, requestPatience)
	defer cancel()
	switch who, err := c.server.auth.Lookup(ctx, c.session.Who().SignIn); {
	case err == nil:
		c.lasts(who)
	case errors.Is(err, identity.ErrExpired):
		c.session.End(live.CloseExpired)
	case errors.Is(err, identity.ErrNoSession):
		c.session.End(live.CloseSignedOut)
	default:
		c.server.log.Error("a sign-in could not be checked", "error", err)
		c.life.again()
	}
}

// expiry is the answer to a new token.
type expiry struct {
	ExpiresAt *wire.Time `json:"expires_at,omitempty"`
}

// renew takes another token of the same person for the connection's. If it is
// refused, nothing changes.
func (c *connection) renew(ctx context.Context, h header) error {
	if h.Token == "" {
		return &hub.Error{Code: hub.CodeRequired, Field: "token"}
	}
	who, err := c.server.authenticate(ctx, h.Token)
	switch {
	case errors.Is(err, identity.ErrExpired):
		return errExpired
	case errors.Is(err, identity.ErrNoSession):
		return errUnknown
	case err != nil:
		return err
	}
	if mine := c.session.Who(); who.District != mine.District || who.Person != mine.Person {
		return &hub.Error{Code: hub.CodeNotAllowed, Field: "token"}
	}
	switch valid, err := c.session.Renew(ctx, who.ID); {
	case err != nil:
		return err
	case !valid:
		return errUnknown
	}
	c.lasts(who)
	var answer expiry
	if !who.ExpiresAt.IsZero() {
		answer.ExpiresAt = (*wire.Time)(&who.ExpiresAt)
	}
	return c.answer(h.ID, answer)
}
