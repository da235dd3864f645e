package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/wire"
)

// page is a client that does what docs/protocol.md says and nothing cleverer:
// the newest version wins, and messages are taken as they come, those twice but
// once. Its connection is a function call.
type page struct {
	t      testing.TB
	school *school
	who    live.Who
	follow []uuid.UUID

	mu       sync.Mutex
	node     *live.Node
	session  *live.Session // nil while it is not connected
	closed   live.Close    // how the last connection ended
	connects int           // how often it did
	epoch    uuid.UUID     // of all below
	lost     bool          // it answers no ping
	pinged   time.Time     // since when; zero while it owes no answer

	version, unread int64
	letters         map[uuid.UUID][]int64 // numbers in the order in which they were shown
	bodies          map[uuid.UUID]map[int64]string
	last            map[uuid.UUID]int64 // that the page asks to go on from
	held            map[uuid.UUID]map[int64]bool
	catching        map[uuid.UUID]bool
	sealed          map[uuid.UUID]wire.Seal
	bare            int // inbox events that did not say what happened
	events          []string
	wrong           []string      // what the page was told against the protocol
	slow            time.Duration // for each frame
	stuck           chan struct{} // while not nil, nothing is taken
}

func newPage(t testing.TB, s *school, person uuid.UUID, follow ...uuid.UUID) *page {
	return &page{
		t: t, school: s, follow: follow,
		who:     live.Who{District: s.district, Person: person, SignIn: uuid.NewString()},
		letters: map[uuid.UUID][]int64{}, last: map[uuid.UUID]int64{}, sealed: map[uuid.UUID]wire.Seal{},
		bodies: map[uuid.UUID]map[int64]string{},
		held:   map[uuid.UUID]map[int64]bool{}, catching: map[uuid.UUID]bool{},
	}
}

// connect connects to a node and subscribes to everything again.
func (p *page) connect(node *live.Node) error {
	p.mu.Lock()
	p.connects++
	conn := connection{p, p.connects}
	p.mu.Unlock()
	s, refusal := node.Attach(context.Background(), p.who, conn)
	if s == nil {
		return fmt.Errorf("refused: %v", refusal)
	}
	p.mu.Lock()
	p.node, p.session, p.closed = node, s, live.Close{}
	p.welcome(s.Epoch())
	p.mu.Unlock()
	return p.subscribeAll(s)
}

// welcome forgets versions and numbers if they are of another epoch.
func (p *page) welcome(epoch uuid.UUID) {
	if epoch == p.epoch {
		return
	}
	p.epoch, p.version, p.unread = epoch, 0, 0
	p.letters, p.last, p.sealed = map[uuid.UUID][]int64{}, map[uuid.UUID]int64{}, map[uuid.UUID]wire.Seal{}
	p.held, p.catching = map[uuid.UUID]map[int64]bool{}, map[uuid.UUID]bool{}
	p.bodies = map[uuid.UUID]map[int64]string{}
}

func (p *page) subscribeAll(s *live.Session) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := s.OpenInbox(ctx, func(h hub.Head) ([]byte, error) {
		return json.Marshal(map[string]any{"type": "answer", "version": h.Version, "unread": h.Unread})
	})
	for _, id := range p.follow {
		err = errors.Join(err, p.subscribe(ctx, s, id))
	}
	return err
}

func (p *page) subscribe(ctx context.Context, s *live.Session, id uuid.UUID) error {
	p.mu.Lock()
	last := p.last[id]
	p.mu.Unlock()
	var opened live.Opened
	err := s.OpenConversation(ctx, id, last, live.MaxMessages, func(o live.Opened) ([]byte, error) {
		opened = o
		p.mu.Lock()
		p.catching[id] = o.More
		p.mu.Unlock()
		return json.Marshal(map[string]any{"type": "answer", "conversation": id, "messages": o.Messages, "sealed": o.Sealed})
	})
	if err == nil && opened.More {
		err = p.askForRest(ctx, id, opened.LastSeq)
	}
	return err
}

// askForRest asks for the messages between those of an answer and those of
// events, as the page does by requests of type messages.
func (p *page) askForRest(ctx context.Context, id uuid.UUID, until int64) error {
	p.mu.Lock()
	after := p.last[id]
	p.mu.Unlock()
	for after < until {
		rest, err := p.school.Messages(ctx, p.who.District, id, p.who.Person, hub.Range{After: after, Limit: 200})
		if err != nil {
			return err
		}
		p.mu.Lock()
		for _, m := range rest {
			p.show(id, m.Seq, m.Body)
			after = m.Seq
		}
		p.mu.Unlock()
	}
	return nil
}

func (p *page) disconnect() {
	p.mu.Lock()
	s := p.session
	p.session = nil // it may have ended before it was known here
	p.mu.Unlock()
	if s != nil {
		s.End(live.CloseGone)
	}
}

// connection is the page's end of a connection.
type connection struct {
	page *page
	no   int
}

func (c connection) Write(frame []byte) error {
	p := c.page
	p.mu.Lock()
	slow, stuck := p.slow, p.stuck
	p.mu.Unlock()
	if slow > 0 {
		time.Sleep(slow)
	}
	if stuck != nil {
		<-stuck
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.no != p.connects || p.session == nil && p.closed != (live.Close{}) {
		return errors.New("closed")
	}
	p.take(frame)
	return nil
}

func (c connection) Close(how live.Close) {
	c.page.mu.Lock()
	defer c.page.mu.Unlock()
	if c.no == c.page.connects {
		c.page.session, c.page.closed = nil, how
	}
}

// Ping asks the page for a sign of life, which it gives unless it is lost.
func (c connection) Ping() {
	c.page.mu.Lock()
	defer c.page.mu.Unlock()
	if c.page.lost && c.page.pinged.IsZero() {
		c.page.pinged = time.Now()
	}
}

func (c connection) Unanswered() time.Duration {
	c.page.mu.Lock()
	defer c.page.mu.Unlock()
	if c.page.pinged.IsZero() {
		return 0
	}
	return time.Since(c.page.pinged)
}

func (p *page) take(raw []byte) {
	var f struct {
		Type, Channel   string
		Version, Unread int64
		Conversation    uuid.UUID
		Messages        []wire.Message
		Message         wire.Message
		Seal            wire.Seal
		Letter          *wire.Letter
		Read            *wire.ReadMark
		Sealed          json.RawMessage // a switch in an answer, a mark in an inbox event
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		p.complain("a frame that is no JSON: %s", raw)
		return
	}
	p.events = append(p.events, f.Type)
	switch f.Type {
	case "answer":
		p.takeState(f.Version, f.Unread)
		for _, m := range f.Messages {
			p.show(f.Conversation, m.Seq, m.Body)
		}
		if string(f.Sealed) == "true" {
			p.sealed[f.Conversation] = wire.Seal{}
		}
	case "inbox":
		if f.Letter == nil && f.Read == nil && f.Sealed == nil {
			p.bare++
		}
		p.takeState(f.Version, f.Unread)
	case "message":
		p.show(f.Message.Conversation, f.Message.Seq, f.Message.Body)
	case "sealed":
		if _, twice := p.sealed[f.Conversation]; twice {
			p.complain("told of a seal twice")
		}
		p.sealed[f.Conversation] = f.Seal
	case "resync":
		id, _ := uuid.Parse(f.Channel[len("conversation:"):])
		s := p.session
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if s != nil && p.subscribe(ctx, s, id) != nil {
				s.End(live.CloseGone) // and it comes back
			}
		}()
	}
}

func (p *page) takeState(version, unread int64) {
	if version > p.version {
		p.version, p.unread = version, unread
	}
}

// show shows a message when its turn has come. The server promises order within
// a subscription: a message may only wait here while the page itself asks for
// those that its subscription left out.
func (p *page) show(id uuid.UUID, seq int64, body string) {
	if p.bodies[id] == nil {
		p.bodies[id] = map[int64]string{}
	}
	if seq > p.last[id] {
		p.bodies[id][seq] = body
	}
	if seq > p.last[id]+1 {
		if !p.catching[id] {
			p.complain("message %d came after %d", seq, p.last[id])
		}
		if p.held[id] == nil {
			p.held[id] = map[int64]bool{}
		}
		p.held[id][seq] = true
		return
	}
	if seq <= p.last[id] {
		return
	}
	for next := true; next; next = p.held[id][p.last[id]+1] {
		p.last[id]++
		p.letters[id] = append(p.letters[id], p.last[id])
	}
}

func (p *page) complain(format string, args ...any) {
	p.wrong = append(p.wrong, fmt.Sprintf(format, args...))
}

// faults compares what the page shows with what the store says, and tells what
// has gone wrong on the way.
func (p *page) faults() []string {
	p.school.mu.Lock()
	defer p.school.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	head := p.school.heads[p.who.Person]
	if p.version != head.Version || p.unread != head.Unread {
		p.complain("the page shows %d unread at version %d, the store says %d at %d",
			p.unread, p.version, head.Unread, head.Version)
	}
	for _, id := range p.follow {
		c := p.school.conversations[id]
		if got := int64(len(p.letters[id])); got != c.LastSeq {
			p.complain("the page shows %d messages up to %d, of %d", got, p.last[id], c.LastSeq)
		}
		for _, m := range c.messages {
			if body := p.bodies[id][m.Seq]; body != m.Body {
				p.complain("message %d is %q, the page shows %q", m.Seq, m.Body, body)
			}
		}
		if _, told := p.sealed[id]; !told && c.Seal != nil {
			p.complain("the page does not know that the conversation is sealed")
		}
	}
	return p.wrong
}

// check reports what is wrong with the page.
func (p *page) check() {
	p.t.Helper()
	for _, fault := range p.faults() {
		p.t.Error(fault)
	}
}
