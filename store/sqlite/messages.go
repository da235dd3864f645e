package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const (
	selectTakesPart = `SELECT 1 FROM participant WHERE district = ?1 AND conversation = ?2 AND person = ?3`
	messageColumns  = `SELECT seq, sender, sent_at, key, hash, body FROM message
WHERE district = ?1 AND conversation = ?2`
	selectMessagesAfter  = messageColumns + ` AND seq > ?3 ORDER BY seq LIMIT ?4`
	selectMessagesBefore = messageColumns + ` AND seq < ?3 ORDER BY seq DESC LIMIT ?4`
)

// Messages implements hub.Store.
func (s *Store) Messages(ctx context.Context, district, conversation, person uuid.UUID, r hub.Range) ([]hub.Message, error) {
	limit, err := r.PageSize()
	if err != nil {
		return nil, err
	}
	text, bound := selectMessagesAfter, r.After
	if r.Before > 0 {
		text, bound = selectMessagesBefore, r.Before
	}
	var list []hub.Message
	err = s.read(ctx, func(tx *sql.Tx) error {
		if err := s.takesPart(ctx, tx, district, conversation, person); err != nil {
			return err
		}
		list, err = s.messages(ctx, tx, text, district, conversation, bound, limit, r.Bytes)
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

func (s *Store) messages(ctx context.Context, tx *sql.Tx, text string, district, conversation uuid.UUID, bound int64, limit, bytes int) ([]hub.Message, error) {
	rows, err := s.reads.query(ctx, tx, text, key(district), key(conversation), bound, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []hub.Message
	for size := 0; (bytes == 0 || size < bytes) && rows.Next(); {
		var m storedMessage
		if err := rows.Scan(&m.Seq, &m.Sender, &m.at, &m.Key, &m.hash, &m.Body); err != nil {
			return nil, err
		}
		m.Conversation = conversation
		list, size = append(list, m.message()), size+len(m.Body)
	}
	return list, rows.Err()
}

// storedMessage is a message with what its columns hold in another form.
type storedMessage struct {
	hub.Message
	at   int64
	hash []byte
}

func (m storedMessage) message() hub.Message {
	m.SentAt = instant(m.at)
	copy(m.Hash[:], m.hash)
	return m.Message
}

// takesPart answers alike for a conversation that is not there and for one in
// which the person does not take part (G7).
func (s *Store) takesPart(ctx context.Context, tx *sql.Tx, district, conversation, person uuid.UUID) error {
	var one int
	err := s.reads.queryRow(ctx, tx, selectTakesPart, key(district), key(conversation), key(person)).Scan(&one)
	return notFound(err)
}
