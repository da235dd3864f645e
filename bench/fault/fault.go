// Package fault is what goes wrong with an installation for real.
package fault

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/homeline/homeline/bench/installation"
)

// Fault is something that goes wrong for real. Strike causes it, waits, lifts it
// and returns when it has ended. Faults of one target do not overlap.
type Fault struct {
	Name   string
	Target func(s Scene) string
	Strike func(ctx context.Context, s Scene) error
}

// Scene is where a fault strikes.
type Scene struct {
	In   *installation.Installation
	Node *installation.Node
	Rand *rand.Rand
}

// Between is a time drawn from a span.
func (s Scene) Between(low, high time.Duration) time.Duration {
	return low + time.Duration(s.Rand.Float64()*float64(high-low))
}

// last is how long a fault lasts.
func (s Scene) last(ctx context.Context, low, high time.Duration) { Sleep(ctx, s.Between(low, high)) }

func onNode(s Scene) string   { return s.Node.Name }
func onBroker(s Scene) string { return s.Node.Name + "-redis" }
func onStore(s Scene) string  { return s.Node.Name + "-postgres" }
func on(name string) func(Scene) string {
	return func(Scene) string { return name }
}

// All are the faults there are.
var All = []Fault{
	{"node-kill", onNode, killNode},
	{"node-stop", onNode, stopNode},
	{"node-freeze", onNode, freezeNode},
	{"redis-freeze", on("redis"), freezeRedis},
	{"redis-stop", on("redis"), func(ctx context.Context, s Scene) error { return restartRedis(ctx, s, syscall.SIGTERM) }},
	{"redis-kill", on("redis"), func(ctx context.Context, s Scene) error { return restartRedis(ctx, s, syscall.SIGKILL) }},
	{"redis-client-kill", on("redis"), killClients},
	{"redis-buffer", on("redis"), overflow},
	{"redis-link-cut", onBroker, func(ctx context.Context, s Scene) error { return bend(ctx, s, s.Node.Broker, installation.Cut) }},
	{"redis-link-swallow", onBroker, func(ctx context.Context, s Scene) error { return bend(ctx, s, s.Node.Broker, installation.Swallowed) }},
	{"redis-link-hold", onBroker, func(ctx context.Context, s Scene) error { return bend(ctx, s, s.Node.Broker, installation.Held) }},
	{"postgres-fast", on("postgres"), func(ctx context.Context, s Scene) error { return restartPostgres(ctx, s, syscall.SIGINT) }},
	{"postgres-immediate", on("postgres"), func(ctx context.Context, s Scene) error { return restartPostgres(ctx, s, syscall.SIGQUIT) }},
	{"postgres-terminate", on("postgres"), terminate},
	{"postgres-link-cut", onStore, func(ctx context.Context, s Scene) error { return bend(ctx, s, s.Node.Database, installation.Cut) }},
	{"postgres-link-swallow", onStore, func(ctx context.Context, s Scene) error {
		return bend(ctx, s, s.Node.Database, installation.Swallowed)
	}},
	{"postgres-link-hold", onStore, func(ctx context.Context, s Scene) error { return bend(ctx, s, s.Node.Database, installation.Held) }},
	{"proxy-reload", on("proxy"), func(ctx context.Context, s Scene) error { return s.In.Proxy.Reload(ctx) }},
}

// Names are those of all, with commas.
func Names() string {
	var names []string
	for _, f := range All {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// Is says whether there is one of that name.
func Is(name string) bool {
	return slices.ContainsFunc(All, func(f Fault) bool { return f.Name == name })
}

func killNode(ctx context.Context, s Scene) error {
	if err := s.Node.Kill(); err != nil {
		return err
	}
	s.last(ctx, 0, 5*time.Second)
	return s.Node.Start(ctx)
}

func stopNode(ctx context.Context, s Scene) error {
	if err := s.Node.Stop(); err != nil {
		return err
	}
	s.last(ctx, 0, 3*time.Second)
	return s.Node.Start(ctx)
}

func freezeNode(ctx context.Context, s Scene) error {
	if err := s.Node.Freeze(); err != nil {
		return err
	}
	s.last(ctx, time.Second, 7*time.Second)
	return s.Node.Thaw()
}

func freezeRedis(ctx context.Context, s Scene) error {
	if err := s.In.Redis.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	s.last(ctx, time.Second, 8*time.Second)
	return s.In.Redis.Signal(syscall.SIGCONT)
}

func restartRedis(ctx context.Context, s Scene, how syscall.Signal) error {
	if err := s.In.Redis.Stop(how); err != nil {
		return err
	}
	s.last(ctx, 0, 8*time.Second)
	return s.In.Redis.Start(ctx)
}

// again does something a few times.
func (s Scene) again(ctx context.Context, f func() error) error {
	for range 1 + s.Rand.IntN(5) {
		if err := f(); err != nil {
			return err
		}
		s.last(ctx, 0, time.Second)
	}
	return nil
}

func killClients(ctx context.Context, s Scene) error {
	return s.again(ctx, func() error { return s.In.Redis.KillClients(ctx) })
}

func overflow(ctx context.Context, s Scene) error {
	if err := s.In.Redis.ShrinkBuffers(ctx); err != nil {
		return err
	}
	err := s.again(ctx, func() error { return s.In.Redis.Flood(ctx) })
	return errors.Join(err, s.In.Redis.RestoreBuffers(ctx))
}

func bend(ctx context.Context, s Scene, l *installation.Link, w installation.Way) error {
	l.Set(w)
	s.last(ctx, time.Second, 8*time.Second)
	l.Set(installation.Open)
	return nil
}

func restartPostgres(ctx context.Context, s Scene, how syscall.Signal) error {
	if err := s.In.Postgres.Stop(how); err != nil {
		return err
	}
	s.last(ctx, 0, 4*time.Second)
	return s.In.Postgres.Start(ctx)
}

func terminate(ctx context.Context, s Scene) error {
	return s.again(ctx, func() error { return s.In.Postgres.Terminate(ctx) })
}

// Sleep waits, or until ctx ends.
func Sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
