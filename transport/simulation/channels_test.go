package simulation_test

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/wire"
)

// What follows is static/js/channels.js, line by line; all in ms.
const (
	moment = 200
	again  = 2000
)

// trying asks, and again after a while where that was refused for now.
func trying(c *connection, ask func(done func(error))) {
	ask(func(err error) {
		c.then(func() {
			if err == nil || errors.Is(err, errLost) && !c.up || errors.Is(err, refused("not_found")) {
				return
			}
			c.after(again, func() {
				if c.up {
					trying(c, ask)
				}
			})
		})
	})
}

type conversationChannel struct {
	*connection
	id        uuid.UUID
	letters   *letters
	filling   bool
	ended     bool
	promised  int64 // the number with which the next event begins, 0 where none is promised
	onBroken  func(what string)
	onLetters func([]wire.Message)
	onRead    func(readSeq int64)
	onSealed  func()
}

func (c *conversationChannel) end() { c.ended = true }

func (c *conversationChannel) name() string { return "conversation:" + c.id.String() }

func (c *conversationChannel) subscribe() {
	trying(c.connection, func(done func(error)) {
		if c.ended {
			done(nil)
			return
		}
		c.request("subscribe", map[string]any{"channel": c.name(), "after": c.letters.last}, func(f frame, err error) {
			if err == nil {
				c.promised = f.LastSeq + 1
				c.letters.heard(f.LastSeq)
				c.add(f.Messages)
				c.onRead(f.ReadSeq)
				if string(f.Sealed) == "true" {
					c.onSealed()
				}
				if c.letters.missing() {
					c.fill()
				}
			}
			done(err)
		})
	})
}

func (c *conversationChannel) event(f frame) {
	switch {
	case f.Type == wire.TypeMessage && f.Message.Conversation == c.id:
		c.hold(f.Message.Seq)
		c.add([]wire.Message{*f.Message})
		c.fillAfter(moment)
	case f.Type == wire.TypeSealed && f.Conversation == c.id:
		c.onSealed()
	case f.Type == wire.TypeResync && f.Channel == c.name():
		c.subscribe()
	}
}

// hold holds what the protocol promises, which the browser does not lean on:
// events come in order, without a gap after the answer; some may come twice.
func (c *conversationChannel) hold(seq int64) {
	if c.promised > 0 && seq > c.promised {
		c.onBroken(fmt.Sprintf("letter %d came where %d was promised", seq, c.promised))
	}
	if seq == c.promised {
		c.promised++
	}
}

func (c *conversationChannel) add(messages []wire.Message) {
	if next := c.letters.take(messages); len(next) > 0 {
		c.onLetters(next)
	}
}

func (c *conversationChannel) fillAfter(ms float64) {
	if c.letters.missing() && !c.ended {
		c.after(ms, func() {
			if c.letters.missing() {
				c.fill()
			}
		})
	}
}

func (c *conversationChannel) fill() {
	if c.filling || c.ended || !c.up {
		return
	}
	c.filling = true
	fields := map[string]any{"conversation": c.id, "after": c.letters.last, "limit": 200}
	c.request("messages", fields, func(f frame, err error) {
		wait := float64(moment)
		if err == nil {
			c.add(f.Messages)
		} else {
			wait = again
		}
		c.filling = false
		c.fillAfter(wait)
	})
}

type userChannel struct {
	*connection
	inbox      inbox
	onHappened func(frame)
	onMissed   func()
}

func (u *userChannel) forget() { u.inbox.forget() }

func (u *userChannel) loaded(l *loaded) (behind bool) {
	return l.Epoch != u.epoch || u.inbox.loaded(l.Version, l.Unread)
}

func (u *userChannel) subscribe() {
	trying(u.connection, func(done func(error)) {
		u.request("subscribe", map[string]any{"channel": "user"}, func(f frame, err error) {
			if err == nil {
				u.told(f)
			}
			done(err)
		})
	})
}

func (u *userChannel) event(f frame) {
	if f.Type == wire.TypeInbox {
		u.told(f)
	} else if f.Type == wire.TypeResync && f.Channel == "user" {
		u.subscribe()
	}
}

func (u *userChannel) told(f frame) {
	switch u.inbox.take(f) {
	case "next":
		u.onHappened(f)
	case "missed":
		u.onMissed()
	}
}
