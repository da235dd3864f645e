package memory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/homeline/homeline/hub"
)

// Fault is what goes wrong with one call. The zero value is nothing.
type Fault struct {
	Wait   time.Duration // before anything happens
	Refuse bool          // nothing happens: the store is away
	Delay  time.Duration // between the commit, or the look, and the answer
	Lose   bool          // it has happened, and the answer is lost
}

// Causes of the errors of faults, which are all of [hub.CodeBusy].
var (
	ErrAway = errors.New("the store is away")
	ErrLost = errors.New("the answer was lost")
)

// Break asks fault of every call from now on, by the name of its method, what is
// to go wrong with it; nil mends the store. fault may be asked by many at once.
func (s *Store) Break(fault func(method string) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// call runs do under the lock, and lets go wrong what is to go wrong. ctx
// bounds the waits; what do has done stays done, whatever the answer.
func call[T any](ctx context.Context, s *Store, method string, do func() (T, error)) (answer T, err error) {
	var none T
	s.mu.Lock()
	fault := s.fault
	s.mu.Unlock()
	var f Fault
	if fault != nil {
		f = fault(method)
	}
	if err := wait(ctx, f.Wait); err != nil {
		return none, err
	}
	if f.Refuse {
		return none, busy(method, ErrAway)
	}
	s.mu.Lock()
	answer, err = do()
	s.mu.Unlock()
	if late := wait(ctx, f.Delay); late != nil {
		return none, busy(method, late)
	}
	if f.Lose {
		return none, busy(method, ErrLost)
	}
	return answer, err
}

func busy(method string, cause error) error {
	return fmt.Errorf("%s: %w: %w", method, &hub.Error{Code: hub.CodeBusy}, cause)
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
