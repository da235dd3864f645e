package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// selectRows shows conversations as the inbox of one in them does, in the order
// in which they are named. The beginning of the last message comes in bytes:
// SQLite counts the characters of a text to its first NUL only.
const selectRows = `
SELECT c.id, c.subject, c.last_seq, c.last_at, m.sender, substr(CAST(m.body AS BLOB), 1, ?4), c.last_seq - q.own - q.read,
       EXISTS (SELECT 1 FROM seal WHERE district = c.district AND conversation = c.id)
FROM json_each(?3) e
CROSS JOIN participant q ON q.district = ?1 AND q.conversation = unhex(e.value) AND q.person = ?2
JOIN conversation c ON c.district = q.district AND c.id = q.conversation
JOIN message m ON m.district = c.district AND m.conversation = c.id AND m.seq = c.last_seq
ORDER BY e.key`

// rows are the conversations among ids that the person takes part in.
func (s *Store) rows(ctx context.Context, tx *sql.Tx, of inboxOf, ids []uuid.UUID) ([]hub.InboxRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	type stored struct {
		hub.InboxRow
		at int64
	}
	rows, err := s.reads.query(ctx, tx, selectRows, key(of.district), key(of.person), idSet(ids), hub.BeginningBytes)
	list, err := scanAll(rows, err, func(r *stored) []any {
		return []any{&r.Conversation, &r.Subject, &r.LastSeq, &r.at, &r.LastSender, &r.Preview, &r.Unread, &r.Sealed}
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	in, err := s.participants(ctx, tx, of.district, of.person, ids)
	if err != nil {
		return nil, err
	}
	shown := make([]hub.InboxRow, len(list))
	for i, r := range list {
		r.LastAt, r.Participants, r.Preview = instant(r.at), in[r.Conversation], hub.Beginning(r.Preview)
		shown[i] = r.InboxRow
	}
	return shown, nil
}

// Row implements hub.Store.
func (s *Store) Row(ctx context.Context, district, conversation, person uuid.UUID) (hub.InboxRow, error) {
	var row hub.InboxRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		rows, err := s.rows(ctx, tx, inboxOf{district, person}, []uuid.UUID{conversation})
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
SELECT conversation FROM continuation WHERE district = ?1 AND person = ?2
ORDER BY sealed_at DESC, conversation DESC LIMIT ?3`

// SealedForFamilies implements hub.Store.
func (s *Store) SealedForFamilies(ctx context.Context, district, person uuid.UUID, limit int) ([]hub.InboxRow, error) {
	var list []hub.InboxRow
	err := s.read(ctx, func(tx *sql.Tx) error {
		rows, err := s.reads.query(ctx, tx, selectContinuations, key(district), key(person), limit)
		ids, err := scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
		if err != nil {
			return err
		}
		list, err = s.rows(ctx, tx, inboxOf{district, person}, ids)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sealed for families: %w", err)
	}
	return list, nil
}
