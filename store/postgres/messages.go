package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
)

const (
	selectTakesPart = `SELECT 1 FROM participant WHERE district = $1 AND conversation = $2 AND person = $3`
	messageColumns  = `SELECT seq, sender, sent_at, key, hash, body FROM message
WHERE district = $1 AND conversation = $2`
	selectMessagesAfter  = messageColumns + ` AND seq > $3 ORDER BY seq LIMIT $4`
	selectMessagesBefore = messageColumns + ` AND seq < $3 ORDER BY seq DESC LIMIT $4`
)

// Messages implements hub.Store. It answers alike for a conversation that is not
// there and for one in which the person does not take part (G7): whoever that
// is, the database is asked for the messages, and they go to participants alone.
func (s *Store) Messages(ctx context.Context, district, conversation, person uuid.UUID, r hub.Range) ([]hub.Message, error) {
	limit, err := r.PageSize()
	if err != nil {
		return nil, err
	}
	query, bound := selectMessagesAfter, r.After
	if r.Before > 0 {
		query, bound = selectMessagesBefore, r.Before
	}
	var list []hub.Message
	err = s.readAll(ctx, func(b *pgx.Batch) {
		b.Queue(selectTakesPart, district, conversation, person).QueryRow(func(row pgx.Row) error {
			return row.Scan(new(int))
		})
		b.Queue(query, district, conversation, bound, limit).Query(func(rows pgx.Rows) (err error) {
			list, err = readMessages(rows, nil, conversation, r.Bytes)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("messages: %w", notFound(err))
	}
	if r.Before > 0 {
		slices.Reverse(list)
	}
	return list, nil
}

// readMessages ends with the message whose body fills so many bytes, if any.
func readMessages(rows pgx.Rows, err error, conversation uuid.UUID, bytes int) ([]hub.Message, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []hub.Message
	for size := 0; (bytes == 0 || size < bytes) && rows.Next(); {
		m, err := scanMessage(rows, conversation)
		if err != nil {
			return nil, err
		}
		list, size = append(list, m), size+len(m.Body)
	}
	rows.Close() // the rest is of no interest
	return list, rows.Err()
}

func scanMessage(row pgx.Row, conversation uuid.UUID) (hub.Message, error) {
	m := hub.Message{Conversation: conversation}
	var hash []byte
	err := row.Scan(&m.Seq, &m.Sender, &m.SentAt, &m.Key, &hash, text(&m.Body))
	copy(m.Hash[:], hash)
	return m, err
}
