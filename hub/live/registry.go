package live

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
)

const shardCount = 64

// registry finds the sessions of a person. It is divided so that people coming,
// going and being told do not wait for one another.
type registry struct {
	shards [shardCount]shard
	count  atomic.Int64
}

type shard struct {
	mu        sync.RWMutex
	people    map[personKey][]*Session
	delivered atomic.Int64 // frames handed to sessions
}

type personKey struct{ district, person uuid.UUID }

// shardOf goes by the last byte of the id, which is random in all of ours.
func (r *registry) shardOf(k personKey) *shard { return &r.shards[k.person[15]%shardCount] }

// add keeps a session and returns the one that has to go for it, if the person has
// too many. The caller ends that one.
func (r *registry) add(s *Session) (out *Session) {
	k := personKey{s.who.District, s.who.Person}
	sh := r.shardOf(k)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.people == nil {
		sh.people = map[personKey][]*Session{}
	}
	if out = surplus(sh.people[k]); out != nil {
		out.leaving = true
	}
	sh.people[k] = append(slices.Clip(sh.people[k]), s)
	r.count.Add(1)
	return out
}

// surplus returns which of a person's sessions goes for another one: the one that
// has owed the answer to a ping for longest, else the oldest; nil if there are few
// enough. The caller holds the lock of the shard.
func surplus(sessions []*Session) (out *Session) {
	longest, staying := pingPatience, 0
	for _, s := range sessions {
		if s.leaving {
			continue
		}
		staying++
		if owed := s.conn.Unanswered(); out == nil || owed > longest {
			out, longest = s, max(owed, longest)
		}
	}
	if staying < maxSessions {
		return nil
	}
	return out
}

// remove says whether it was there, and how many sessions are left.
func (r *registry) remove(s *Session) (removed bool, left int64) {
	k := personKey{s.who.District, s.who.Person}
	sh := r.shardOf(k)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sessions := sh.people[k]
	i := slices.Index(sessions, s)
	if i < 0 {
		return false, r.count.Load()
	}
	if len(sessions) == 1 {
		delete(sh.people, k)
	} else {
		rest := make([]*Session, 0, len(sessions)-1)
		sh.people[k] = append(append(rest, sessions[:i]...), sessions[i+1:]...)
	}
	return true, r.count.Add(-1)
}

// of are a person's sessions. The slice is never changed after.
func (r *registry) of(k personKey) []*Session {
	sh := r.shardOf(k)
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	return sh.people[k]
}

// deliveries are the frames that were ever handed to sessions.
func (r *registry) deliveries() (n int64) {
	for i := range r.shards {
		n += r.shards[i].delivered.Load()
	}
	return n
}

// all are the sessions.
func (r *registry) all() []*Session {
	var out []*Session
	for _, sessions := range r.byDistrict() {
		out = append(out, sessions...)
	}
	return out
}

// byDistrict are the sessions by their district.
func (r *registry) byDistrict() map[uuid.UUID][]*Session {
	out := map[uuid.UUID][]*Session{}
	for i := range r.shards {
		sh := &r.shards[i]
		sh.mu.RLock()
		for k, sessions := range sh.people {
			out[k.district] = append(out[k.district], sessions...)
		}
		sh.mu.RUnlock()
	}
	return out
}
