package identity

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/homeline/homeline/hub"
)

const (
	// mailTime is how long one errand may take, all its mails together.
	mailTime = time.Minute
	// drainTime is how long what was accepted may still take when Run stops.
	drainTime  = 10 * time.Second
	sweepEvery = time.Hour
)

// errand is something to mail that nobody waits for.
type errand struct {
	what string
	do   func(context.Context) error
}

// send accepts an errand; CodeBusy where too many wait already.
func (s *Service) send(ctx context.Context, e errand) error {
	select {
	case s.errands <- e:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	default:
		return &hub.Error{Code: hub.CodeBusy}
	}
}

// Run sends the mails that were asked for and sweeps up what has expired, until
// ctx ends. Then it sends what was accepted before, for at most ten seconds.
func (s *Service) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for range s.opts.Workers {
		wg.Go(func() { s.work(ctx) })
	}
	wg.Go(func() { s.sweep(ctx) })
	wg.Wait()
}

func (s *Service) work(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case e := <-s.errands:
			// What was accepted is not given up because the server stops.
			s.run(context.WithoutCancel(ctx), e)
		}
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	for drain.Err() == nil {
		select {
		case e := <-s.errands:
			s.run(drain, e)
		default:
			return
		}
	}
}

// run does one errand. A log line names no address: it is somebody's.
func (s *Service) run(ctx context.Context, e errand) {
	ctx, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	if err := e.do(ctx); err != nil {
		s.opts.Log.Error(e.what+": sending the mail", "err", err)
	}
}

func (s *Service) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.store.Sweep(ctx, s.now()); err != nil && !errors.Is(err, context.Canceled) {
			s.opts.Log.Error("sign-in: sweeping up expired sessions and links", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
