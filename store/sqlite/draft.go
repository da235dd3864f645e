package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const (
	selectDraft = `SELECT content FROM draft WHERE district = ?1 AND person = ?2 AND slot = ?3`
	saveDraft   = `
INSERT INTO draft (district, person, slot, content, saved_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`
	deleteDraft = `DELETE FROM draft WHERE district = ?1 AND person = ?2 AND slot = ?3`
)

// Draft implements hub.Store.
func (s *Store) Draft(ctx context.Context, district, person uuid.UUID, slot string) ([]byte, error) {
	var content []byte
	err := s.reads[selectDraft].QueryRowContext(ctx, key(district), key(person), slot).Scan(&content)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("draft: %w", readFailure(ctx, err))
	}
	return content, nil
}

// SaveDraft implements hub.Store. A person who is not of the district is
// [hub.ErrNotFound].
func (s *Store) SaveDraft(ctx context.Context, district, person uuid.UUID, slot string, content []byte, now time.Time) error {
	if err := hub.CheckDraft(slot, content); err != nil {
		return err
	}
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.writes.exec(ctx, tx, saveDraft, key(district), key(person), slot, append([]byte{}, content...), micros(now))
	})
	if err != nil {
		return fmt.Errorf("save draft: %w", notFoundBy(err))
	}
	return nil
}

// DropDraft implements hub.Store.
func (s *Store) DropDraft(ctx context.Context, district, person uuid.UUID, slot string) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.writes.exec(ctx, tx, deleteDraft, key(district), key(person), slot)
	})
	if err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}
