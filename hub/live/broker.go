package live

import (
	"context"

	"github.com/google/uuid"
)

// Broker carries payloads between the nodes of an installation, one channel a
// district. It is trusted with nothing: it may lose, delay, double and reorder.
// transport/broker/brokertest holds what it must do all the same.
type Broker interface {
	// Run hands l what arrives, from one goroutine, until ctx ends. It is called
	// once, and reconnects for ever by itself.
	Run(ctx context.Context, l Listener)
	// Publish gives a payload to every node that listens to the district, this
	// one included. The payload is not changed or kept by either side afterwards.
	Publish(ctx context.Context, district uuid.UUID, payload []byte) error
	// Subscribe returns when the broker has acknowledged: what is published to
	// the district from then on is delivered. It works before and during Run,
	// and again after an error; where the connection is known to be lost it
	// fails at once.
	Subscribe(ctx context.Context, district uuid.UUID) error
	// Unsubscribe ends it. What is on its way may still arrive.
	Unsubscribe(district uuid.UUID)
	// Replace drops the connection and makes a new one: whatever it says, what
	// is published does not come back.
	Replace()
}

// Listener hears from a broker. Its methods must not block.
type Listener interface {
	Deliver(district uuid.UUID, payload []byte)
	// Connected says that the broker is there, again or after having dropped
	// something: what was published before may have been missed.
	Connected()
	// Away says that the connection is lost.
	Away()
}
