// Package batch asks a store once for what many want to know at the same time.
package batch

import (
	"context"
	"sync"
	"time"
)

const (
	// Most is how many keys one question has at most.
	Most = 512
	// lanes are the questions of one group that may be on their way at once: one
	// that hangs does not hold up who comes after it.
	lanes = 2
)

// Reader reads values by key. Keys that are wanted while a question of their
// group is on its way are the next question; who comes alone waits for nobody.
// A question is asked only after everybody whose key it holds has asked for it,
// and is dropped when nobody waits for its answer any more.
type Reader[G, K comparable, V any] struct {
	ask      func(ctx context.Context, group G, keys []K) (map[K]V, error)
	patience time.Duration

	mu     sync.Mutex
	groups map[G]*group[K, V]
}

// group is what is asked together. It is there while anything is.
type group[K comparable, V any] struct {
	asking  int               // questions on their way
	waiting []*question[K, V] // the last may have room
}

// question is some keys and who waits for them.
type question[K comparable, V any] struct {
	keys   []K
	has    map[K]struct{} // the keys
	people int            // who wait; guarded by Reader.mu
	ctx    context.Context
	drop   context.CancelFunc

	done    chan struct{} // closed when the rest is there
	answers map[K]V
	err     error
}

// NewReader reads with ask, which has patience for each question and leaves out
// of its answer the keys that have no value.
func NewReader[G, K comparable, V any](patience time.Duration, ask func(ctx context.Context, group G, keys []K) (map[K]V, error)) *Reader[G, K, V] {
	return &Reader[G, K, V]{ask: ask, patience: patience, groups: map[G]*group[K, V]{}}
}

// Read is the value of a key, found where it has one. It is read after the call
// began. ctx bounds this caller's wait and nobody else's.
func (r *Reader[G, K, V]) Read(ctx context.Context, of G, key K) (value V, found bool, err error) {
	q := r.join(of, key)
	defer r.leave(q)
	select {
	case <-q.done:
		value, found = q.answers[key]
		return value, found, q.err
	case <-ctx.Done():
		return value, false, ctx.Err()
	}
}

// join takes a place in a question that has not been asked yet.
func (r *Reader[G, K, V]) join(of G, key K) *question[K, V] {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.groups[of]
	if g == nil {
		g = &group[K, V]{}
		r.groups[of] = g
	}
	q := g.open(key)
	q.people++
	if g.asking < lanes {
		g.asking++
		go r.askAll(of, g)
	}
	return q
}

// open is the question that has room for a key: a new one where there is none.
func (g *group[K, V]) open(key K) *question[K, V] {
	if n := len(g.waiting); n > 0 {
		if last := g.waiting[n-1]; last.people > 0 && last.add(key) {
			return last
		}
	}
	q := &question[K, V]{has: map[K]struct{}{}, done: make(chan struct{})}
	q.ctx, q.drop = context.WithCancel(context.Background())
	q.add(key)
	g.waiting = append(g.waiting, q)
	return q
}

// add says false where there is no room for a key.
func (q *question[K, V]) add(key K) bool {
	if _, again := q.has[key]; again {
		return true
	}
	if len(q.keys) == Most {
		return false
	}
	q.keys = append(q.keys, key)
	q.has[key] = struct{}{}
	return true
}

func (r *Reader[G, K, V]) leave(q *question[K, V]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if q.people--; q.people == 0 {
		q.drop()
	}
}

// askAll asks what waits, one question after the other, until nothing does.
func (r *Reader[G, K, V]) askAll(of G, g *group[K, V]) {
	for q := r.next(of, g); q != nil; q = r.next(of, g) {
		ctx, cancel := context.WithTimeout(q.ctx, r.patience)
		q.answers, q.err = r.ask(ctx, of, q.keys)
		cancel()
		close(q.done)
	}
}

// next is the oldest question that somebody waits for; nobody joins it any more.
func (r *Reader[G, K, V]) next(of G, g *group[K, V]) *question[K, V] {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(g.waiting) > 0 {
		q := g.waiting[0]
		g.waiting[0] = nil
		g.waiting = g.waiting[1:]
		if q.people > 0 {
			return q
		}
	}
	if g.asking--; g.asking == 0 {
		delete(r.groups, of)
	}
	return nil
}
