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

// Messages implements hub.Store.
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
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		if err := takesPart(ctx, q, district, conversation, person); err != nil {
			return err
		}
		rows, err := q.Query(ctx, query, district, conversation, bound, limit)
		list, err = readMessages(rows, err, conversation, r.Bytes)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
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

// takesPart answers alike for a conversation that is not there and for one in
// which the person does not take part (G7). It needs no one state with what is
// read after it: nobody is added or removed.
func takesPart(ctx context.Context, q queryer, district, conversation, person uuid.UUID) error {
	var one int
	return notFound(q.QueryRow(ctx, selectTakesPart, district, conversation, person).Scan(&one))
}
