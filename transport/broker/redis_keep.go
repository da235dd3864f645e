package broker

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	minBackoff = 50 * time.Millisecond
	maxBackoff = 2 * time.Second
	steady     = 5 * time.Second // after which a connection counts as a good one
	batch      = 500             // channels in one command
)

// keep keeps a connection that listens to everything until ctx ends.
func (r *Redis) keep(ctx context.Context) {
	for attempt := 0; ; attempt++ {
		began := time.Now()
		err := r.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		wasGood := time.Since(began) > steady
		if wasGood || errors.Is(err, errReplaced) {
			attempt = 0
		}
		r.lost(r.faultOf(err), wasGood)
		select {
		case <-time.After(backoff(attempt)):
		case <-ctx.Done():
			return
		}
	}
}

// backoff is how long to wait after so many failures: at random, so that nodes
// that lost Redis together do not come back together.
func backoff(attempt int) time.Duration {
	d := maxBackoff
	if attempt < 6 {
		d = min(d, minBackoff<<attempt)
	}
	return d/2 + rand.N(d/2)
}

// listen makes one connection and reads from it for as long as there is one.
func (r *Redis) listen(ctx context.Context) (err error) {
	l := newLink(r.options)
	defer func() {
		r.setLink(nil, false)
		l.close(err)
	}()
	defer context.AfterFunc(ctx, func() { l.cut(ctx.Err()) })()
	if err := l.open(ctx); err != nil {
		return err
	}
	r.setLink(l, false)
	if err := r.resubscribe(l); err != nil {
		return err
	}
	r.listening(l)
	for {
		if err := r.receive(l, 0); err != nil {
			return err
		}
	}
}

// resubscribe listens to what was listened to before, a bounded number of
// channels at a time.
func (r *Redis) resubscribe(l *link) error {
	channels := r.acknowledged()
	for len(channels) > 0 {
		n := min(batch, len(channels))
		c, err := l.subscribe(channels[:n]...)
		if err != nil {
			return err
		}
		for waiting := true; waiting; {
			if err := r.receive(l, readPatience); err != nil {
				return err
			}
			select {
			case <-c.done:
				waiting = false
			default:
			}
		}
		if c.err != nil {
			return c.err
		}
		channels = channels[n:]
	}
	return nil
}

func (r *Redis) receive(l *link, patience time.Duration) error {
	return l.receive(patience, r.deliver, r.acknowledge)
}

func (r *Redis) acknowledged() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var channels []string
	for district, acknowledged := range r.districts {
		if acknowledged {
			channels = append(channels, r.channel(district))
		}
	}
	return channels
}

func (r *Redis) deliver(channel, payload string) {
	district, ok := r.district(channel)
	if !ok {
		return
	}
	r.mu.Lock()
	_, wanted := r.districts[district]
	r.mu.Unlock()
	if wanted {
		r.inbox.put(district, []byte(payload))
	}
}

// acknowledge is called before whoever subscribes hears of it: what was
// acknowledged is listened to after the next loss as well.
func (r *Redis) acknowledge(channel string) {
	district, ok := r.district(channel)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, wanted := r.districts[district]; wanted {
		r.districts[district] = true
	}
}

func (r *Redis) district(channel string) (uuid.UUID, bool) {
	name, ok := strings.CutPrefix(channel, r.prefix)
	if !ok {
		return uuid.UUID{}, false
	}
	district, err := uuid.Parse(name)
	return district, err == nil
}

// listening tells that everything is listened to.
func (r *Redis) listening(l *link) {
	r.mu.Lock()
	before := r.fault
	r.fault = nil
	r.mu.Unlock()
	r.setLink(l, true)
	r.inbox.tell(connected)
	if before != nil && r.outage.back() {
		r.log.Info("the broker is there again")
	}
}

// lost tells that nothing is heard any more, after a good connection or not.
func (r *Redis) lost(why *Fault, wasGood bool) {
	r.mu.Lock()
	before := r.fault
	r.fault = why
	r.change()
	r.mu.Unlock()
	if before == nil {
		r.inbox.tell(away)
	}
	if r.outage.lost(wasGood) {
		r.log.Warn("the broker is away", "error", why)
	}
}

func (r *Redis) setLink(l *link, ready bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.link, r.ready = l, ready
	r.change()
}

func (r *Redis) change() {
	close(r.changed)
	r.changed = make(chan struct{})
}
