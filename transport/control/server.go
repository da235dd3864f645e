package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// maxSocketPath is how long the path of a unix socket may be, in bytes, on the
// systems that allow the least.
const maxSocketPath = 103

// answerTime is how long a stopping server waits for the requests under way.
const answerTime = 10 * time.Second

// ErrTaken: a server that runs has the socket.
var ErrTaken = errors.New("the control socket is taken")

// Listen opens the socket at path, for its owner alone, and holds the file
// path.lock beside it until the listener is closed. A socket that a killed server
// left there is replaced, that of one that runs is not: [ErrTaken].
func Listen(path string) (net.Listener, error) {
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("control socket: the path %s is longer than %d bytes: choose a data folder with a shorter one", path, maxSocketPath)
	}
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("control socket: lock %s: %w", lock.Path(), err)
	case !locked:
		return nil, ErrTaken
	}
	l, err := open(path)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &held{Listener: l, lock: lock}, nil
}

// held is a listener whose socket nobody else may replace.
type held struct {
	net.Listener
	lock *flock.Flock
}

// Close removes the socket, and only then lets others have it. The lock file
// stays, or a third could lock a new one while a second waits for the old.
func (h *held) Close() error { return errors.Join(h.Listener.Close(), h.lock.Close()) }

func open(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	return l, nil
}

// Serve answers commands until ctx ends, then finishes what is under way.
func Serve(ctx context.Context, l net.Listener, s School) error {
	server := &http.Server{Handler: handler(s), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("control socket: %w", err)
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	err := server.Shutdown(wait)
	if err != nil {
		err = errors.Join(fmt.Errorf("control socket: %w", err), server.Close())
	}
	<-failed
	return err
}

func handler(s School) http.Handler {
	mux := http.NewServeMux()
	peopleCalls(mux, s)
	districtCalls(mux, s)
	rosterCalls(mux, s)
	accessCalls(mux, s)
	mailCalls(mux, s)
	return mux
}

// call serves one that takes and gives a single JSON value.
func call[A any](mux *http.ServeMux, name string, do func(context.Context, request) (A, error)) {
	mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
		var asked request
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			fail(w, fmt.Errorf("reading the request: %w", err))
			return
		}
		given, err := do(r.Context(), asked)
		answer(w, given, err)
	})
}

func answer(w http.ResponseWriter, given any, err error) {
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(given) // a command that has gone needs no answer
}

func fail(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnprocessableEntity)
	_ = json.NewEncoder(w).Encode(failureOf(err)) // a command that has gone needs no answer
}
