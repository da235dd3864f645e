// Package accesslog writes a line for every request, and gives it an identifier
// that stands in whatever else is logged of it. Lines hold methods, templates of
// routes and times: never a path with its identifiers, an address or a name.
package accesslog

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/homeline/homeline/transport/route"
)

// Header carries the identifier of a request, from what stands before the server
// and back to the client.
const Header = "X-Request-Id"

// wellFormed is an identifier of others that is taken over; see also the log of
// whoever gave it.
var wellFormed = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

type key struct{}

// Handler gives requests their identifiers and logs them when they have been
// served: failures as errors, probes and what the page is made of for those who
// debug alone.
func Handler(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(Header)
		if !wellFormed.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set(Header, id)
		ctx := context.WithValue(r.Context(), key{}, id)
		r, taken := route.Watch(r.WithContext(ctx))
		answer := route.Observe(w)
		began, served := time.Now(), false
		defer func() { // also where it panics
			code := answer.Code(served)
			log.LogAttrs(ctx, level(taken.String(), code), requestLine,
				slog.String("route", taken.String()), slog.String("code", code), slog.Duration("took", time.Since(began)))
		}()
		next.ServeHTTP(answer, r)
		served = true
	})
}

// requestLine is the message of a line of a request.
const requestLine = "request"

var quiet = regexp.MustCompile(`^GET /(healthz|readyz|static/.*|favicon\.ico)$`)

func level(route, code string) slog.Level {
	switch {
	case code[0] == '5':
		return slog.LevelError
	case quiet.MatchString(route):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// WithRequest is a handler of logs that says of which request a line is, where
// the line was written with the request's context.
func WithRequest(h slog.Handler) slog.Handler { return withRequest{h} }

type withRequest struct{ slog.Handler }

// Handle implements slog.Handler.
func (h withRequest) Handle(ctx context.Context, r slog.Record) error {
	if id, ok := ctx.Value(key{}).(string); ok {
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h withRequest) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withRequest{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h withRequest) WithGroup(name string) slog.Handler {
	return withRequest{h.Handler.WithGroup(name)}
}
