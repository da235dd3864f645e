package main

import (
	"log/slog"
	"sync"
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
