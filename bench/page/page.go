package page

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// Page is an open page of a device: the inbox, or a conversation.
type Page struct {
	turn       turn
	device     *Device
	random     *rand.Rand
	connection *connection
	user       *userChannel
	inbox      *inboxList           // nil on a conversation's page
	view       *conversationChannel // nil on the inbox
	mark       *readMark
	visible    bool
	since      time.Time // it was loaded, or its device woke
	sending    *sending
	left       context.Context
	leave      context.CancelFunc
}

func (d *Device) newPage(h head) *Page {
	p := &Page{device: d, since: time.Now(), random: rand.New(rand.NewPCG(d.random.Uint64(), d.random.Uint64()))}
	p.left, p.leave = context.WithCancel(context.Background())
	p.connection = newConnection(&p.turn, d.dial, d.token, d.Record, p.random)
	p.connection.on = handlers{up: p.up, event: p.event}
	p.user = &userChannel{connection: p.connection, head: h, happened: func(Inbox) {}, missed: func() {}}
	return p
}

// OpenInbox opens the inbox. Where that fails, somebody loads it again.
func (d *Device) OpenInbox(ctx context.Context) (*Page, error) {
	answer, err := d.readInbox(ctx)
	if err != nil {
		return nil, err
	}
	p := d.newPage(head{answer.Version, answer.Unread})
	p.inbox = newInboxList(p, answer.Rows)
	p.user.happened, p.user.missed = p.inbox.happened, p.inbox.ask
	p.turn.do(p.connection.start)
	return p, nil
}

// OpenConversation opens a conversation where its unread letters begin; visible
// says whether somebody looks at it.
func (d *Device) OpenConversation(ctx context.Context, id uuid.UUID, visible bool) (*Page, error) {
	const before, most = 20, 200
	var h Inbox
	if err := d.call(ctx, "GET", "/unread", nil, &h); err != nil {
		return nil, err
	}
	var c struct {
		Conversation struct {
			LastSeq int64 `json:"last_seq"`
			ReadSeq int64 `json:"read_seq"`
		} `json:"conversation"`
	}
	if err := d.call(ctx, "GET", "/conversations/"+id.String(), nil, &c); err != nil {
		return nil, err
	}
	after := max(0, min(c.Conversation.ReadSeq, c.Conversation.LastSeq-before))
	var m struct {
		Messages []Message `json:"messages"`
	}
	if err := d.call(ctx, "GET", fmt.Sprintf("/conversations/%s/messages?after=%d&limit=%d", id, after, most), nil, &m); err != nil {
		return nil, err
	}
	d.Record.messages(m.Messages)
	p := d.newPage(head{h.Version, h.Unread})
	p.visible = visible
	p.mark = &readMark{turn: &p.turn, readSeq: c.Conversation.ReadSeq, shown: map[int64]bool{}, send: p.read}
	p.view = &conversationChannel{connection: p.connection, id: id, letters: newLetters(after), show: p.show, read: p.mark.moved}
	p.turn.do(func() {
		p.view.take(m.Messages)
		p.connection.start()
	})
	return p, nil
}

// up: the connection stands, again. If the epoch is another one, everything is
// read anew.
func (p *Page) up(another bool) {
	if another {
		p.user.head.forget()
		if p.view != nil {
			p.view.letters = newLetters(0)
			p.mark.forget()
		}
	}
	p.user.subscribe()
	if p.view != nil {
		p.view.subscribe()
		p.mark.flush()
	}
	if p.sending != nil {
		p.sending.connected()
	}
}

func (p *Page) event(f frame) {
	p.user.event(f)
	if p.view == nil {
		return
	}
	p.view.event(f)
	var told Inbox
	if f.Type == "inbox" && f.read(&told) == nil && told.Read != nil && told.Read.Conversation == p.view.id {
		p.mark.moved(told.Read.ReadSeq)
	}
}

func (p *Page) show(messages []Message) {
	p.device.Record.shown(messages, p.since)
	for _, m := range messages {
		own := m.Sender == p.device.Person
		if own && p.sending != nil {
			p.sending.arrived(m)
		}
		if own || p.visible {
			p.mark.saw(m.Seq, own)
		}
	}
}

// read tells how far one has read: over the socket, or without where there is none.
func (p *Page) read(upTo int64, tried bool, done func(ok bool)) {
	id, epoch := p.view.id, p.connection.epoch
	told := func(h Inbox) {
		if epoch != p.connection.epoch {
			done(false)
			return
		}
		p.device.Record.read(id, upTo)
		p.device.Record.inbox(h)
		h.Read = &ReadMark{Conversation: id}
		p.user.head.take(h)
		done(true)
	}
	if p.connection.up {
		fields := map[string]any{"conversation": id, "up_to": upTo}
		if tried {
			fields["epoch"] = epoch
		}
		p.connection.request("read", fields, func(f frame, err error) {
			var h Inbox
			if err == nil {
				err = f.read(&h)
			}
			if err != nil {
				done(false)
				return
			}
			told(h)
		})
		return
	}
	sockets.Go(func() {
		var h Inbox
		err := p.device.call(p.left, "POST", "/conversations/"+id.String()+"/read", map[string]any{"up_to": upTo, "epoch": epoch}, &h)
		p.turn.do(func() {
			if err != nil {
				done(false)
				return
			}
			told(h)
		})
	})
}

// Leave closes the page; what it was sending is not waited for.
func (p *Page) Leave() {
	p.leave()
	p.turn.do(func() {
		if p.mark != nil {
			p.mark.closed = true
		}
		p.sending = nil
		p.connection.stop()
	})
}

// Sleep closes the lid: nothing of the page happens until Wake, and nothing that
// was sent to it is taken.
func (p *Page) Sleep() { p.turn.mu.Lock() }

// Wake opens it again.
func (p *Page) Wake() {
	p.since = time.Now()
	p.connection.wake()
	p.turn.mu.Unlock()
}
