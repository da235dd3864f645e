package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
)

const (
	lockInbox = `SELECT version, unread_total FROM inbox WHERE district = $1 AND person = $2 FOR NO KEY UPDATE`

	// markAllRead is judged by what is committed when the inbox is locked, as
	// mark_read is: no message to this person is under way then.
	markAllRead = `
WITH unread AS MATERIALIZED (
  SELECT q.conversation, q.read_seq, c.last_seq, c.last_seq - q.own - q.read AS here,
    CASE WHEN s.seq IS NOT NULL THEN least(s.seq, c.last_seq)
         WHEN c.last_at <= $3 THEN c.last_seq
         ELSE (SELECT m.seq FROM message m
               WHERE m.district = q.district AND m.conversation = q.conversation AND m.seq > q.read_seq AND m.sent_at <= $3
               ORDER BY m.seq DESC LIMIT 1) END AS up_to
  FROM participant q
  JOIN conversation c ON c.district = q.district AND c.id = q.conversation
  LEFT JOIN unnest($4::uuid[], $5::bigint[]) AS s (conversation, seq) ON s.conversation = q.conversation
  WHERE q.district = $1 AND q.person = $2 AND c.last_seq - q.own - q.read > 0
), found AS MATERIALIZED (
  SELECT * FROM unread WHERE up_to > read_seq ORDER BY conversation LIMIT $6 + 1
), batch AS MATERIALIZED (
  SELECT u.conversation, u.up_to, CASE WHEN u.up_to = u.last_seq THEN u.here ELSE (
    SELECT count(*) FROM message m
    WHERE m.district = $1 AND m.conversation = u.conversation AND m.seq > u.read_seq AND m.seq <= u.up_to AND m.sender <> $2) END AS newly
  FROM (SELECT * FROM found ORDER BY conversation LIMIT $6) u
), locked AS MATERIALIZED (
  SELECT q.conversation FROM participant q JOIN batch b ON b.conversation = q.conversation
  WHERE q.district = $1 AND q.person = $2 ORDER BY q.conversation FOR NO KEY UPDATE OF q
), marked AS (
  UPDATE participant q SET read = q.read + b.newly, read_seq = b.up_to
  FROM batch b JOIN locked l ON l.conversation = b.conversation
  WHERE q.district = $1 AND q.conversation = b.conversation AND q.person = $2
  RETURNING b.newly
)
UPDATE inbox i SET version = i.version + 1, unread_total = i.unread_total - (SELECT sum(newly) FROM marked)
WHERE i.district = $1 AND i.person = $2 AND EXISTS (SELECT FROM marked)
RETURNING i.version, i.unread_total, (SELECT count(*) > $6 FROM found)`
)

// MarkAllRead implements hub.Store.
func (s *Store) MarkAllRead(ctx context.Context, district, person uuid.UUID, m hub.MarkAll) (hub.MarkedAll, error) {
	var marked hub.MarkedAll
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, maybe bool) error {
		var err error
		marked, err = markAll(ctx, tx, district, person, m)
		marked.Late = maybe && !marked.Moved
		marked.Moved = marked.Moved || maybe // told twice is better than never
		return err
	})
	if err != nil {
		return hub.MarkedAll{}, fmt.Errorf("mark all as read: %w", err)
	}
	return marked, nil
}

func markAll(ctx context.Context, tx pgx.Tx, district, person uuid.UUID, m hub.MarkAll) (hub.MarkedAll, error) {
	marked := hub.MarkedAll{Head: hub.Head{Person: person}}
	err := tx.QueryRow(ctx, lockInbox, district, person).Scan(&marked.Version, &marked.Unread)
	if errors.Is(err, pgx.ErrNoRows) {
		return marked, nil
	}
	if err != nil {
		return marked, err
	}
	conversations, seqs := make([]uuid.UUID, len(m.Shown)), make([]int64, len(m.Shown))
	for i, one := range m.Shown {
		conversations[i], seqs[i] = one.Conversation, one.Seq
	}
	err = tx.QueryRow(ctx, markAllRead, district, person, m.Before, conversations, seqs, hub.MarkAllBatch).
		Scan(&marked.Version, &marked.Unread, &marked.More)
	if errors.Is(err, pgx.ErrNoRows) {
		return marked, nil
	}
	marked.Moved = err == nil
	return marked, err
}
