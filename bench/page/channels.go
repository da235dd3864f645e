package page

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	moment = 200 * time.Millisecond // in which letters that overtook one another sort themselves out
	again  = 2 * time.Second        // until something that was refused is tried again
)

// trying asks, again after a while where it was refused for now. After a lost
// connection the next welcome begins anew.
func trying(c *connection, ask func(refused func(error))) {
	ask(func(err error) {
		var r *Refused
		switch {
		case errors.Is(err, errLost) && !c.up:
		case errors.As(err, &r) && r.Code == "not_found":
			c.record.Wrong("a conversation that is one's own is not found")
		default:
			c.turn.after(again, func() {
				if c.up {
					trying(c, ask)
				}
			})
		}
	})
}

// conversationChannel are the letters of one conversation, live.
type conversationChannel struct {
	connection *connection
	id         uuid.UUID
	letters    letters
	filling    bool
	told       order // what the present subscription was told
	show       func([]Message)
	read       func(readSeq int64)
}

func (c *conversationChannel) subscribe() {
	trying(c.connection, func(refused func(error)) {
		fields := map[string]any{"channel": "conversation:" + c.id.String(), "after": c.letters.last}
		c.told.end()
		c.connection.request("subscribe", fields, func(f frame, err error) {
			var answer opened
			if err == nil {
				err = f.read(&answer)
			}
			if err != nil {
				refused(err)
				return
			}
			c.connection.record.messages(answer.Messages)
			c.told.begin(answer.LastSeq)
			c.letters.heard(answer.LastSeq)
			c.take(answer.Messages)
			c.read(answer.ReadSeq)
			if c.letters.missing() {
				c.fill()
			}
		})
	})
}

func (c *conversationChannel) event(f frame) {
	record := c.connection.record
	var e struct {
		Message *Message `json:"message"`
		Channel string   `json:"channel"`
	}
	switch f.Type {
	case "message":
		if err := f.read(&e); err != nil || e.Message == nil {
			record.Wrong(fmt.Sprintf("an event without a message: %s", f.raw))
			return
		}
		record.messages([]Message{*e.Message})
		if e.Message.Conversation != c.id {
			record.Stranger(e.Message.Conversation, "an event of a conversation that the page does not follow")
			return
		}
		if wrong := c.told.event(e.Message.Seq); wrong != "" {
			record.Disorder(c.id, e.Message.Seq, wrong)
		}
		c.take([]Message{*e.Message})
		c.fillAfter(moment)
	case "resync":
		if err := f.read(&e); err == nil && strings.HasPrefix(e.Channel, "conversation:") {
			c.subscribe()
		}
	}
}

func (c *conversationChannel) take(messages []Message) {
	if next := c.letters.take(messages); len(next) > 0 {
		c.show(next)
	}
}

func (c *conversationChannel) fillAfter(d time.Duration) {
	if c.letters.missing() {
		c.connection.turn.after(d, func() {
			if c.letters.missing() {
				c.fill()
			}
		})
	}
}

// fill asks for what is missing after the last letter one has.
func (c *conversationChannel) fill() {
	if c.filling || !c.connection.up {
		return
	}
	c.filling = true
	fields := map[string]any{"conversation": c.id, "after": c.letters.last, "limit": 200}
	c.connection.request("messages", fields, func(f frame, err error) {
		var answer struct {
			Messages []Message `json:"messages"`
		}
		if err == nil {
			err = f.read(&answer)
		}
		wait := again
		if err == nil {
			c.connection.record.messages(answer.Messages)
			c.take(answer.Messages)
			wait = moment
		}
		c.filling = false
		c.fillAfter(wait)
	})
}

// userChannel is one's inbox, live.
type userChannel struct {
	connection *connection
	head       head
	happened   func(Inbox)
	missed     func()
}

func (u *userChannel) subscribe() {
	trying(u.connection, func(refused func(error)) {
		u.connection.request("subscribe", map[string]any{"channel": "user"}, func(f frame, err error) {
			var told Inbox
			if err == nil {
				err = f.read(&told)
			}
			if err != nil {
				refused(err)
				return
			}
			u.take(told)
		})
	})
}

func (u *userChannel) event(f frame) {
	if f.Type == "inbox" {
		var told Inbox
		if err := f.read(&told); err != nil {
			u.connection.record.Wrong(fmt.Sprintf("an inbox that cannot be read: %s", f.raw))
			return
		}
		u.take(told)
	}
}

func (u *userChannel) take(told Inbox) {
	u.connection.record.inbox(told)
	switch u.head.take(told) {
	case next:
		u.happened(told)
	case missed:
		u.missed()
	}
}
