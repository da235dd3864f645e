// Package reserve keeps a process answering that has no descriptors left for
// connections: the last ones are for telling so, and for what the process itself
// has to open, a connection to its database say.
package reserve

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	most     = 64              // descriptors that are kept back
	least    = 8               // of a process that may have few
	lasts    = 2 * time.Second // a connection that is only told so
	sayAgain = time.Minute
)

// Listener accepts connections for as long as there are descriptors to spare.
// After that it accepts a few at a time that are told to go elsewhere.
type Listener struct {
	net.Listener
	limit func() int
	log   *slog.Logger

	few    atomic.Bool  // the last connection found so few left
	told   atomic.Int64 // connections that are only told so
	saidAt time.Time    // of the goroutine that accepts
}

// Listen keeps descriptors back from a listener.
func Listen(l net.Listener, log *slog.Logger) *Listener {
	return &Listener{Listener: l, limit: limit, log: log}
}

// Few reports whether there is no descriptor left for connections.
func (l *Listener) Few() bool { return l.few.Load() }

// Accept returns the next connection. One that takes a descriptor that is kept
// back ends by itself.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		kept := keptBack(l.limit())
		// The system gives the lowest descriptor that is free, so that its number says
		// how many are left.
		few := descriptor(conn) >= l.limit()-kept
		l.few.Store(few)
		if !few {
			return conn, nil
		}
		l.say()
		if l.told.Add(1) > int64(kept/2) {
			l.told.Add(-1)
			_ = conn.Close() // who waits to be told so keeps nobody else from it
			continue
		}
		return l.only(conn), nil
	}
}

// keptBack is how many of so many descriptors are.
func keptBack(limit int) int { return max(least, min(most, limit/8)) }

func (l *Listener) say() {
	if now := time.Now(); now.Sub(l.saidAt) >= sayAgain {
		l.saidAt = now
		l.log.Error("no descriptor is left for connections, and new ones are refused: raise the limit (LimitNOFILE, ulimit -n), or add a node", "limit", l.limit())
	}
}

// briefly is a connection that is only told so.
type briefly struct {
	net.Conn
	end func()
}

func (l *Listener) only(conn net.Conn) *briefly {
	b := &briefly{Conn: conn}
	var ended atomic.Bool
	b.end = func() {
		if ended.CompareAndSwap(false, true) {
			_ = conn.Close()
			l.told.Add(-1)
		}
	}
	time.AfterFunc(lasts, b.end)
	return b
}

// Close ends the connection.
func (b *briefly) Close() error {
	b.end()
	return nil
}

type key struct{}

// ConnContext is for a server of HTTP, which has [Only] know its connections.
func ConnContext(ctx context.Context, conn net.Conn) context.Context {
	if _, ok := conn.(*briefly); ok {
		return context.WithValue(ctx, key{}, true)
	}
	return ctx
}

// Only serves, over connections that take a descriptor which is kept back, the
// requests that may have one. Others are told to try again.
func Only(may func(*http.Request) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Context().Value(key{}) == nil {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Connection", "close")
		if may(r) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many connections, try again", http.StatusServiceUnavailable)
	})
}

// descriptor is the number of a connection's, -1 where it has none.
func descriptor(conn net.Conn) int {
	number := -1
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { number = int(fd) })
		}
	}
	return number
}
