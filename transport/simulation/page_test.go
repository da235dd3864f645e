package simulation_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
)

// page is one that is open in somebody's browser: an inbox, or conversations.
// It is put together as static/js/page.js and conversation.js do it.
type page struct {
	connection
	world    *world
	district uuid.UUID
	person   uuid.UUID
	token    string
	draws    *rand.Rand
	began    beginning

	user       *userChannel
	list       *inboxList // of an inbox
	views      []*view    // of conversations
	sends      []*send
	stateAtEnd ending // or when it was closed
	hearing    sync.Mutex
	heard      map[uuid.UUID]bool // the conversations of which anything came here
	wrong      []string           // what an answer said that it must not
}

// beginning is what the server rendered: where a replay begins.
type beginning struct {
	Me    uuid.UUID        `json:"me"`
	Head  loaded           `json:"head"`
	Inbox bool             `json:"inbox"`
	Views []beginningOfOne `json:"views"`
}

type beginningOfOne struct {
	Talk    uuid.UUID `json:"talk"`
	Last    int64     `json:"last"`
	ReadSeq int64     `json:"read_seq"`
	Own     []int64   `json:"own"` // of the letters up to Last, those of one's own
}

// view is a conversation on a page.
type view struct {
	page    *page
	channel *conversationChannel
	mark    *readMark
	again   refresh
	fresh   *reread        // what was read again, for again
	shown   []wire.Message // in the order in which they were shown
	first   int64          // the number before those
	sealed  int            // how often it was told
}

// openPage opens a page of an inbox, or of conversations; while it cannot be
// rendered there is none.
func (w *world) openPage(district, person uuid.UUID, token string, draws *rand.Rand, talks ...uuid.UUID) (*page, error) {
	p := &page{world: w, district: district, person: person, token: token, draws: draws, heard: map[uuid.UUID]bool{}}
	t := newTurns()
	p.connection = *newConnection(t)
	p.open, p.random, p.onUp, p.onEvent = p.openSocket, draws.Float64, p.connected, p.event
	if err := p.render(talks); err != nil {
		return nil, err
	}
	p.take(func() {
		p.tell(entry{Do: "open"})
		for i, one := range p.began.Views {
			for _, seq := range one.Own {
				p.views[i].mark.saw(seq, true)
			}
		}
		p.start()
	})
	return p, nil
}

// render is the page as the server gives it.
func (p *page) render(talks []uuid.UUID) error {
	head, err := p.load(p.draws.Float64())
	if err != nil {
		return err
	}
	p.epoch = head.Epoch
	p.began = beginning{Me: p.person, Head: *head, Inbox: len(talks) == 0, Views: []beginningOfOne{}}
	p.user = &userChannel{connection: &p.connection, inbox: inbox{head.Version, head.Unread}}
	p.user.onHappened, p.user.onMissed = func(frame) {}, func() {}
	if len(talks) == 0 {
		p.list = &inboxList{rows: head.Rows, refresh: refresh{turns: p.turns, load: p.reload, behind: p.reloaded}}
		p.user.onHappened, p.user.onMissed = p.list.happened, p.list.refresh.ask
	}
	for _, id := range talks {
		if err := p.renderTalk(id); err != nil {
			return err
		}
	}
	return nil
}

// rendered is a page of a conversation.
type rendered struct {
	epoch        uuid.UUID
	conversation hub.Conversation
	messages     []hub.Message
}

func (p *page) loadTalk(id uuid.UUID, draw float64) (rendered, error) {
	return ask(p.world, draw, func(ctx context.Context, n *node) (r rendered, err error) {
		if r.epoch, err = n.live.Epoch(ctx); err != nil {
			return r, err
		}
		if r.conversation, err = n.hub.Conversation(ctx, p.actor(), id); err == nil {
			r.messages, err = n.hub.Messages(ctx, p.actor(), id, hub.Range{Limit: 200})
		}
		return r, err
	})
}

func (p *page) renderTalk(id uuid.UUID) error {
	r, err := p.loadTalk(id, p.draws.Float64())
	if err != nil {
		return err
	}
	re := r.reread(p.person)
	one := beginningOfOne{Talk: id, Last: re.Last, ReadSeq: re.ReadSeq, Own: re.Own}
	v := &view{page: p, first: one.Last}
	v.again = refresh{turns: p.turns, load: func(done func(*loaded)) { v.load(id, done) }, behind: v.reread}
	v.begin(id, re)
	p.views = append(p.views, v)
	p.began.Views = append(p.began.Views, one)
	return nil
}

// reread is what a page takes from the server's.
func (r rendered) reread(person uuid.UUID) *reread {
	me, _ := r.conversation.Participant(person)
	re := &reread{Epoch: r.epoch, Last: int64(len(r.messages)), ReadSeq: me.ReadSeq, Own: []int64{}}
	for _, m := range r.messages {
		if m.Sender == person {
			re.Own = append(re.Own, m.Seq)
		}
	}
	return re
}

// begin follows the letters after those that are shown.
func (v *view) begin(id uuid.UUID, re *reread) {
	p := v.page
	v.channel = &conversationChannel{
		connection: &p.connection, id: id, letters: newLetters(re.Last),
		onLetters: v.append, onSealed: func() { v.sealed++ },
		onBroken: func(what string) { p.wrong = append(p.wrong, what) },
	}
	v.mark = &readMark{turns: p.turns, readSeq: re.ReadSeq, send: v.read, shown: map[int64]bool{}}
	v.channel.onRead = v.mark.moved
}

// forget: what is shown is of another epoch.
func (v *view) forget() {
	v.channel.end()
	v.mark.ended = true
	v.again.ask()
}

// load reads the conversation's page again, over HTTP.
func (v *view) load(id uuid.UUID, done func(*loaded)) {
	p, draw := v.page, v.page.draws.Float64()
	go func() {
		r, err := p.loadTalk(id, draw)
		p.take(func() {
			if err != nil {
				p.tell(entry{Talk: id.String(), Reread: &reread{Failed: true, Own: []int64{}}})
				done(nil)
				return
			}
			v.fresh = r.reread(p.person)
			p.tell(entry{Talk: id.String(), Reread: v.fresh})
			done(&loaded{Epoch: r.epoch})
		})
	}()
}

// reread puts the letters of the page that was read again in place of those that
// are shown.
func (v *view) reread(l *loaded) (behind bool) {
	if l.Epoch != v.page.epoch {
		return true
	}
	if !v.mark.ended {
		return false
	}
	v.first, v.shown, v.sealed = v.fresh.Last, nil, 0
	v.begin(v.channel.id, v.fresh)
	for _, seq := range v.fresh.Own {
		v.mark.saw(seq, true)
	}
	if v.page.up {
		v.channel.subscribe()
	}
	return false
}

func (p *page) actor() hub.Actor { return hub.Actor{District: p.district, Person: p.person} }

func (p *page) openSocket(c *connection) *webSocket {
	ws := &webSocket{awake: p.awake}
	ws.onMessage = func(data []byte) { c.message(ws, data) }
	ws.onClose = func(code int) { c.closes(ws, code) }
	p.world.openSocket(p.world.any(p.draws.Float64()).name, p.token, ws)
	return ws
}

func (p *page) connected(another bool) {
	if another {
		p.user.forget()
		for _, v := range p.views {
			v.forget()
		}
	}
	p.user.subscribe()
	for _, v := range p.views {
		if !v.channel.ended {
			v.channel.promised = 0
			v.channel.subscribe()
		}
		v.mark.flush()
	}
	p.resend()
}

func (p *page) event(f frame) {
	p.hear(conversationsOf(f)...)
	p.user.event(f)
	for _, v := range p.views {
		if !v.channel.ended {
			v.channel.event(f)
		}
		if f.Read != nil && f.Read.Conversation == v.channel.id {
			v.mark.moved(f.Read.ReadSeq)
		}
	}
}

// append shows letters: below the others.
func (v *view) append(letters []wire.Message) {
	for _, m := range letters {
		v.shown = append(v.shown, m)
		if m.Sender == v.page.person {
			v.mark.saw(m.Seq, true)
		}
	}
}

// read tells how far one has read: over the socket, or without.
func (v *view) read(upTo int64, tried bool, done func(error)) {
	p := v.page
	epoch := p.epoch
	told := func(f frame) {
		if epoch != p.epoch {
			return
		}
		f.Read = &wire.ReadMark{Conversation: v.channel.id}
		p.user.told(f)
	}
	if p.up {
		fields := map[string]any{"conversation": v.channel.id, "up_to": upTo}
		if tried {
			fields["epoch"] = epoch
		}
		p.request("read", fields, func(f frame, err error) {
			if err == nil {
				told(f)
			}
			done(err)
		})
		return
	}
	draw := p.draws.Float64()
	go func() {
		r, err := ask(p.world, draw, func(ctx context.Context, n *node) (operation.ReadAnswer, error) {
			return operation.New(n.hub, nil).Read(ctx, p.actor(), operation.ReadRequest{
				Conversation: v.channel.id.String(), UpTo: upTo, Epoch: epoch.String(),
			})
		})
		p.take(func() {
			refused := hub.CodeOf(err) == wire.CodeAnotherEpoch
			p.tell(entry{Talk: v.channel.id.String(), Posted: &posted{
				Failed: err != nil && !refused, Refused: refused, Version: r.Version, Unread: r.Unread,
			}})
			if err == nil {
				told(frame{Version: r.Version, Unread: r.Unread})
			}
			if refused {
				err = nil // for good
			}
			done(err)
		})
	}()
}

// load is a page of the inbox, over HTTP.
func (p *page) load(draw float64) (*loaded, error) {
	var epoch uuid.UUID
	page, err := ask(p.world, draw, func(ctx context.Context, n *node) (_ hub.InboxPage, err error) {
		if epoch, err = n.live.Epoch(ctx); err != nil {
			return hub.InboxPage{}, err
		}
		return n.hub.Inbox(ctx, p.actor(), hub.InboxQuery{})
	})
	if err != nil {
		return nil, err
	}
	l := &loaded{Epoch: epoch, Version: page.Head.Version, Unread: page.Head.Unread, Rows: map[string]int64{}}
	for _, row := range page.Rows {
		p.hear(row.Conversation)
		l.Rows[row.Conversation.String()] = row.Unread
	}
	return l, nil
}

func (p *page) reload(done func(*loaded)) {
	draw := p.draws.Float64()
	go func() {
		l, err := p.load(draw)
		p.take(func() {
			if err != nil {
				p.tell(entry{Loaded: &loaded{Failed: true}})
			} else {
				p.tell(entry{Loaded: l})
			}
			done(l)
		})
	}()
}

// reloaded puts the rows in the place of those that stand here.
func (p *page) reloaded(l *loaded) (behind bool) {
	p.list.rows = map[string]int64{}
	for id, unread := range l.Rows {
		p.list.rows[id] = unread
	}
	return p.user.loaded(l)
}

// look is somebody who looks at the letters of a conversation.
func (p *page) look(v *view) {
	p.take(func() {
		p.tell(entry{Do: "look", Talk: v.channel.id.String()})
		for _, m := range v.shown {
			v.mark.saw(m.Seq, false)
		}
		for seq := v.mark.readSeq + 1; seq <= v.first; seq++ {
			v.mark.saw(seq, false)
		}
	})
}

// leave puts the page away, come takes it out again.
func (p *page) leave() {
	p.take(func() {
		p.tell(entry{Do: "stop"})
		p.stop()
	})
}

func (p *page) come() {
	p.take(func() {
		p.tell(entry{Do: "start"})
		p.start()
	})
}

// wakeUp wakes the machine, and the page is seen again.
func (p *page) wakeUp() {
	if p.wake() {
		p.take(func() {
			p.tell(entry{Do: "wake"})
			p.woken()
		})
	}
}

// shut closes the page for good.
func (p *page) shut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.stateAtEnd = p.ending()
		p.drop()
		p.closed = true
	}
}

// wire is the page's link, nil where it has none.
func (p *page) wire() *link {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ws == nil {
		return nil
	}
	return p.ws.wire()
}

// hear notes a conversation of which something came here.
func (p *page) hear(ids ...uuid.UUID) {
	p.hearing.Lock()
	defer p.hearing.Unlock()
	for _, id := range ids {
		p.heard[id] = true
	}
}

func conversationsOf(f frame) []uuid.UUID {
	var ids []uuid.UUID
	if f.Message != nil {
		ids = append(ids, f.Message.Conversation)
	}
	if f.Letter != nil {
		ids = append(ids, f.Letter.Conversation)
	}
	if f.Read != nil {
		ids = append(ids, f.Read.Conversation)
	}
	if f.Conversation != uuid.Nil {
		ids = append(ids, f.Conversation)
	}
	var mark wire.SealedMark
	if f.Type == wire.TypeInbox && len(f.Sealed) > 0 && json.Unmarshal(f.Sealed, &mark) == nil {
		ids = append(ids, mark.Conversation)
	}
	return ids
}
