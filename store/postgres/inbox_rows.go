package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
)

// selectRows shows conversations as the inbox of one in them does, in the order
// in which they are named. The beginning of the last message is 160 characters.
const selectRows = `
SELECT c.id, c.subject, c.last_seq, c.last_at, m.sender, left(m.body, 160), c.last_seq - q.own - q.read, c.seal_hash IS NOT NULL
FROM unnest($3::uuid[]) WITH ORDINALITY AS e (id, no)
JOIN participant q ON q.district = $1 AND q.conversation = e.id AND q.person = $2
JOIN conversation c ON c.district = q.district AND c.id = q.conversation
JOIN message m ON m.district = c.district AND m.conversation = c.id AND m.seq = c.last_seq
ORDER BY e.no`

// inboxRows are the conversations among some that the person takes part in.
type inboxRows struct {
	of   inboxOf
	list []hub.InboxRow
	in   participants
}

func (r *inboxRows) queue(b *pgx.Batch, ids []uuid.UUID) {
	b.Queue(selectRows, r.of.district, r.of.person, ids).Query(func(rows pgx.Rows) (err error) {
		r.list, err = scanAll(rows, nil, func(r *hub.InboxRow) []any {
			return []any{&r.Conversation, text(&r.Subject), &r.LastSeq, &r.LastAt, &r.LastSender, text(&r.Preview), &r.Unread, &r.Sealed}
		})
		return err
	})
	r.in.queue(b, r.of.district, ids)
}

func (r *inboxRows) all() []hub.InboxRow {
	in := r.in.shownTo(r.of.person)
	for i := range r.list {
		r.list[i].Participants = in[r.list[i].Conversation]
	}
	return r.list
}

// rowsOf are the conversations among ids that the person takes part in.
func (s *Store) rowsOf(ctx context.Context, of inboxOf, ids []uuid.UUID) ([]hub.InboxRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows inboxRows
	err := s.readAll(ctx, func(b *pgx.Batch) {
		rows = inboxRows{of: of}
		rows.queue(b, ids)
	})
	return rows.all(), err
}

// Row implements hub.Store.
func (s *Store) Row(ctx context.Context, district, conversation, person uuid.UUID) (hub.InboxRow, error) {
	rows, err := s.rowsOf(ctx, inboxOf{district, person}, []uuid.UUID{conversation})
	if err == nil && len(rows) == 0 {
		err = hub.ErrNotFound
	}
	if err != nil {
		return hub.InboxRow{}, fmt.Errorf("row: %w", err)
	}
	return rows[0], nil
}

const selectContinuations = `
SELECT conversation FROM continuation WHERE district = $1 AND person = $2
ORDER BY sealed_at DESC, conversation DESC LIMIT $3`

// SealedForFamilies implements hub.Store. Mostly there are none, which is one
// look-up.
func (s *Store) SealedForFamilies(ctx context.Context, district, person uuid.UUID, limit int) ([]hub.InboxRow, error) {
	ids, err := list(ctx, s, func(id *uuid.UUID) []any { return []any{id} }, selectContinuations, district, person, limit)
	if err != nil {
		return nil, fmt.Errorf("sealed for families: %w", err)
	}
	rows, err := s.rowsOf(ctx, inboxOf{district, person}, ids)
	return rows, wrap("sealed for families", err)
}
