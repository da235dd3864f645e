package postgres

import "context"

// Ready says whether the database answers, and is one that this program serves
// from: a node that was left behind by a migration is not ready any more. It
// waits for none of the connections that requests use: a node that has much to
// do is still one to send requests to. Whoever asks while it is being asked gets
// the same answer, so that asking often costs nothing.
func (s *Store) Ready(ctx context.Context) error {
	answer := s.checks.DoChan("", func() (any, error) {
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), readyTime)
		defer stop()
		return nil, check(ctx, s.checking)
	})
	select {
	case a := <-answer:
		return a.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}
