package clock_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/homeline/homeline/hub/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errAway = errors.New("away")

// source is the clock of a database.
type source struct {
	ahead atomic.Int64 // of this machine
	away  atomic.Bool
	slow  atomic.Int64 // how long an answer takes, half of it on the way back
}

func (s *source) now(ctx context.Context) (time.Time, error) {
	time.Sleep(time.Duration(s.slow.Load()) / 2)
	defer time.Sleep(time.Duration(s.slow.Load()) / 2)
	if s.away.Load() {
		return time.Time{}, errAway
	}
	return s.truth(), ctx.Err()
}

func (s *source) truth() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// follow is a clock that goes like a source, until the test ends.
func follow(t *testing.T, s *source) (*clock.Clock, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	c, err := clock.Follow(t.Context(), s.now, time.Now, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	go c.Run(t.Context())
	return c, log
}

// off is how far the clock is from its source.
func off(c *clock.Clock, s *source) time.Duration { return c.Now().Sub(s.truth()) }

func TestAMachineThatIsTenMinutesOffGoesByItsDatabase(t *testing.T) {
	for _, ahead := range []time.Duration{10 * time.Minute, -10 * time.Minute, 0, 30 * 365 * 24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			s := &source{}
			s.ahead.Store(int64(ahead))
			c, _ := follow(t, s)
			for range 100 {
				if d := off(c, s); d != 0 {
					t.Fatalf("the clock is %v off", d)
				}
				time.Sleep(7 * time.Second)
			}
			if got := c.Now().Location(); got != time.UTC {
				t.Errorf("it tells %v", got)
			}
		})
	}
}

func TestAnAnswerThatTakesLongIsTakenForItsMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		s.slow.Store(int64(2 * time.Second))
		c, _ := follow(t, s)
		if d := off(c, s); d != 0 {
			t.Errorf("the clock is %v off", d)
		}
	})
}

// A process that was stopped in between takes the answer up late, and its context
// may not have been heard of yet.
func TestAnAnswerThatWasTakenUpLateSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		stopped := time.Duration(0)
		c, err := clock.Follow(t.Context(), func(context.Context) (time.Time, error) {
			now := s.truth()
			time.Sleep(stopped)
			return now, nil
		}, time.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		stopped = 16 * time.Second
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			c.Run(ctx)
		}()
		time.Sleep(time.Minute)
		if d := off(c, s); d != 0 {
			t.Errorf("the clock is %v off", d)
		}
		end()
		<-ended
	})
}

func TestWhileTheSourceIsAwayTheClockGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		s.ahead.Store(int64(10 * time.Minute))
		c, log := follow(t, s)
		s.away.Store(true)
		time.Sleep(time.Hour)
		if d := off(c, s); d != 0 {
			t.Errorf("the clock is %v off", d)
		}
		s.away.Store(false)
		time.Sleep(time.Minute)
		synctest.Wait()
		if text := log.String(); strings.Count(text, "cannot be read") != 1 || strings.Count(text, "is read again") != 1 {
			t.Errorf("logged was:\n%s", text)
		}
	})
}

func TestAMachineThatSleptIsRightWithTheNextMeasurement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		c, _ := follow(t, s)
		time.Sleep(time.Second)
		s.ahead.Add(int64(9 * time.Hour)) // a monotonic clock stands while its machine sleeps
		if d := off(c, s); d != -9*time.Hour {
			t.Errorf("at once, the clock is %v off", d)
		}
		time.Sleep(10 * time.Second)
		if d := off(c, s); d != 0 {
			t.Errorf("after a measurement, the clock is %v off", d)
		}
	})
}

func TestTheClockDoesNotGoBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		c, _ := follow(t, s)
		before := c.Now()
		s.ahead.Add(int64(-10 * time.Minute))
		for range 600 {
			time.Sleep(time.Second)
			now := c.Now()
			if now.Before(before) {
				t.Fatalf("it went back from %v to %v", before, now)
			}
			before = now
		}
		time.Sleep(time.Minute)
		if d := off(c, s); d != 0 {
			t.Errorf("when it was caught up with, the clock is %v off", d)
		}
	})
}

func TestASourceThatWasFarAheadIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		s.ahead.Store(int64(365 * 24 * time.Hour))
		c, _ := follow(t, s)
		c.Now()
		s.ahead.Store(0)
		time.Sleep(11 * time.Second)
		if d := off(c, s); d != 0 {
			t.Errorf("the clock is %v off", d)
		}
	})
}

func TestThereIsNoClockWithoutASource(t *testing.T) {
	s := &source{}
	s.away.Store(true)
	if _, err := clock.Follow(t.Context(), s.now, time.Now, slog.New(slog.DiscardHandler)); !errors.Is(err, errAway) {
		t.Errorf("got %v", err)
	}
}
