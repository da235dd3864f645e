package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
)

// Conversation implements hub.Store.
func (s *Store) Conversation(ctx context.Context, district, conversation, person uuid.UUID) (hub.Conversation, error) {
	var c hub.Conversation
	err := s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var err error
		c, err = conversationTx(ctx, tx, district, conversation, person)
		return err
	})
	if err != nil {
		return hub.Conversation{}, fmt.Errorf("conversation: %w", err)
	}
	return c, nil
}

const (
	selectHeader = `
SELECT c.subject, c.started_by, c.started_at, c.last_seq, c.last_at,
       (SELECT f.conversation FROM participant f
        WHERE f.district = c.district AND f.conversation = c.predecessor AND f.person = q.person)
FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
WHERE q.district = $1 AND q.conversation = $2 AND q.person = $3`
	selectSuccessors = `
SELECT c.id FROM conversation c
JOIN participant q ON q.district = c.district AND q.conversation = c.id AND q.person = $3
WHERE c.district = $1 AND c.predecessor = $2
ORDER BY c.id`
)

func conversationTx(ctx context.Context, tx pgx.Tx, district, conversation, person uuid.UUID) (hub.Conversation, error) {
	c := hub.Conversation{ID: conversation}
	err := tx.QueryRow(ctx, selectHeader, district, conversation, person).
		Scan(text(&c.Subject), &c.StartedBy, &c.StartedAt, &c.LastSeq, &c.LastAt, &c.Predecessor)
	if err != nil {
		return hub.Conversation{}, notFound(err)
	}
	if c.Seal, err = readSeal(ctx, tx, district, conversation); err != nil {
		return hub.Conversation{}, err
	}
	rows, err := tx.Query(ctx, selectSuccessors, district, conversation, person)
	c.Successors, err = scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
	if err != nil {
		return hub.Conversation{}, err
	}
	in, err := participants(ctx, tx, district, person, []uuid.UUID{conversation})
	c.Participants = in[conversation]
	return c, err
}
