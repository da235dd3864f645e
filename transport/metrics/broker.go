package metrics

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

// timedBroker is a live.Broker whose publishes are timed.
type timedBroker struct {
	live.Broker
	metrics *Metrics
}

// Broker is b with its publishes timed.
func (m *Metrics) Broker(b live.Broker) live.Broker { return timedBroker{b, m} }

// Publish implements live.Broker.
func (b timedBroker) Publish(ctx context.Context, district uuid.UUID, payload []byte) error {
	began := time.Now()
	defer func() { b.metrics.publishes.Observe(time.Since(began).Seconds()) }()
	return b.Broker.Publish(ctx, district, payload)
}
