package postgres

import (
	"context"
	"errors"
)

// Ready says whether the database answers, takes writes, and is one that this
// program serves from: a node that was left behind by a migration is not ready
// any more. It waits for none of the connections that requests use: a node that
// has much to do is still one to send requests to. Whoever asks while it is being
// asked gets the same answer, so that asking often costs nothing.
func (s *Store) Ready(ctx context.Context) error {
	answer := s.checks.DoChan("", func() (any, error) {
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), readyTime)
		defer stop()
		return nil, s.ready(ctx)
	})
	select {
	case a := <-answer:
		return a.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ready asks over another connection if the one that it has turns out to be
// broken. What has been demoted since is left behind, with all connections.
func (s *Store) ready(ctx context.Context) error {
	err := check(ctx, s.checking)
	if lost(err) && ctx.Err() == nil {
		err = check(ctx, s.checking)
	}
	if err == nil {
		err = s.checkRoom(ctx, s.checking)
	}
	var standby *ReadOnlyError
	if errors.As(err, &standby) && s.checking.Stat().TotalConns() > 0 {
		s.demoted()
	}
	return err
}
