// Package clock lets all nodes of an installation go by one clock, that of their
// database: a machine whose own clock is wrong mails nobody too early, and takes
// over no lease that still runs.
package clock

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	every   = 10 * time.Second // between measurements
	slowest = 5 * time.Second  // that an answer may be to be measured with
	// back is how far a source may have gone back to be waited for; one that was
	// further ahead was wrong, and is not believed any longer.
	back = time.Hour
)

var errSlow = fmt.Errorf("its answer took more than %s", slowest)

// Clock goes by a source. Between measurements it goes by this machine's
// monotonic clock: what its wall clock is set to does not matter.
type Clock struct {
	source  func(context.Context) (time.Time, error)
	machine func() time.Time
	log     *slog.Logger

	mu       sync.Mutex
	theirs   time.Time // the source's time
	measured time.Time // when it was, with this machine's monotonic reading
	last     time.Time // what was told last
}

// Follow measures a source and is a clock that goes like it; Run keeps it so.
// Between measurements it goes by machine: time.Now.
func Follow(ctx context.Context, source func(context.Context) (time.Time, error), machine func() time.Time, log *slog.Logger) (*Clock, error) {
	c := &Clock{source: source, machine: machine, log: log}
	if err := c.measure(ctx); err != nil {
		return nil, fmt.Errorf("read the clock to follow: %w", err)
	}
	return c, nil
}

// Now is the source's time, UTC. It does not go back: after the source did, it
// stands until it is caught up with. While a machine sleeps it stands as well,
// and is right again with the next measurement.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.theirs.Add(c.machine().Sub(c.measured))
	if behind := c.last.Sub(now); behind > 0 && behind <= back {
		return c.last
	}
	c.last = now
	return now
}

// Run measures again and again until ctx is done. While the source is away, the
// clock goes on by the last measurement; that is logged once.
func (c *Clock) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	away := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := c.measure(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !away:
			c.log.Warn("The clock to follow cannot be read; going on by the last measurement.", "error", err)
		case err == nil && away:
			c.log.Info("The clock to follow is read again.")
		}
		away = err != nil
	}
}

// measure takes the source's answer for the time in the middle of the question.
func (c *Clock) measure(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, slowest)
	defer cancel()
	asked := c.machine()
	theirs, err := c.source(ctx)
	if err != nil {
		return err
	}
	took := c.machine().Sub(asked)
	if took > slowest { // the process stood still: the answer may be from the beginning of it
		return errSlow
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.theirs, c.measured = theirs.UTC().Round(0).Add(took/2), asked.Add(took)
	return nil
}
