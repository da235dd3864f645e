package main

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

// fault is something that goes wrong for real. strike causes it, waits, lifts
// it and returns when it has ended. Faults of one target do not overlap.
type fault struct {
	name   string
	target func(s scene) string
	strike func(ctx context.Context, s scene) error
}

// scene is where a fault strikes.
type scene struct {
	in   *installation.Installation
	node *installation.Node
	rand *rand.Rand
}

func (s scene) between(low, high time.Duration) time.Duration {
	return low + time.Duration(s.rand.Float64()*float64(high-low))
}

// last is how long a fault lasts.
func (s scene) last(ctx context.Context, low, high time.Duration) { sleep(ctx, s.between(low, high)) }

func onNode(s scene) string   { return s.node.Name }
func onBroker(s scene) string { return s.node.Name + "-redis" }
func onStore(s scene) string  { return s.node.Name + "-postgres" }
func on(name string) func(scene) string {
	return func(scene) string { return name }
}

var faults = []fault{
	{"node-kill", onNode, killNode},
	{"node-stop", onNode, stopNode},
	{"node-freeze", onNode, freezeNode},
	{"redis-freeze", on("redis"), freezeRedis},
	{"redis-stop", on("redis"), func(ctx context.Context, s scene) error { return restartRedis(ctx, s, syscall.SIGTERM) }},
	{"redis-kill", on("redis"), func(ctx context.Context, s scene) error { return restartRedis(ctx, s, syscall.SIGKILL) }},
	{"redis-client-kill", on("redis"), killClients},
	{"redis-buffer", on("redis"), overflow},
	{"redis-link-cut", onBroker, func(ctx context.Context, s scene) error { return bend(ctx, s, s.node.Broker, installation.Cut) }},
	{"redis-link-swallow", onBroker, func(ctx context.Context, s scene) error { return bend(ctx, s, s.node.Broker, installation.Swallowed) }},
	{"redis-link-hold", onBroker, func(ctx context.Context, s scene) error { return bend(ctx, s, s.node.Broker, installation.Held) }},
	{"postgres-fast", on("postgres"), func(ctx context.Context, s scene) error { return restartPostgres(ctx, s, syscall.SIGINT) }},
	{"postgres-immediate", on("postgres"), func(ctx context.Context, s scene) error { return restartPostgres(ctx, s, syscall.SIGQUIT) }},
	{"postgres-terminate", on("postgres"), terminate},
	{"postgres-link-cut", onStore, func(ctx context.Context, s scene) error { return bend(ctx, s, s.node.Database, installation.Cut) }},
	{"postgres-link-swallow", onStore, func(ctx context.Context, s scene) error {
		return bend(ctx, s, s.node.Database, installation.Swallowed)
	}},
	{"postgres-link-hold", onStore, func(ctx context.Context, s scene) error { return bend(ctx, s, s.node.Database, installation.Held) }},
	{"proxy-reload", on("proxy"), func(ctx context.Context, s scene) error { return s.in.Proxy.Reload(ctx) }},
}

func faultNames() string {
	var names []string
	for _, f := range faults {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

func isFault(name string) bool {
	return slices.ContainsFunc(faults, func(f fault) bool { return f.name == name })
}

func killNode(ctx context.Context, s scene) error {
	if err := s.node.Kill(); err != nil {
		return err
	}
	s.last(ctx, 0, 5*time.Second)
	return s.node.Start(ctx)
}

func stopNode(ctx context.Context, s scene) error {
	if err := s.node.Stop(); err != nil {
		return err
	}
	s.last(ctx, 0, 3*time.Second)
	return s.node.Start(ctx)
}

func freezeNode(ctx context.Context, s scene) error {
	if err := s.node.Freeze(); err != nil {
		return err
	}
	s.last(ctx, time.Second, 7*time.Second)
	return s.node.Thaw()
}

func freezeRedis(ctx context.Context, s scene) error {
	if err := s.in.Redis.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	s.last(ctx, time.Second, 8*time.Second)
	return s.in.Redis.Signal(syscall.SIGCONT)
}

func restartRedis(ctx context.Context, s scene, how syscall.Signal) error {
	if err := s.in.Redis.Stop(how); err != nil {
		return err
	}
	s.last(ctx, 0, 8*time.Second)
	return s.in.Redis.Start(ctx)
}

// again does something a few times.
func (s scene) again(ctx context.Context, f func() error) error {
	for range 1 + s.rand.IntN(5) {
		if err := f(); err != nil {
			return err
		}
		s.last(ctx, 0, time.Second)
	}
	return nil
}

func killClients(ctx context.Context, s scene) error {
	return s.again(ctx, func() error { return s.in.Redis.KillClients(ctx) })
}

func overflow(ctx context.Context, s scene) error {
	if err := s.in.Redis.ShrinkBuffers(ctx); err != nil {
		return err
	}
	err := s.again(ctx, func() error { return s.in.Redis.Flood(ctx) })
	return errors.Join(err, s.in.Redis.RestoreBuffers(ctx))
}

func bend(ctx context.Context, s scene, l *installation.Link, w installation.Way) error {
	l.Set(w)
	s.last(ctx, time.Second, 8*time.Second)
	l.Set(installation.Open)
	return nil
}

func restartPostgres(ctx context.Context, s scene, how syscall.Signal) error {
	if err := s.in.Postgres.Stop(how); err != nil {
		return err
	}
	s.last(ctx, 0, 4*time.Second)
	return s.in.Postgres.Start(ctx)
}

func terminate(ctx context.Context, s scene) error {
	return s.again(ctx, func() error { return s.in.Postgres.Terminate(ctx) })
}
