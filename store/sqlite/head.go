package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Head implements hub.Store. Who was never in a conversation has read all.
func (s *Store) Head(ctx context.Context, district, person uuid.UUID) (hub.Head, error) {
	head := hub.Head{Person: person}
	row := s.reads[selectHead].QueryRowContext(ctx, key(district), key(person))
	err := row.Scan(&head.Version, &head.Unread)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return hub.Head{}, fmt.Errorf("head: %w", readFailure(ctx, err))
	}
	return head, nil
}

const selectHeads = `
SELECT i.person, i.version, i.unread_total
FROM json_each(?2) e CROSS JOIN inbox i ON i.district = ?1 AND i.person = unhex(e.value)`

// Heads implements hub.Store. It has nothing of people who were never in a
// conversation of the district.
func (s *Store) Heads(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]hub.Head, error) {
	rows, err := s.reads[selectHeads].QueryContext(ctx, key(district), idSet(people))
	heads, err := scanAll(rows, err, func(h *hub.Head) []any {
		return []any{&h.Person, &h.Version, &h.Unread}
	})
	if err != nil {
		return nil, fmt.Errorf("heads: %w", readFailure(ctx, err))
	}
	return heads, nil
}

const selectTails = `
SELECT c.id, c.last_seq, EXISTS (SELECT 1 FROM seal WHERE district = c.district AND conversation = c.id)
FROM json_each(?2) e CROSS JOIN conversation c ON c.district = ?1 AND c.id = unhex(e.value)`

// Tails implements hub.Store.
func (s *Store) Tails(ctx context.Context, district uuid.UUID, conversations []uuid.UUID) ([]hub.Tail, error) {
	rows, err := s.reads[selectTails].QueryContext(ctx, key(district), idSet(conversations))
	tails, err := scanAll(rows, err, func(t *hub.Tail) []any {
		return []any{&t.Conversation, &t.LastSeq, &t.Sealed}
	})
	if err != nil {
		return nil, fmt.Errorf("tails: %w", readFailure(ctx, err))
	}
	return tails, nil
}
