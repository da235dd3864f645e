package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/reserve"
)

// finishTime is how long a stopping node waits for what is under way, beyond
// the time over which it sends its open pages away.
const finishTime = 10 * time.Second

// ending is how a node stops.
type ending struct {
	window time.Duration // over which its open pages are sent away
	least  time.Duration // for which it still answers, not ready, however few they are
}

// run serves at l, and commands at the data folder's socket, until ctx ends or
// a part fails. Then it stops in order: no longer ready, open pages told to come
// back, requests and mails finished, everything closed.
func (n *node) run(ctx context.Context, l, commands net.Listener, end ending) error {
	kept := reserve.Listen(l, n.log)
	n.health.crowded.Store(kept)
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	failed := make(chan error, 3)
	var parts sync.WaitGroup
	parts.Go(func() { n.live.Run(work) })
	parts.Go(func() { n.identity.Run(work) })
	parts.Go(func() { n.mailroom.run(work) })
	if n.clock != nil {
		parts.Go(func() { n.clock.Run(work) })
	}
	parts.Go(func() {
		if err := control.Serve(work, commands, n.school); err != nil {
			failed <- err
		}
	})
	parts.Go(func() {
		if err := n.http.Serve(kept); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serving: %w", err)
		}
	})
	if n.measured != nil {
		parts.Go(func() {
			if err := n.measured.Serve(n.scrapes); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serving metrics: %w", err)
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	n.finish(context.WithoutCancel(ctx), end)
	stop()
	n.socket.Close()
	if n.measured != nil {
		n.measured.Close()
	}
	parts.Wait()
	return errors.Join(err, n.close())
}

// finish lets go of whoever is connected: open pages first, while requests are
// still taken, so that what balances load has time to see that the node is no
// longer ready.
func (n *node) finish(ctx context.Context, end ending) {
	n.log.Info("stopping")
	n.health.stopping.Store(true)
	ctx, cancel := context.WithTimeout(ctx, max(end.window, end.least)+finishTime)
	defer cancel()
	seen := time.After(end.least)
	if err := n.live.Drain(ctx, end.window); err != nil {
		n.log.Warn("open pages were cut off", "error", err)
	}
	<-seen
	if err := n.http.Shutdown(ctx); err != nil {
		n.log.Warn("requests were cut off", "error", err)
		n.http.Close()
	}
	n.health.look.looks.Wait()
}

// close lets go of what a node that does not run, or no longer, holds.
func (n *node) close() error {
	n.broker.Close()
	return n.store.Close()
}
