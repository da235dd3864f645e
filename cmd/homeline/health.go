package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// health answers whoever balances load or watches over the process.
type health struct {
	districts roster.Districts
	stopping  atomic.Bool
}

const readyTime = 2 * time.Second

// alive is /healthz: the process answers.
func (h *health) alive(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

// ready is /readyz: new requests are welcome.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Load() {
		say(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if _, err := h.districts.Districts(ctx); err != nil {
		say(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	say(w, http.StatusOK, "ready")
}

func say(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(text + "\n")) // who has gone needs no answer
}
