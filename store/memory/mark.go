package memory

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// MarkRead implements hub.Store.
func (s *Store) MarkRead(ctx context.Context, districtID, conversation, person uuid.UUID, upTo int64) (hub.ReadReceipt, error) {
	return call(ctx, s, "MarkRead", func() (hub.ReadReceipt, error) {
		d, c, me, err := s.in(districtID, conversation, person)
		if err != nil {
			return hub.ReadReceipt{}, err
		}
		head, moved := d.head(person), false
		if upTo > me.readSeq && c.LastSeq > me.readSeq {
			head.Unread -= me.mark(c, upTo)
			head.Version, moved = head.Version+1, true
		}
		return hub.ReadReceipt{
			Told: hub.Told{Head: *head, Here: me.unread(c)}, ReadSeq: me.readSeq, Moved: moved,
		}, nil
	})
}

// mark moves a read position forward, and says how many messages of others are
// read by that.
func (m *member) mark(c *conversation, upTo int64) (newly int64) {
	upTo = min(upTo, c.LastSeq)
	for _, message := range c.messages[m.readSeq:upTo] {
		if message.Sender != m.person {
			newly++
		}
	}
	m.read, m.readSeq = m.read+newly, upTo
	return newly
}

// MarkAllRead implements hub.Store.
func (s *Store) MarkAllRead(ctx context.Context, districtID, person uuid.UUID, all hub.MarkAll) (hub.MarkedAll, error) {
	return call(ctx, s, "MarkAllRead", func() (marked hub.MarkedAll, err error) {
		marked.Person = person
		d := s.districts[districtID]
		if d == nil || d.heads[person] == nil {
			return marked, nil
		}
		shown := map[uuid.UUID]int64{}
		for _, one := range all.Shown {
			shown[one.Conversation] = one.Seq
		}
		head, done := d.head(person), 0
		for _, c := range d.inbox(person, hub.InboxQuery{UnreadOnly: true}) {
			me := c.member(person)
			upTo, listed := shown[c.ID]
			for _, m := range c.messages {
				if !listed && !m.SentAt.After(all.Before) {
					upTo = m.Seq
				}
			}
			if upTo <= me.readSeq {
				continue
			}
			if done++; done > hub.MarkAllBatch {
				marked.More = true
				break
			}
			head.Unread -= me.mark(c, upTo)
			marked.Moved = true
		}
		if marked.Moved {
			head.Version++
		}
		marked.Head = *head
		return marked, nil
	})
}
