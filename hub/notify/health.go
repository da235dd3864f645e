package notify

import (
	"log/slog"
	"sync"
	"time"
)

// health is how the provider does. After several failures in a row nothing but
// single mails are tried, further and further apart. What is about one recipient
// or one letter is no such failure, else a few bad addresses, which are always
// tried first, would slow everybody; and being asked is not being sent to.
type health struct {
	log      *slog.Logger
	bearable int // failures in a row that mean nothing

	mu       sync.Mutex
	failures int
	since    time.Time // the first of them
	last     time.Time // the last of them
	until    time.Time // nothing is tried before
	told     bool
}

const (
	longestPause = time.Minute
	longEnough   = 5 * time.Minute // failures over this time mean something, however few
)

// worked notes an answer, also one that refused a mail.
func (h *health) worked() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures, h.since, h.until = 0, time.Time{}, time.Time{}
	if h.told {
		h.told = false
		h.log.Info("The mail provider takes mails again.")
	}
}

// failed notes that a mail was not taken, or nobody knows; after is how long the
// provider said to wait.
func (h *health) failed(why string, after time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = time.Now()
	if h.failures++; h.failures == 1 {
		h.since = h.last
	}
	pause := min(after, time.Hour)
	if over := h.failures - h.bearable; over >= 0 {
		pause = max(pause, backoff(over+1, time.Second, longestPause))
	}
	if until := time.Now().Add(pause); pause > 0 && until.After(h.until) {
		h.until = until
	}
	if h.isAway() && !h.told {
		h.told = true
		h.log.Warn("The mail provider takes no mails. They wait, and are tried again.", "error", why)
	}
}

// pause is how long nothing is to be tried.
func (h *health) pause() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Until(h.until)
}

// away says whether an operator is to look: where few mails are due, the provider
// may be away for long before it has failed often.
func (h *health) away() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.isAway()
}

func (h *health) isAway() bool {
	return h.failures >= h.bearable || h.failures > 1 && h.last.Sub(h.since) >= longEnough
}

func (h *health) doubtful() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.failures >= h.bearable
}

// trouble logs once that the store fails, and once that it no longer does.
type trouble struct {
	log *slog.Logger
	has bool
}

func (t *trouble) note(err error) {
	switch {
	case err != nil && !t.has:
		t.log.Warn("Mails cannot be claimed from the store. They wait.", "error", err)
	case err == nil && t.has:
		t.log.Info("Mails can be claimed from the store again.")
	}
	t.has = err != nil
}
