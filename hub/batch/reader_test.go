package batch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// source answers with the square of a key, of those that are not negative, after
// a while.
type source struct {
	mu    sync.Mutex
	asked [][]int
	begun []time.Time
	err   error
	takes time.Duration
}

func (s *source) ask(ctx context.Context, _ string, keys []int) (map[int]int, error) {
	s.mu.Lock()
	s.asked, s.begun = append(s.asked, keys), append(s.begun, time.Now())
	err := s.err
	s.mu.Unlock()
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	squares := map[int]int{}
	for _, key := range keys {
		if key >= 0 {
			squares[key] = key * key
		}
	}
	return squares, err
}

func (s *source) reader() *Reader[string, int, int] { return NewReader(10*time.Second, s.ask) }

func TestWhoComesAloneIsAskedForAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Second}
		r, start := s.reader(), time.Now()
		for _, key := range []int{3, -1} {
			v, found, err := r.Read(t.Context(), "", key)
			if err != nil || found != (key == 3) || found && v != 9 {
				t.Errorf("%d is %d, %v, %v", key, v, found, err)
			}
		}
		if waited := time.Since(start); waited != 2*time.Second {
			t.Errorf("two in turn took %v", waited)
		}
		if len(r.groups) != 0 {
			t.Error("what nobody waits for is kept")
		}
	})
}

func TestThoseWhoComeMeanwhileAreTheNextQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Second}
		r := s.reader()
		var all sync.WaitGroup
		come := func(n int) {
			for i := range n {
				key := i % 600 // some are wanted twice
				all.Go(func() {
					if v, found, err := r.Read(t.Context(), "", key); err != nil || !found || v != key*key {
						t.Errorf("%d is %d, %v, %v", key, v, found, err)
					}
				})
			}
			synctest.Wait()
		}
		for range lanes {
			come(1)
		}
		come(1000)
		all.Wait()
		if n := len(s.asked); n != lanes+2 {
			t.Fatalf("%d questions", n)
		}
		for _, keys := range s.asked {
			if len(keys) > Most {
				t.Errorf("a question of %d", len(keys))
			}
			if slices.Sort(keys); len(slices.Compact(slices.Clone(keys))) != len(keys) {
				t.Error("a question names a key twice")
			}
		}
	})
}

// What was read before one came does not say what is so now.
func TestNobodyIsAnsweredByAQuestionThatWasAskedBeforeTheyCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Second}
		r := s.reader()
		var all sync.WaitGroup
		for i := range 100 {
			time.Sleep(30 * time.Millisecond)
			came := time.Now()
			all.Go(func() {
				if _, _, err := r.Read(t.Context(), "", 7); err != nil {
					t.Error(err)
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				answered := time.Now().Add(-s.takes) // when its question was asked
				if !slices.ContainsFunc(s.begun, answered.Equal) || answered.Before(came) {
					t.Errorf("the %dth was answered by a question older than itself", i)
				}
			})
		}
		all.Wait()
	})
}

func TestGroupsDoNotWaitForOneAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Second}
		r, start := s.reader(), time.Now()
		var all sync.WaitGroup
		for _, of := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			all.Go(func() { _, _, _ = r.Read(t.Context(), of, 1) })
		}
		all.Wait()
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("eight groups took %v", waited)
		}
	})
}

func TestEverybodyWaitsForAsLongAsTheyWill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: 4 * time.Second}
		r := s.reader()
		var all sync.WaitGroup
		for range lanes { // on their way
			all.Go(func() { _, _, _ = r.Read(t.Context(), "", 1) })
			synctest.Wait()
		}
		start := time.Now()
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, _, err := r.Read(ctx, "", 2); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("the impatient: %v after %v", err, time.Since(start))
			}
		})
		all.Go(func() {
			if v, found, err := r.Read(t.Context(), "", 3); v != 9 || !found || err != nil {
				t.Errorf("the patient: %d, %v, %v", v, found, err)
			}
		})
		all.Wait()
	})
}

func TestWhatNobodyWaitsForIsNotAskedAndWhatIsOnItsWayIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Hour}
		r := NewReader(time.Hour, s.ask)
		var all sync.WaitGroup
		come := func(ctx context.Context, n int) {
			for key := range n {
				all.Go(func() { _, _, _ = r.Read(ctx, "", key) })
				synctest.Wait()
			}
		}
		first, firstLeave := context.WithCancel(t.Context())
		second, secondLeave := context.WithCancel(t.Context())
		come(first, lanes)
		come(second, 5)
		start := time.Now()
		secondLeave()
		synctest.Wait()
		firstLeave()
		all.Wait()
		synctest.Wait()
		if len(s.asked) != lanes || time.Since(start) != 0 || len(r.groups) != 0 {
			t.Errorf("%d questions, %v later %d groups", len(s.asked), time.Since(start), len(r.groups))
		}
		s.takes = 0
		if v, _, err := r.Read(t.Context(), "", 5); v != 25 || err != nil {
			t.Errorf("afterwards: %d, %v", v, err)
		}
	})
}

// Who comes when all before them have left does not join what was dropped.
func TestWhoComesAfterOthersLeftIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Second}
		r := s.reader()
		var all sync.WaitGroup
		for range lanes {
			all.Go(func() { _, _, _ = r.Read(t.Context(), "", 1) })
			synctest.Wait()
		}
		ctx, leave := context.WithCancel(t.Context())
		all.Go(func() { _, _, _ = r.Read(ctx, "", 2) })
		synctest.Wait()
		leave()
		synctest.Wait()
		if v, found, err := r.Read(t.Context(), "", 2); v != 4 || !found || err != nil {
			t.Errorf("%d, %v, %v", v, found, err)
		}
		all.Wait()
	})
}

func TestAFailureIsThatOfAllWhoWaitedAndOfNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Second, err: errors.New("away")}
		r := s.reader()
		var all sync.WaitGroup
		for key := range 10 {
			all.Go(func() {
				if _, _, err := r.Read(t.Context(), "", key); !errors.Is(err, s.err) {
					t.Errorf("%d: %v", key, err)
				}
			})
		}
		all.Wait()
		s.err = nil
		if v, _, err := r.Read(t.Context(), "", 5); v != 25 || err != nil {
			t.Errorf("afterwards: %d, %v", v, err)
		}
	})
}

func TestAQuestionThatHangsEndsAndOthersPassIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{takes: time.Hour}
		r, start := s.reader(), time.Now()
		var all sync.WaitGroup
		all.Go(func() {
			if _, _, err := r.Read(t.Context(), "", 1); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
		})
		synctest.Wait()
		s.takes = time.Second
		if v, _, err := r.Read(t.Context(), "", 2); v != 4 || err != nil || time.Since(start) != time.Second {
			t.Errorf("who came after it: %d, %v, after %v", v, err, time.Since(start))
		}
		all.Wait()
	})
}
