package metrics

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// kind is what a change of a store is.
type kind string

const (
	kindStart kind = "start"
	kindPost  kind = "post"
	kindRead  kind = "read"
	kindSeal  kind = "seal"
)

var kinds = []kind{kindStart, kindPost, kindRead, kindSeal}

// timedStore is a hub.Store whose changes are timed.
type timedStore struct {
	hub.Store
	metrics *Metrics
}

// Store is s with its changes timed.
func (m *Metrics) Store(s hub.Store) hub.Store { return timedStore{s, m} }

// Start implements hub.Store.
func (s timedStore) Start(ctx context.Context, start hub.Start, plan func(roster.Facts) ([]hub.NewConversation, error)) (hub.Started, error) {
	return timed(s.metrics, kindStart, func() (hub.Started, error) { return s.Store.Start(ctx, start, plan) })
}

// Post implements hub.Store.
func (s timedStore) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	return timed(s.metrics, kindPost, func() (hub.Receipt, error) { return s.Store.Post(ctx, p) })
}

// MarkRead implements hub.Store.
func (s timedStore) MarkRead(ctx context.Context, district, conversation, person uuid.UUID, upTo int64) (hub.ReadReceipt, error) {
	return timed(s.metrics, kindRead, func() (hub.ReadReceipt, error) {
		return s.Store.MarkRead(ctx, district, conversation, person, upTo)
	})
}

// Seal implements hub.Store.
func (s timedStore) Seal(ctx context.Context, district, conversation uuid.UUID, seal hub.Seal, unseen func(roster.Facts) bool) (hub.SealReceipt, error) {
	return timed(s.metrics, kindSeal, func() (hub.SealReceipt, error) {
		return s.Store.Seal(ctx, district, conversation, seal, unseen)
	})
}

func timed[T any](m *Metrics, k kind, change func() (T, error)) (T, error) {
	began := time.Now()
	done, err := change()
	m.commits.WithLabelValues(string(k)).Observe(time.Since(began).Seconds())
	if hub.Failed(err) {
		m.failures.WithLabelValues(string(k)).Inc()
	}
	return done, err
}
