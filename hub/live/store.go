package live

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Store is where a node reads what events did not bring. A [hub.Store] is one.
type Store interface {
	Conversation(ctx context.Context, district, conversation, person uuid.UUID) (hub.Conversation, error)
	Messages(ctx context.Context, district, conversation, person uuid.UUID, r hub.Range) ([]hub.Message, error)
	Heads(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]hub.Head, error)
	Tails(ctx context.Context, district uuid.UUID, conversations []uuid.UUID) ([]hub.Tail, error)
	Standings(ctx context.Context, district uuid.UUID, seats []hub.Seat) ([]hub.Standing, error)
	Epoch(ctx context.Context) (uuid.UUID, error)
	RenewEpoch(ctx context.Context, known uuid.UUID) (uuid.UUID, error)
}

// SignIns tells which sign-ins have ended, so that a lost event cannot leave a
// connection open for ever.
type SignIns interface {
	// Ended are the ids of those whose sign-in is no longer valid, or no longer
	// theirs.
	Ended(ctx context.Context, who []Who) ([]string, error)
}
