package live

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	epochInterval = time.Second      // between looks at the epoch
	renewInterval = 10 * time.Second // at least, between two renewals by one node
)

// history is the epoch of the store as a node knows it. Whoever asks the store
// for it or renews it holds the semaphore, so that no old answer overtakes.
type history struct {
	wake      chan struct{}
	semaphore chan struct{}
	renewed   time.Time // guarded by the semaphore

	mu    sync.Mutex
	epoch uuid.UUID // uuid.Nil until it was asked for
}

func newHistory() *history {
	return &history{wake: make(chan struct{}, 1), semaphore: make(chan struct{}, 1)}
}

func (h *history) known() uuid.UUID {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.epoch
}

// heard takes the epoch that another node knows: if it is another one, the store
// is asked.
func (h *history) heard(epoch uuid.UUID) {
	if epoch == uuid.Nil || epoch == h.known() {
		return
	}
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Epoch returns the epoch that the node knows, and asks the store first if it
// knows none. What is read from the store after that is of this epoch or of a
// later one, of which the node is about to learn.
func (n *Node) Epoch(ctx context.Context) (uuid.UUID, error) {
	if known := n.history.known(); known != uuid.Nil {
		return known, nil
	}
	return n.askEpoch(ctx)
}

// askEpoch asks the store, and acts if the epoch is another one.
func (n *Node) askEpoch(ctx context.Context) (uuid.UUID, error) {
	return n.learn(ctx, func(ctx context.Context, _ uuid.UUID) (uuid.UUID, error) { return n.store.Epoch(ctx) })
}

// followHistory asks for the epoch until ctx ends: every so often, and when
// another node has another one. An error is no news: reconciling meets it too.
func (n *Node) followHistory(ctx context.Context) {
	for {
		patient, cancel := context.WithTimeout(ctx, storePatience)
		_, _ = n.askEpoch(patient)
		cancel()
		timer := time.NewTimer(epochInterval)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-n.history.wake:
			timer.Stop()
			if !sleep(ctx, moment) {
				return
			}
		case <-timer.C:
		}
	}
}

// wentBack renews the epoch: the store has less than what had been delivered when
// the node knew an epoch. If it knows another one by now, that says it already.
func (n *Node) wentBack(ctx context.Context, as uuid.UUID) {
	_, err := n.learn(ctx, func(ctx context.Context, known uuid.UUID) (uuid.UUID, error) {
		if known != as || time.Since(n.history.renewed) < renewInterval {
			return known, nil // what is behind stays so, and the next look finds it
		}
		epoch, err := n.store.RenewEpoch(ctx, known)
		if err == nil {
			n.history.renewed = time.Now()
		}
		return epoch, err
	})
	if err != nil && ctx.Err() == nil {
		n.log.Warn("the history went back, and the epoch could not be renewed yet", "error", err)
	}
}

// learn has ask say which epoch it is. If that is another than the known one,
// all sessions are sent away to come back: what their pages show, and the numbers
// that they compare, are of a history that is no longer told.
func (n *Node) learn(ctx context.Context, ask func(ctx context.Context, known uuid.UUID) (uuid.UUID, error)) (uuid.UUID, error) {
	h := n.history
	select {
	case h.semaphore <- struct{}{}:
		defer func() { <-h.semaphore }()
	case <-ctx.Done():
		return uuid.Nil, ctx.Err()
	}
	known := h.known()
	epoch, err := ask(ctx, known)
	if err != nil || epoch == known {
		return epoch, err
	}
	h.mu.Lock()
	h.epoch = epoch
	h.mu.Unlock()
	if known == uuid.Nil {
		return epoch, nil
	}
	n.log.Warn("the database tells another history: it was restored or copied, or lost what had been committed; open pages read everything again",
		"epoch", epoch, "before", known)
	n.outbox.beat(n) // the others hear of it
	for _, s := range n.registry.all() {
		if s.Epoch() != epoch {
			s.End(CloseEpoch)
		}
	}
	return epoch, nil
}

// Epoch returns the epoch as of which the session began: it does not outlive it.
func (s *Session) Epoch() uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch
}

// delivered returns the version of the inbox that the session was told of, 0
// while it is told of none.
func (s *Session) delivered() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inbox == nil || s.inbox.opening {
		return 0
	}
	return s.inbox.version
}

// lastOf returns the number up to which the session was told of a conversation,
// 0 while it is told of none.
func (s *Session) lastOf(id uuid.UUID) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conversations[id]; c != nil && !c.opening {
		return c.last
	}
	return 0
}
