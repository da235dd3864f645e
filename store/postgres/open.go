package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
)

const (
	insertConversation = `
INSERT INTO conversation (district, id, subject, started_by, started_at, predecessor, last_seq, last_at, last_hash)
VALUES ($1, $2, $3, $4, $5, $6, 0, $5, $7)`
	insertParticipants = `
INSERT INTO participant (district, conversation, person, no, bucket)
SELECT $1, $2, person, no - 1, floor(extract(epoch FROM $4::timestamptz) / 3600)
FROM unnest($3::uuid[]) WITH ORDINALITY AS p (person, no)`
	insertTies = `
INSERT INTO tie (district, conversation, person, no, part, student, detail)
SELECT $1, $2, person, no, part, student, detail
FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::uuid[], $7::text[]) AS t (person, no, part, student, detail)`
	insertStarted = `
INSERT INTO started (district, sender, key, no, conversation) VALUES ($1, $2, $3, $4, $5)`
	deleteContinuations = `
DELETE FROM continuation WHERE district = $1 AND person = ANY ($2) AND conversation = $3
AND sealed_at = (SELECT at FROM seal WHERE district = $1 AND conversation = $3)`
	selectSealed = `
SELECT EXISTS (SELECT FROM seal WHERE district = q.district AND conversation = q.conversation)
FROM participant q WHERE district = $1 AND conversation = $2 AND person = $3`
)

// openAll stores the conversations of a start with their first messages. All
// their inboxes are locked before the first is written to.
func openAll(ctx context.Context, tx pgx.Tx, r hub.Start, list []hub.NewConversation) (hub.Started, error) {
	batch := &pgx.Batch{}
	ids := make([]uuid.UUID, len(list))
	for no, c := range list {
		ids[no] = c.ID
		if err := mayFollow(ctx, tx, r, c.Predecessor); err != nil {
			return hub.Started{}, err
		}
		queueOpen(batch, r, no, c)
	}
	batch.Queue(lockInboxes, r.District, ids)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return hub.Started{}, fmt.Errorf("open: %w", err)
	}
	var started hub.Started
	for _, c := range list {
		receipt, err := openWith(ctx, tx, r, c)
		if err != nil {
			return hub.Started{}, err
		}
		started.Receipts = append(started.Receipts, receipt)
	}
	return started, nil
}

// queueOpen queues what makes a conversation, without its message.
func queueOpen(batch *pgx.Batch, r hub.Start, no int, c hub.NewConversation) {
	root := hub.ChainRoot(r.District, r.Sender, r.Now, c)
	var people, of, students []uuid.UUID
	var numbers []int
	var parts, details []string
	for _, p := range c.Participants {
		people = append(people, p.Person)
		for i, t := range p.Ties {
			of, numbers, students = append(of, p.Person), append(numbers, i), append(students, t.Student)
			parts, details = append(parts, string(t.Part)), append(details, kept(t.Detail))
		}
	}
	batch.Queue(insertConversation, r.District, c.ID, kept(c.Subject), r.Sender, r.Now, orNull(c.Predecessor), root[:])
	batch.Queue(insertParticipants, r.District, c.ID, people, r.Now)
	batch.Queue(insertTies, r.District, c.ID, of, numbers, parts, orNulls(students), details)
	if c.Predecessor != uuid.Nil {
		batch.Queue(deleteContinuations, r.District, people, c.Predecessor)
	}
	batch.Queue(insertStarted, r.District, r.Sender, r.Key, no, c.ID)
}

// openWith stores the first message of a conversation. A key that the sender
// has used for a message is refused.
func openWith(ctx context.Context, tx pgx.Tx, r hub.Start, c hub.NewConversation) (hub.Receipt, error) {
	first := hub.Post{District: r.District, Conversation: c.ID, Sender: r.Sender, Key: c.Key, Body: c.Body, Now: r.Now}
	answer, err := callPostWith(ctx, tx, first)
	if err != nil {
		return hub.Receipt{}, fmt.Errorf("conversation %s: %w", c.ID, err)
	}
	receipt, err := answer.receipt(first)
	if err == nil && receipt.Repeated {
		err = &hub.Error{Code: hub.CodeKeyReused, Field: "key", Stored: []hub.Receipt{receipt}}
	}
	return receipt, err
}

// mayFollow refuses a predecessor that is not the sender's or not sealed (R25).
// Neither changes back, so that it needs no lock.
func mayFollow(ctx context.Context, tx pgx.Tx, r hub.Start, predecessor uuid.UUID) error {
	if predecessor == uuid.Nil {
		return nil
	}
	var sealed bool
	err := tx.QueryRow(ctx, selectSealed, r.District, predecessor, r.Sender).Scan(&sealed)
	if err == nil && !sealed {
		return &hub.Error{Code: hub.CodeInvalid, Field: "continues"}
	}
	return notFound(err)
}
