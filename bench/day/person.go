package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/installation"
	"github.com/homeline/homeline/bench/page"
)

// person is somebody with one device.
type person struct {
	crowd  *crowd
	kind   kind
	opens  time.Duration // their school
	random *rand.Rand
	visits []visit
	named  installation.Named // of a teacher
	id     uuid.UUID
	token  string
	device *page.Device

	families []page.Family
	group    uuid.UUID // a teacher's conversation with many
	letters  []time.Duration
	due      map[uuid.UUID]time.Duration // replies, by conversation; never: there will be none

	mu      sync.Mutex
	open    *page.Page
	screens []screen
	sends   []sending
	starts  []sending
	opened  []time.Duration // from opening a page until it was live
}

// notices is how long a page that is looked at stands at least, however much the
// morning is pressed: the browser tells what was read a moment later.
const notices = 500 * time.Millisecond

// never is the time of a reply that is not written.
const never = 2 * morning

// screen is a page that stood.
type screen struct {
	conversation uuid.UUID // nil: the inbox
	live, left   time.Time // left is zero while it stands
}

// sending is a letter that was sent, or the start of conversations.
type sending struct {
	key            uuid.UUID
	sent, answered time.Time // answered is zero where it was not yet
}

var devices atomic.Int64

// signIn gets a token, and a device.
func (p *person) signIn(ctx context.Context, desk *installation.Desk) error {
	if p.device != nil {
		return nil
	}
	if p.named.SourcedID != "" {
		signed, err := desk.SignIn(ctx, p.named, validity)
		if err != nil {
			return err
		}
		p.id, p.token = signed.ID, signed.Token
	} else {
		var err error
		if p.token, err = desk.Token(ctx, p.id, validity); err != nil {
			return err
		}
	}
	n := int(devices.Add(1))
	p.device = page.NewDevice(p.crowd.server, p.token, p.id, fmt.Sprintf("device %d", n), address(n),
		rand.New(rand.NewPCG(p.random.Uint64(), p.random.Uint64())))
	p.due = map[uuid.UUID]time.Duration{}
	return nil
}

// live has the person's morning: visit after visit, and what falls into them.
func (p *person) live(ctx context.Context) {
	if p.kind == staff {
		const apart = time.Duration(float64(morning) / staffLetters)
		for at := exponential(p.random, apart); at < morning; at += exponential(p.random, apart) {
			p.letters = append(p.letters, at)
		}
	}
	for _, v := range p.visits {
		if !p.crowd.until(ctx, v.from) {
			return
		}
		p.visit(ctx, v.to)
		if v.to < morning {
			p.leave()
		}
	}
}

// visit is on the inbox and the conversations with something new, until a time.
func (p *person) visit(ctx context.Context, to time.Duration) {
	p.enter(ctx, uuid.Nil)
	p.wait(ctx, to, exponential(p.random, looksAtInbox))
	for ctx.Err() == nil && p.crowd.now() < to {
		switch id, unread := p.nextUnread(); {
		case unread:
			p.enter(ctx, id)
			p.wait(ctx, to, exponential(p.random, readsFor))
			sleep(ctx, notices)
			p.enter(ctx, uuid.Nil)
			p.wait(ctx, to, exponential(p.random, looksAtInbox))
		case p.write(ctx):
			p.enter(ctx, uuid.Nil)
		default:
			p.wait(ctx, to, exponential(p.random, idles))
		}
	}
}

// wait waits so long of a real day, and not beyond the end of the visit.
func (p *person) wait(ctx context.Context, to, d time.Duration) {
	p.crowd.until(ctx, min(to, p.crowd.now()+d))
}

// nextUnread is the conversation to open next, of those that the inbox shows. What
// is found there may be answered, some time.
func (p *person) nextUnread() (uuid.UUID, bool) {
	page := p.current()
	if page == nil {
		return uuid.Nil, false
	}
	var unread []uuid.UUID
	for id, row := range page.State().Rows {
		if row.Unread > 0 {
			unread = append(unread, id)
		}
	}
	if len(unread) == 0 {
		return uuid.Nil, false
	}
	id := unread[0]
	for _, other := range unread[1:] {
		if bytes.Compare(other[:], id[:]) < 0 {
			id = other
		}
	}
	if _, again := p.due[id]; !again {
		p.due[id] = never
		if p.random.Float64() < replies {
			p.due[id] = p.crowd.now() + drawReply(p.random)
		}
	}
	return id, true
}

// write writes what there is to write now, if anything.
func (p *person) write(ctx context.Context) bool {
	now := p.crowd.now()
	for id, at := range p.due {
		if at <= now {
			delete(p.due, id)
			p.send(ctx, id)
			return true
		}
	}
	if len(p.letters) == 0 || p.letters[0] > now {
		return false
	}
	p.letters = p.letters[1:]
	switch dice := p.random.Float64(); {
	case len(p.families) > 0 && dice < toNewFamily:
		p.start(ctx, p.families[p.random.IntN(len(p.families))])
	case p.group != uuid.Nil && dice < toNewFamily+toGroup:
		p.send(ctx, p.group)
	default:
		if id, ok := p.anyConversation(); ok {
			p.send(ctx, id)
		}
	}
	return true
}

func (p *person) anyConversation() (chosen uuid.UUID, ok bool) {
	page := p.current()
	if page == nil {
		return uuid.Nil, false
	}
	for id := range page.State().Rows {
		if id != p.group && (!ok || p.random.Float64() < 0.5) {
			chosen, ok = id, true
		}
	}
	return chosen, ok
}

// send opens a conversation, writes there and waits for the answer.
func (p *person) send(ctx context.Context, conversation uuid.UUID) {
	if !p.enter(ctx, conversation) {
		return
	}
	r := page.NewReply(conversation, p.words(), false)
	s := sending{key: r.Key, sent: time.Now()}
	p.current().Send(r)
	select {
	case <-r.Answered():
		s.answered = time.Now()
	case <-ctx.Done():
	}
	p.sends = append(p.sends, s)
}

// start writes to a family for the first time about something.
func (p *person) start(ctx context.Context, f page.Family) {
	s := sending{key: uuid.New(), sent: time.Now()}
	start := page.Start{
		Key: s.key, Side: "staff", Mode: "together", Subject: "About today", Body: p.words(), Recipients: recipientsOf(f),
	}
	for p.device.Start(ctx, start) != nil {
		if !sleep(ctx, 2*time.Second) {
			return
		}
	}
	s.answered = time.Now()
	p.starts = append(p.starts, s)
}

// words are a letter, unlike any other.
func (p *person) words() string {
	return uuid.NewString() + strings.Repeat(" school", drawWords(p.random))
}
