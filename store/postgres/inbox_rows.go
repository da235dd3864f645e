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

// inboxRows are the conversations among ids that the person takes part in.
func inboxRows(ctx context.Context, q queryer, of inboxOf, ids []uuid.UUID) ([]hub.InboxRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.Query(ctx, selectRows, of.district, of.person, ids)
	list, err := scanAll(rows, err, func(r *hub.InboxRow) []any {
		return []any{&r.Conversation, text(&r.Subject), &r.LastSeq, &r.LastAt, &r.LastSender, text(&r.Preview), &r.Unread, &r.Sealed}
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	in, err := participants(ctx, q, of.district, of.person, ids)
	for i := range list {
		list[i].Participants = in[list[i].Conversation]
	}
	return list, err
}

// Row implements hub.Store.
func (s *Store) Row(ctx context.Context, district, conversation, person uuid.UUID) (hub.InboxRow, error) {
	var row hub.InboxRow
	err := s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := inboxRows(ctx, tx, inboxOf{district, person}, []uuid.UUID{conversation})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return hub.ErrNotFound
		}
		row = rows[0]
		return nil
	})
	if err != nil {
		return hub.InboxRow{}, fmt.Errorf("row: %w", err)
	}
	return row, nil
}

const selectContinuations = `
SELECT conversation FROM continuation WHERE district = $1 AND person = $2
ORDER BY sealed_at DESC, conversation DESC LIMIT $3`

// SealedForFamilies implements hub.Store.
func (s *Store) SealedForFamilies(ctx context.Context, district, person uuid.UUID, limit int) ([]hub.InboxRow, error) {
	var list []hub.InboxRow
	err := s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectContinuations, district, person, limit)
		ids, err := scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
		if err != nil {
			return err
		}
		list, err = inboxRows(ctx, tx, inboxOf{district, person}, ids)
		return err
	})
	return list, wrap("sealed for families", err)
}
