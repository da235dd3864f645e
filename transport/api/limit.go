package api

import (
	"sync"

	"golang.org/x/time/rate"
)

const (
	requestRate  = 20     // requests a second of one session
	requestBurst = 100    // requests at once
	maxLimits    = 10_000 // sessions that are remembered
)

// limits bound how much a session may ask.
type limits struct {
	mu       sync.Mutex
	sessions map[string]*rate.Limiter
}

func newLimits() *limits { return &limits{sessions: map[string]*rate.Limiter{}} }

func (l *limits) allow(session string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.sessions[session]
	if limiter == nil {
		l.makeRoom()
		limiter = rate.NewLimiter(requestRate, requestBurst)
		l.sessions[session] = limiter
	}
	return limiter.Allow()
}

// makeRoom forgets, where there are too many, the sessions that may ask all they
// may ask again: to forget them changes nothing. Where all are busy, any goes.
func (l *limits) makeRoom() {
	if len(l.sessions) < maxLimits {
		return
	}
	for id, limiter := range l.sessions {
		if limiter.Tokens() >= requestBurst {
			delete(l.sessions, id)
		}
	}
	for id := range l.sessions {
		if len(l.sessions) < maxLimits {
			return
		}
		delete(l.sessions, id)
	}
}
