package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// readiness is what was said of it in the log: that it ended and why, when that
// changes, and that it is back.
type readiness struct {
	mu  sync.Mutex
	why string // it was last said to be unready; empty while it is ready
}

// note takes what a look has found; why is empty if the node is ready.
func (r *readiness) note(log *slog.Logger, why string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case why == "" && r.why != "":
		log.Info("ready again")
	case why != r.why:
		log.Warn("not ready", "why", why, "error", err.Error()) // as text: it is said whatever else was
	}
	r.why = why
}

// storeLook asks a store whether it is ready, one look at a time for whoever asks.
type storeLook struct {
	looks sync.WaitGroup

	mu   sync.Mutex
	now  chan struct{} // closed when the look that is under way has ended; nil without one
	last error         // that the last one found
	any  bool          // there was one
}

// find returns what a look finds. If brief it waits half a second for it, and
// returns then what the look before found: one that hangs ends soon.
func (l *storeLook) find(ctx context.Context, s interface{ Ready(context.Context) error }, brief bool) error {
	l.mu.Lock()
	now := l.now
	if now == nil {
		now = make(chan struct{})
		l.now = now
		l.looks.Go(func() { l.look(context.WithoutCancel(ctx), s, now) })
	}
	known := l.any
	l.mu.Unlock()
	var soon <-chan time.Time
	if brief && known {
		soon = time.After(briefly)
	}
	select {
	case <-now:
	case <-soon:
	case <-ctx.Done():
		return ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// briefly is how long a balancer waits for an answer: much less than after what
// time it takes a node for dead.
const briefly = 500 * time.Millisecond

// look asks the store, which answers in bounded time.
func (l *storeLook) look(ctx context.Context, s interface{ Ready(context.Context) error }, ended chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	err := s.Ready(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.any, l.now = err, true, nil
	close(ended)
}
