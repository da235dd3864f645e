package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/installation"
	"github.com/homeline/homeline/bench/page"
)

// member is somebody at a device of theirs: opens pages, reads, writes, leaves,
// closes the lid, returns.
type member struct {
	person installation.Person
	device *page.Device
	crowd  *crowd
	random *rand.Rand
	wrote  int // letters, to tell them apart

	mu     sync.Mutex
	page   *page.Page // nil while away
	asleep bool
	reply  *page.Reply // that is on its way
}

func (m *member) staff() bool { return m.person.Role == "teacher" }

// live does this and that until ctx ends, at a pace; then it is awake, and but
// for a few has a page open.
func (m *member) live(ctx, settled context.Context) {
	for {
		fault.Sleep(ctx, time.Duration(m.random.ExpFloat64()*float64(m.crowd.pace)))
		if ctx.Err() != nil {
			break
		}
		m.act(ctx)
	}
	m.wake()
	if m.open() == nil && (m.reply != nil || m.random.Float64() >= stayAway) {
		m.enter(settled, m.anyPage)
	}
}

// stayAway is the share of those who are away that are away over the end of a round.
const stayAway = 0.1

func (m *member) act(ctx context.Context) {
	if m.asleep {
		m.wake()
		return
	}
	if m.reply != nil && answered(m.reply) {
		m.setReply(nil)
	}
	p := m.open()
	switch dice := m.random.Float64(); {
	case p == nil:
		m.enter(ctx, m.anyPage)
	case m.reply != nil:
		if dice < 0.15 { // reads it again, and sends what was kept
			m.leave()
			m.enter(ctx, m.anyPage)
		}
	case dice < 0.06:
		m.leave()
	case dice < 0.10:
		m.setAsleep(true)
		p.Sleep()
	case dice < 0.13:
		if id, ok := m.crowd.foreign(m); ok {
			m.device.Probe(ctx, id)
		}
	case dice < 0.15 && m.staff():
		m.start()
	case p.State().Conversation != uuid.Nil && dice < 0.7:
		m.send(p)
	default:
		m.leave()
		m.enter(ctx, m.anyPage)
	}
}

// enter opens a page: what does not open is loaded again.
func (m *member) enter(ctx context.Context, which func(context.Context) (*page.Page, error)) {
	for ctx.Err() == nil {
		p, err := which(ctx)
		if err == nil {
			m.setPage(p)
			if m.reply != nil {
				p.Send(m.reply)
			}
			return
		}
		fault.Sleep(ctx, time.Second+time.Duration(m.random.Float64()*float64(time.Second)))
	}
}

// anyPage is the one where something waits to be sent, or the inbox, or a
// conversation that the inbox shows.
func (m *member) anyPage(ctx context.Context) (*page.Page, error) {
	if m.reply != nil {
		return m.device.OpenConversation(ctx, m.reply.Conversation, true)
	}
	p, err := m.device.OpenInbox(ctx)
	if err != nil || m.random.Float64() < 0.3 {
		return p, err
	}
	defer p.Leave()
	var newest []uuid.UUID
	for id := range p.State().Rows {
		newest = append(newest, id)
	}
	if len(newest) == 0 {
		return m.device.OpenInbox(ctx)
	}
	sortIDs(newest)
	return m.device.OpenConversation(ctx, newest[m.random.IntN(len(newest))], m.random.Float64() < 0.8)
}

func (m *member) send(p *page.Page) {
	m.wrote++
	body := fmt.Sprintf("%s, letter %d: %s", m.device.Record.Device, m.wrote, m.words())
	r := page.NewReply(p.State().Conversation, body, m.random.Float64() < 0.5)
	m.setReply(r)
	p.Send(r)
}

// start starts a conversation with a family, and tries until it knows that it
// has.
func (m *member) start() {
	s, ok := m.crowd.start(m, 1)
	if !ok {
		return
	}
	m.crowd.trying.Add(1)
	m.crowd.tries.Go(func() {
		defer m.crowd.trying.Add(-1)
		m.persist(s)
	})
}

// persist tries for as long as the crowd is there.
func (m *member) persist(s page.Start) {
	for m.crowd.there.Err() == nil && m.device.Start(m.crowd.there, s) != nil {
		fault.Sleep(m.crowd.there, time.Second)
	}
}

// words are a few, and sometimes as many as a letter may hold.
func (m *member) words() string {
	n := 1 + m.random.IntN(40)
	if m.random.Float64() < 0.02 {
		n = 1400
	}
	const word = "school "
	text := make([]byte, 0, n*len(word))
	for range n {
		text = append(text, word...)
	}
	return string(text[:len(text)-1])
}

func (m *member) leave() {
	if p := m.open(); p != nil {
		p.Leave()
		m.setPage(nil)
	}
}

func (m *member) wake() {
	if m.asleep {
		m.open().Wake()
		m.setAsleep(false)
	}
}

func (m *member) open() *page.Page {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.page
}

func (m *member) setPage(p *page.Page) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.page = p
}

func (m *member) setAsleep(yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asleep = yes
}

func (m *member) setReply(r *page.Reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reply = r
}

// unanswered says whether a letter is still on its way.
func (m *member) unanswered() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reply != nil && !answered(m.reply)
}

func answered(r *page.Reply) bool {
	select {
	case <-r.Answered():
		return true
	default:
		return false
	}
}
