package api

import (
	"sync"

	"golang.org/x/time/rate"

	"github.com/homeline/homeline/hub"
)

const (
	requestRate  = 20     // requests a second of one person
	requestBurst = 100    // requests at once
	maxAtOnce    = 8      // requests of one person that are not answered yet
	maxLimits    = 10_000 // people that are remembered
)

// limits bound how much a person may ask, with however many sessions.
type limits struct {
	mu     sync.Mutex
	people map[hub.Actor]*limit
}

type limit struct {
	rate   *rate.Limiter
	asking int
}

func newLimits() *limits { return &limits{people: map[hub.Actor]*limit{}} }

// enter says whether a request may be done now; leave is called after it.
func (l *limits) enter(who hub.Actor) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	of := l.people[who]
	if of == nil {
		l.makeRoom()
		of = &limit{rate: rate.NewLimiter(requestRate, requestBurst)}
		l.people[who] = of
	}
	if of.asking >= maxAtOnce || !of.rate.Allow() {
		return false
	}
	of.asking++
	return true
}

func (l *limits) leave(who hub.Actor) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.people[who].asking-- // who asks is not forgotten
}

// makeRoom forgets, where there are too many, the people that may ask all they
// may ask again: to forget them changes nothing. Where all are busy, any goes
// who is not being answered just now.
func (l *limits) makeRoom() {
	if len(l.people) < maxLimits {
		return
	}
	for who, of := range l.people {
		if of.asking == 0 && of.rate.Tokens() >= requestBurst {
			delete(l.people, who)
		}
	}
	for who, of := range l.people {
		if len(l.people) < maxLimits {
			return
		}
		if of.asking == 0 {
			delete(l.people, who)
		}
	}
}
