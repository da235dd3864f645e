package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/transport/reserve"
)

// health answers whoever balances load or watches over the process.
type health struct {
	store    store
	stats    func() live.Stats
	stopping atomic.Bool
	crowded  atomic.Pointer[reserve.Listener] // where people come in, once it does
	look     storeLook
	said     readiness
	log      *slog.Logger
}

const readyTime = 2 * time.Second

// asked reports whether a request is one of those that health answers.
func (h *health) asked(r *http.Request) bool {
	return r.URL.Path == "/healthz" || r.URL.Path == "/readyz"
}

// alive is /healthz: the process answers.
func (h *health) alive(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

// ready is /readyz: new requests are welcome. Without the broker they are: what
// others commit is then read from the store, a moment later, and all nodes miss
// it at the same time. A node that is not ready says so with 503, or, asked as
// /readyz?drain, with 404, which tells HAProxy to send it nothing new and to
// leave its open sockets alone: it lives, and ends them itself. Then it answers
// soon also while the store hangs, or it would be taken for dead.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	unready, drain := http.StatusServiceUnavailable, r.URL.Query().Has("drain")
	if drain {
		unready = http.StatusNotFound
	}
	lines, code := []string{"ready"}, http.StatusOK
	if h.stopping.Load() {
		lines, code = []string{"stopping"}, unready
	}
	database := "store: ok"
	if err := h.look.find(ctx, h.store, drain); err != nil {
		why := whyUnready(err)
		h.said.note(h.log, why, err)
		database, code = "store: "+why, unready
		lines[0] = "not ready"
	} else {
		h.said.note(h.log, "", nil)
	}
	lines = append(lines, database, "broker: "+h.broker())
	if l := h.crowded.Load(); l != nil && l.Few() {
		lines[0], code = "not ready", unready
		lines = append(lines, "connections: no descriptor is left")
	}
	say(w, code, strings.Join(lines, "\n"))
}

// broker says how this node hears of the others.
func (h *health) broker() string {
	const found = "; events are looked for in the store"
	switch s := h.stats(); {
	case s.BrokerAway:
		return "away" + found
	case s.Unheard.Apart > 0:
		return counted(s.Unheard.Apart, "other node") + " not heard through it: set REDIS_URL to the same Redis for all nodes" + found
	}
	return "ok"
}

// whyUnready is what everybody may know of why.
func whyUnready(err error) string {
	var schema *postgres.SchemaError
	var readOnly *postgres.ReadOnlyError
	var storage *hub.StorageError
	switch {
	case errors.As(err, &schema):
		return schema.Error()
	case errors.As(err, &readOnly):
		return readOnly.Error()
	case errors.As(err, &storage):
		return storage.Why
	}
	return "the database does not answer"
}

func say(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(text + "\n")) // who has gone needs no answer
}
