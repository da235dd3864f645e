package page

import (
	"sync"
	"time"
)

// turn is the one thread of a page: whatever happens to it happens under it, and
// while the device sleeps nothing does.
type turn struct{ mu sync.Mutex }

func (t *turn) do(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
}

// after calls f once after d; what it gives takes the call back. Both are called
// in the turn.
func (t *turn) after(d time.Duration, f func()) (cancel func()) {
	cancelled := false
	timer := time.AfterFunc(d, func() {
		t.do(func() {
			if !cancelled {
				f()
			}
		})
	})
	return func() {
		cancelled = true
		timer.Stop()
	}
}
