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
		if upTo = min(upTo, c.LastSeq); upTo > me.readSeq {
			var newly int64
			for _, m := range c.messages[me.readSeq:upTo] {
				if m.Sender != person {
					newly++
				}
			}
			me.read, me.readSeq, moved = me.read+newly, upTo, true
			head.Version, head.Unread = head.Version+1, head.Unread-newly
		}
		return hub.ReadReceipt{
			Told: hub.Told{Head: *head, Here: me.unread(c)}, ReadSeq: me.readSeq, Moved: moved,
		}, nil
	})
}
