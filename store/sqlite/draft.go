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
INSERT INTO draft (district, person, slot, content, saved_at) SELECT ?1, ?2, ?3, ?4, ?5
WHERE EXISTS (SELECT 1 FROM draft WHERE district = ?1 AND person = ?2 AND slot = ?3)
   OR (SELECT count(*) FROM draft WHERE district = ?1 AND person = ?2) < ?6
ON CONFLICT DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`
	selectDrafts = `
SELECT slot, saved_at, CASE WHEN ?3 THEN content END FROM draft
WHERE district = ?1 AND person = ?2 ORDER BY saved_at DESC, slot LIMIT ?4`
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
		done, err := tx.StmtContext(ctx, s.writes[saveDraft]).ExecContext(ctx,
			key(district), key(person), slot, append([]byte{}, content...), micros(now), hub.MaxDrafts)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, hub.ErrDraftsFull)
		}
		return nil
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

// Drafts implements hub.Store.
func (s *Store) Drafts(ctx context.Context, district, person uuid.UUID, content bool) ([]hub.Draft, error) {
	var all []hub.Draft
	rows, err := s.reads[selectDrafts].QueryContext(ctx, key(district), key(person), content, hub.MaxDrafts)
	err = eachOf(rows, err, func(row scanner) error {
		var d hub.Draft
		var at int64
		err := row.Scan(&d.Slot, &at, &d.Content)
		d.SavedAt = instant(at)
		all = append(all, d)
		return err
	})
	return all, wrap("drafts", readFailure(ctx, err))
}
