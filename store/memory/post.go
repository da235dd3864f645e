package memory

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Post implements hub.Store.
func (s *Store) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	return call(ctx, s, "Post", func() (hub.Receipt, error) {
		if d := s.districts[p.District]; d != nil {
			if before, used := d.sentWith(p.Sender, p.Key); used {
				if before.Conversation == p.Conversation && before.Body == p.Body {
					return before, nil
				}
				return hub.Receipt{}, keyReused(before)
			}
		}
		d, c, m, err := s.in(p.District, p.Conversation, p.Sender)
		if err != nil {
			return hub.Receipt{}, err
		}
		if err := d.refuse(p.Sender); err != nil {
			return hub.Receipt{}, err
		}
		if c.Seal != nil {
			return hub.Receipt{}, &hub.Error{Code: hub.CodeSealed}
		}
		return d.add(c, m, p.Key, p.Body, p.Now), nil
	})
}

func keyReused(before ...hub.Receipt) error {
	return &hub.Error{Code: hub.CodeKeyReused, Field: "key", Stored: before}
}

// refuse says why somebody may send nothing at all.
func (d *district) refuse(sender uuid.UUID) error {
	switch {
	case !d.Enabled:
		return &hub.Error{Code: hub.CodeMessagingOff}
	case d.gone(sender):
		return &hub.Error{Code: hub.CodeOut}
	}
	return nil
}

// sentWith is what somebody sent with a key.
func (d *district) sentWith(sender, key uuid.UUID) (hub.Receipt, bool) {
	was := d.sent[usedKey{sender, key}]
	if was == nil {
		return hub.Receipt{}, false
	}
	r := d.receipt(was.member(sender), was.Message)
	r.Repeated = true
	return r, true
}

func (d *district) receipt(m *member, message hub.Message) hub.Receipt {
	r := hub.Receipt{Message: message, SenderName: d.people[m.person].Name()}
	if len(m.ties) > 0 {
		r.SenderPart = m.ties[0].Part
	}
	return r
}

// add adds a message and counts it for everybody.
func (d *district) add(c *conversation, from *member, key uuid.UUID, body string, now time.Time) hub.Receipt {
	at := stored(now)
	if at.Before(c.LastAt) {
		at = c.LastAt // the clocks of those who send differ
	}
	m := hub.Message{Conversation: c.ID, Seq: c.LastSeq + 1, Sender: from.person, SentAt: at, Body: body, Key: key}
	m.Hash = hub.ChainHash(c.hash, m)
	c.messages = append(c.messages, m)
	c.LastSeq, c.LastAt, c.hash = m.Seq, m.SentAt, m.Hash
	from.own++
	d.sent[usedKey{from.person, key}] = &sent{c, m}
	for _, to := range c.members {
		head := d.head(to.person)
		head.Version++
		if to != from {
			head.Unread++
			d.notice(to.person, m.SentAt.Add(d.Settings.MailDelay()))
		}
	}
	r := d.receipt(from, m)
	r.Audience = d.audience(c)
	return r
}

// head is the inbox of somebody in a conversation.
func (d *district) head(person uuid.UUID) *hub.Head {
	if d.heads[person] == nil {
		d.heads[person] = &hub.Head{Person: person}
	}
	return d.heads[person]
}

// audience are those in a conversation to whom something may be delivered.
func (d *district) audience(c *conversation) []hub.Told {
	var told []hub.Told
	for _, m := range c.members {
		if !d.gone(m.person) {
			told = append(told, hub.Told{Head: *d.head(m.person), Here: m.unread(c)})
		}
	}
	return told
}
