package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Conversation implements hub.Store.
func (s *Store) Conversation(ctx context.Context, district, conversation, person uuid.UUID) (hub.Conversation, error) {
	var c hub.Conversation
	err := s.read(ctx, func(tx *sql.Tx) error {
		var err error
		c, err = s.conversation(ctx, tx, district, conversation, person)
		return err
	})
	if err != nil {
		return hub.Conversation{}, fmt.Errorf("conversation: %w", err)
	}
	return c, nil
}

func (s *Store) conversation(ctx context.Context, tx *sql.Tx, district, conversation, person uuid.UUID) (hub.Conversation, error) {
	c, err := s.header(ctx, tx, district, conversation, person)
	if err != nil {
		return hub.Conversation{}, err
	}
	if c.Seal, err = readSeal(ctx, tx, s.reads, district, conversation); err != nil {
		return hub.Conversation{}, err
	}
	rows, err := s.reads.query(ctx, tx, selectSuccessors, key(district), key(conversation), key(person))
	c.Successors, err = scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
	if err != nil {
		return hub.Conversation{}, err
	}
	in, err := s.participants(ctx, tx, district, person, []uuid.UUID{conversation})
	c.Participants = in[conversation]
	return c, err
}

const (
	selectHeader = `
SELECT c.subject, c.started_by, c.started_at, c.last_seq, c.last_at,
       (SELECT f.conversation FROM participant f
        WHERE f.district = c.district AND f.conversation = c.predecessor AND f.person = q.person)
FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
WHERE q.district = ?1 AND q.conversation = ?2 AND q.person = ?3`
	selectSuccessors = `
SELECT c.id FROM conversation c
JOIN participant q ON q.district = c.district AND q.conversation = c.id AND q.person = ?3
WHERE c.district = ?1 AND c.predecessor = ?2
ORDER BY c.id`
	selectSeal = `SELECT at, by, cause, reason, staff_reason, guardian, student FROM seal WHERE district = ?1 AND conversation = ?2`
)

func (s *Store) header(ctx context.Context, tx *sql.Tx, district, conversation, person uuid.UUID) (hub.Conversation, error) {
	c := hub.Conversation{ID: conversation}
	var started, last int64
	row := s.reads.queryRow(ctx, tx, selectHeader, key(district), key(conversation), key(person))
	err := row.Scan(&c.Subject, &c.StartedBy, &started, &c.LastSeq, &last, &c.Predecessor)
	c.StartedAt, c.LastAt = instant(started), instant(last)
	return c, notFound(err)
}

// readSeal is the seal of a conversation, nil where it has none.
func readSeal(ctx context.Context, tx *sql.Tx, prepared statements, district, conversation uuid.UUID) (*hub.Seal, error) {
	rows, err := prepared.query(ctx, tx, selectSeal, key(district), key(conversation))
	type stored struct {
		hub.Seal
		at int64
	}
	seals, err := scanAll(rows, err, func(l *stored) []any {
		return []any{&l.at, &l.By, &l.Cause, &l.Reason, &l.StaffReason, &l.Guardian, &l.Student}
	})
	if err != nil || len(seals) == 0 {
		return nil, err
	}
	seal := seals[0].Seal
	seal.At = instant(seals[0].at)
	return &seal, nil
}
