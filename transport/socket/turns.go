package socket

import (
	"context"
	"sync"

	"github.com/google/uuid"
)

// maxOfOne is how many requests of one person are under way at once on a node,
// over however many connections: what asks the store is shared with everybody.
const maxOfOne = 8

// turns are those of people who have requests under way.
type turns struct {
	mu sync.Mutex
	of map[personKey]*turn
}

type personKey struct{ district, person uuid.UUID }

// turn has a place for each request that may be under way.
type turn struct {
	places chan struct{}
	users  int // who have a place or wait for one
}

// take waits for a place, no longer than ctx, and returns what gives it back.
func (t *turns) take(ctx context.Context, who personKey) (leave func(), err error) {
	t.mu.Lock()
	own := t.of[who]
	if own == nil {
		if t.of == nil {
			t.of = map[personKey]*turn{}
		}
		own = &turn{places: make(chan struct{}, maxOfOne)}
		t.of[who] = own
	}
	own.users++
	t.mu.Unlock()
	select {
	case own.places <- struct{}{}:
		return func() {
			<-own.places
			t.leave(who, own)
		}, nil
	case <-ctx.Done():
		t.leave(who, own)
		return nil, ctx.Err()
	}
}

func (t *turns) leave(who personKey, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(t.of, who)
	}
}
