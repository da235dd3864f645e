package simulation_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// finding is something that a guarantee does not allow, on a page or in the store.
type finding struct {
	page *page // nil where no page is wrong
	what string
}

// check holds the pages against what is stored, counted anew.
func (w *world) check(pages []*page) (found []finding) {
	w.forgetLost()
	c := checking{world: w, stored: map[uuid.UUID][]hub.Message{}}
	for _, t := range w.talks() {
		c.count(t)
	}
	for _, p := range pages {
		c.page = p
		p.mu.Lock()
		c.checkPage(p)
		p.mu.Unlock()
	}
	return c.found
}

// forgetLost takes out of what there is what went with the history that the store
// went back over: conversations, and that people are gone.
func (w *world) forgetLost() {
	if !w.lost(time.Time{}) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conversations = slices.DeleteFunc(w.conversations, func(t *talk) bool { return !w.exists(t.district, t.id) })
	for person := range w.gone {
		for _, t := range w.signIns {
			if t.Person == person {
				if p, err := w.store.Person(context.Background(), t.District, person); err == nil && !p.Gone {
					delete(w.gone, person)
				}
			}
		}
	}
}

// exists reports whether there is a conversation.
func (w *world) exists(district, id uuid.UUID) bool {
	tails, err := w.store.Tails(context.Background(), district, []uuid.UUID{id})
	w.must(err)
	return len(tails) > 0
}

type checking struct {
	*world
	page   *page
	found  []finding
	stored map[uuid.UUID][]hub.Message // by conversation
}

func (c *checking) find(format string, args ...any) {
	c.found = append(c.found, finding{c.page, fmt.Sprintf(format, args...)})
}

// count reads what is stored of a conversation and holds its numbers (G3).
func (c *checking) count(t *talk) {
	list, err := c.store.Messages(context.Background(), t.district, t.id, t.people[0], hub.Range{Limit: 200})
	c.must(err)
	keys := map[[2]uuid.UUID]bool{}
	for i, m := range list {
		if m.Seq != int64(i+1) {
			c.find("letter %d of %s is numbered %d", i+1, t.id, m.Seq)
		}
		if key := [2]uuid.UUID{m.Sender, m.Key}; keys[key] {
			c.find("letter %d of %s is stored twice", m.Seq, t.id)
		} else {
			keys[key] = true
		}
	}
	c.stored[t.id] = list
}

func (c *checking) checkPage(p *page) {
	for _, wrong := range p.wrong {
		c.find("%s", wrong)
	}
	for id := range p.heard {
		if c.lost(time.Time{}) && !c.exists(p.district, id) {
			continue
		}
		if _, err := c.store.Row(context.Background(), p.district, id, p.person); err != nil {
			c.find("it was told of %s, which is not theirs: %v", id, err)
		}
	}
	c.checkSends(p)
	c.mu.Lock()
	last, gone := c.gone[p.person]
	c.mu.Unlock()
	if gone {
		c.checkGone(p, last)
		return
	}
	if p.closed || p.asleep || p.stopped {
		return // what was told until then has been looked at
	}
	if p.connection.ended > 0 && c.lost(time.Time{}) {
		return // its person was out in what the store went back over
	}
	if !p.up {
		c.find("it is not connected")
	}
	c.checkInbox(p)
	for _, v := range p.views {
		if c.exists(p.district, v.channel.id) || !c.lost(time.Time{}) {
			c.checkView(v)
		}
	}
}

// checkGone holds that who is no longer on the roster is told nothing more (R24).
func (c *checking) checkGone(p *page, last map[uuid.UUID]int64) {
	if p.up && !p.asleep {
		c.find("it is connected, and its person is gone")
	}
	if c.lost(time.Time{}) {
		return // what it was told before was of other numbers
	}
	for _, v := range p.views {
		for _, m := range v.shown {
			if m.Seq > last[v.channel.id] {
				c.find("its person is gone since letter %d of %s, and it was told of %d", last[v.channel.id], v.channel.id, m.Seq)
			}
		}
	}
}

// checkSends holds that what was acknowledged is stored once, under its number
// (G1, G2).
func (c *checking) checkSends(p *page) {
	for _, s := range p.sends {
		var at []int64
		for _, m := range c.stored[s.talk] {
			if m.Key == s.key && m.Sender == p.person {
				at = append(at, m.Seq)
			}
		}
		switch {
		case c.lost(s.began) && len(at) <= 1:
		case s.acked > 0 && !slices.Equal(at, []int64{s.acked}):
			c.find("%q was acknowledged as letter %d of %s, stored are %d", s.body, s.acked, s.talk, at)
		case s.refused != nil && len(at) > 0:
			c.find("%q was refused with %v and is stored as letter %d", s.body, s.refused, at)
		case !s.settled() && p.up && !p.asleep:
			c.find("%q was not answered in %d tries", s.body, s.tries)
		}
	}
}

// unread counts what somebody has not read in a conversation, letter by letter.
func (c *checking) unread(p *page, t *talk) (unread int64) {
	view, err := c.store.Conversation(context.Background(), p.district, t.id, p.person)
	c.must(err)
	me, _ := view.Participant(p.person)
	for _, m := range c.stored[t.id] {
		if m.Sender != p.person && m.Seq > me.ReadSeq {
			unread++
		}
	}
	return unread
}

// checkInbox holds the number that is shown, and the rows (G5).
func (c *checking) checkInbox(p *page) {
	var total int64
	rows := map[string]int64{}
	for _, t := range c.talks() {
		if t.district == p.district && slices.Contains(t.people, p.person) {
			n := c.unread(p, t)
			total += n
			rows[t.id.String()] = n
		}
	}
	head, err := c.store.Head(context.Background(), p.district, p.person)
	c.must(err)
	if head.Unread != total {
		c.find("the store says %d unread, counted are %d", head.Unread, total)
	}
	if p.user.inbox.unread != total || p.user.inbox.version != head.Version {
		c.find("it shows %d unread at version %d, counted are %d at %d", p.user.inbox.unread, p.user.inbox.version, total, head.Version)
	}
	if p.list == nil {
		return
	}
	if len(p.list.rows) != len(rows) {
		c.find("it shows %d rows of %d", len(p.list.rows), len(rows))
	}
	for id, n := range rows {
		if got, shown := p.list.rows[id]; !shown || got != n {
			c.find("the row of %s says %d unread (%v), counted are %d", id, got, shown, n)
		}
	}
}

// checkView holds that every letter is shown, once and in order (G2 to G4).
func (c *checking) checkView(v *view) {
	id, stored := v.channel.id, c.stored[v.channel.id]
	for i, m := range v.shown {
		if want := v.first + int64(i) + 1; m.Seq != want {
			c.find("of %s it shows letter %d in the place of %d", id, m.Seq, want)
		} else if int64(len(stored)) < want || stored[want-1].Body != m.Body || stored[want-1].Sender != m.Sender {
			c.find("letter %d of %s is not the one that is stored", m.Seq, id)
		}
	}
	if got := v.first + int64(len(v.shown)); got != int64(len(stored)) {
		c.find("of %s it shows %d letters of %d", id, got, len(stored))
	}
	tails, err := c.store.Tails(context.Background(), v.page.district, []uuid.UUID{id})
	c.must(err)
	if tails[0].Sealed != (v.sealed > 0) {
		c.find("%s is sealed: %v, told: %d", id, tails[0].Sealed, v.sealed)
	}
}
