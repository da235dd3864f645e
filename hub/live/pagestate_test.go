package live_test

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/wire"
)

// told are the types of the frames that came.
func (p *page) told() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.events)
}

// states is how many events of the inbox did not say what happened.
func (p *page) states() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bare
}

// how the last connection ended.
func (p *page) how() live.Close {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *page) connected() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.session != nil
}

func (p *page) current() *live.Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.session
}

func (p *page) sealOf(id uuid.UUID) (wire.Seal, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seal, told := p.sealed[id]
	return seal, told
}

func (p *page) shown(id uuid.UUID) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.letters[id])
}

// stick lets the page take nothing more until release.
func (p *page) stick() (release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stuck := make(chan struct{})
	p.stuck = stuck
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		close(stuck)
		p.stuck = nil
	}
}
