package accesslog

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/homeline/homeline/hub"
)

const (
	sayAgain  = time.Minute
	maxCauses = 1000
)

// Throttled is a handler of logs that writes, of what every request meets while
// the store is away or full, one line a minute for each cause: the first, and
// then with how many more there were. Everything else passes.
func Throttled(h slog.Handler) slog.Handler {
	return throttled{h, &causes{said: map[string]*cause{}}}
}

type throttled struct {
	slog.Handler
	causes *causes
}

// Handle implements slog.Handler.
func (h throttled) Handle(ctx context.Context, r slog.Record) error {
	key := causeOf(r)
	if key == "" {
		return h.Handler.Handle(ctx, r)
	}
	more, say := h.causes.happened(key, r.Time)
	if !say {
		return nil
	}
	if more > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("more", more))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h throttled) WithAttrs(attrs []slog.Attr) slog.Handler {
	return throttled{h.Handler.WithAttrs(attrs), h.causes}
}

// WithGroup implements slog.Handler.
func (h throttled) WithGroup(name string) slog.Handler {
	return throttled{h.Handler.WithGroup(name), h.causes}
}

// causes are what was said of each, and when.
type causes struct {
	mu   sync.Mutex
	said map[string]*cause
}

type cause struct {
	at   time.Time
	more int // that were not said since
}

// happened counts one, and says whether it is to be said, with how many before.
func (c *causes) happened(key string, now time.Time) (more int, say bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.said[key]
	if known != nil && now.Sub(known.at) < sayAgain {
		known.more++
		return 0, false
	}
	if known != nil {
		more = known.more
	} else if len(c.said) >= maxCauses {
		clear(c.said)
	}
	c.said[key] = &cause{at: now}
	return more, true
}

// causeOf is what a line is about if it is of a store that fails: the last cause
// of its error, or the route of a request that was answered with "try again".
// Empty for every other line.
func causeOf(r slog.Record) (key string) {
	busy, route := false, ""
	r.Attrs(func(a slog.Attr) bool {
		switch err, isError := a.Value.Any().(error); {
		case isError && ofStore(err):
			key = varying.ReplaceAllString(deepest(err).Error(), "#")
			return false
		case r.Message == requestLine && a.Key == "code":
			busy = a.Value.String() == "503"
		case r.Message == requestLine && a.Key == "route":
			route = a.Value.String()
		}
		return true
	})
	if key == "" && busy {
		return requestLine + " " + route
	}
	return key
}

// varying is what differs between two lines of one cause: numbers and identifiers.
var varying = regexp.MustCompile(`[0-9a-fA-F-]{8,}|[0-9]+`)

func ofStore(err error) bool {
	var storage *hub.StorageError
	return hub.CodeOf(err) == hub.CodeBusy || errors.As(err, &storage)
}

// deepest is the cause that an error came from; of several, the last.
func deepest(err error) error {
	for {
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			if e.Unwrap() == nil {
				return err
			}
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			all := e.Unwrap()
			if len(all) == 0 {
				return err
			}
			err = all[len(all)-1]
		default:
			return err
		}
	}
}
