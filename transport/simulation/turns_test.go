package simulation_test

import (
	"sync"
	"time"
)

// turns are those of a page's script: one after the other, each run to its end
// with what it has put off (in a browser: with its microtasks). Everything that
// calls into a page is told to its history.
type turns struct {
	history history
	began   time.Time

	mu      sync.Mutex
	asleep  bool // the machine: no timer fires and nothing is received
	waking  chan struct{}
	waiting []func()
	put     []func()
	timers  int // that there have been
	closed  bool
}

func newTurns() *turns {
	t := &turns{began: time.Now(), waking: make(chan struct{})}
	close(t.waking)
	return t
}

// take runs a turn, or keeps it for when the machine wakes.
func (p *turns) take(turn func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
	case p.asleep:
		p.waiting = append(p.waiting, turn)
	default:
		p.run(turn)
	}
}

func (p *turns) run(turn func()) {
	turn()
	for len(p.put) > 0 {
		next := p.put[0]
		p.put = p.put[1:]
		next()
	}
}

// then puts something off to the end of the turn: what stands after an await.
func (p *turns) then(f func()) { p.put = append(p.put, f) }

// now is the time in ms, as a browser has it.
func (p *turns) now() float64 { return float64(time.Since(p.began)) / float64(time.Millisecond) }

// after is clock.after of static/js/clock.js.
func (p *turns) after(ms float64, f func()) (cancel func()) {
	p.timers++
	nth, due, cancelled := p.timers, p.now()+ms, false
	timer := time.AfterFunc(time.Duration(ms*float64(time.Millisecond)), func() {
		p.take(func() {
			if !cancelled {
				p.tell(entry{Timer: nth, Due: due})
				f()
			}
		})
	})
	return func() {
		cancelled = true
		timer.Stop()
	}
}

func (p *turns) tell(e entry) { p.history.add(p.now(), e) }

// sleep lets no turn happen until wake.
func (p *turns) sleep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.asleep {
		p.asleep, p.waking = true, make(chan struct{})
	}
}

// wake has all turns that waited, and says whether the machine had slept.
func (p *turns) wake() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	slept := p.asleep
	if slept {
		p.asleep = false
		close(p.waking)
	}
	waiting := p.waiting
	p.waiting = nil
	for _, turn := range waiting {
		p.run(turn)
	}
	return slept
}

// awake is closed while the machine is awake.
func (p *turns) awake() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waking
}
