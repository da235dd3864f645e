package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const (
	selectMark = `
SELECT q.read, q.read_seq, q.own, c.last_seq
FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
WHERE q.district = ?1 AND q.conversation = ?2 AND q.person = ?3`
	countOthers = `
SELECT count(*) FROM message
WHERE district = ?1 AND conversation = ?2 AND seq > ?4 AND seq <= ?5 AND sender <> ?3`
	updateMark = `
UPDATE participant SET read = ?4, read_seq = ?5 WHERE district = ?1 AND conversation = ?2 AND person = ?3`
	updateRead = `
UPDATE inbox SET version = version + 1, unread_total = unread_total - ?3 WHERE district = ?1 AND person = ?2`
	selectHead = `SELECT version, unread_total FROM inbox WHERE district = ?1 AND person = ?2`
)

// MarkRead implements hub.Store.
func (s *Store) MarkRead(ctx context.Context, district, conversation, person uuid.UUID, upTo int64) (hub.ReadReceipt, error) {
	var receipt hub.ReadReceipt
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		receipt, err = s.markRead(ctx, tx, district, conversation, person, upTo)
		return err
	})
	if err != nil {
		return hub.ReadReceipt{}, fmt.Errorf("mark as read: %w", err)
	}
	return receipt, nil
}

func (s *Store) markRead(ctx context.Context, tx *sql.Tx, district, conversation, person uuid.UUID, upTo int64) (hub.ReadReceipt, error) {
	d, c, who := key(district), key(conversation), key(person)
	var read, readSeq, own, last int64
	err := s.writes.queryRow(ctx, tx, selectMark, d, c, who).Scan(&read, &readSeq, &own, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return hub.ReadReceipt{}, hub.ErrNotFound
	}
	if err != nil {
		return hub.ReadReceipt{}, err
	}
	receipt := hub.ReadReceipt{ReadSeq: readSeq}
	if upTo = min(upTo, last); upTo > readSeq {
		newly := last - own - read // all that are left: no need to count
		if upTo < last {
			row := s.writes.queryRow(ctx, tx, countOthers, d, c, who, readSeq, upTo)
			if err := row.Scan(&newly); err != nil {
				return hub.ReadReceipt{}, err
			}
		}
		run := batch{ctx: ctx, tx: tx, statements: s.writes}
		run.exec(updateMark, d, c, who, read+newly, upTo)
		run.exec(updateRead, d, who, newly)
		if run.err != nil {
			return hub.ReadReceipt{}, run.err
		}
		read += newly
		receipt.ReadSeq, receipt.Moved = upTo, true
	}
	receipt.Person, receipt.Here = person, last-own-read
	row := s.writes.queryRow(ctx, tx, selectHead, d, who)
	return receipt, row.Scan(&receipt.Version, &receipt.Unread)
}
