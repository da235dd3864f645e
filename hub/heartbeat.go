package hub

import "github.com/google/uuid"

// Heartbeat is a sign of life that a node leaves in the store. It says that there
// is such a node, whatever the broker brings of it.
type Heartbeat struct {
	Node       uuid.UUID
	Count      int64 // of the node's: 1, 2, 3 …
	BrokerAway bool  // the node hears nothing through the broker, and knows
}
