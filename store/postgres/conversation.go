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
	var in participants
	err := s.readAll(ctx, func(b *pgx.Batch) {
		c, in = hub.Conversation{ID: conversation}, participants{}
		queueConversation(b, &c, district, person)
		in.queue(b, district, []uuid.UUID{conversation})
	})
	if err != nil {
		return hub.Conversation{}, fmt.Errorf("conversation: %w", notFound(err))
	}
	c.Participants = in.shownTo(person)[conversation]
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

// queueConversation asks for all but the participants. What stands after the
// first query is nobody's where that finds nothing.
func queueConversation(b *pgx.Batch, c *hub.Conversation, district, person uuid.UUID) {
	b.Queue(selectHeader, district, c.ID, person).QueryRow(func(row pgx.Row) error {
		return row.Scan(text(&c.Subject), &c.StartedBy, &c.StartedAt, &c.LastSeq, &c.LastAt, &c.Predecessor)
	})
	b.Queue(selectSeal, district, c.ID).QueryRow(func(row pgx.Row) (err error) {
		c.Seal, err = scanSeal(row)
		return err
	})
	b.Queue(selectSuccessors, district, c.ID, person).Query(func(rows pgx.Rows) (err error) {
		c.Successors, err = scanAll(rows, nil, func(id *uuid.UUID) []any { return []any{id} })
		return err
	})
}
