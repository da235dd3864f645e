package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
)

const (
	selectDraft = `SELECT content FROM draft WHERE district = $1 AND person = $2 AND slot = $3`
	saveDraft   = `
INSERT INTO draft (district, person, slot, content, saved_at) SELECT $1, $2, $3, $4, $5
WHERE EXISTS (SELECT FROM draft WHERE district = $1 AND person = $2 AND slot = $3)
   OR (SELECT count(*) FROM draft WHERE district = $1 AND person = $2) < $6
ON CONFLICT (district, person, slot) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`
	selectDrafts = `
SELECT slot, saved_at, CASE WHEN $3 THEN content END FROM draft
WHERE district = $1 AND person = $2 ORDER BY saved_at DESC, slot LIMIT $4`
	deleteDraft = `DELETE FROM draft WHERE district = $1 AND person = $2 AND slot = $3`
)

// Draft implements hub.Store.
func (s *Store) Draft(ctx context.Context, district, person uuid.UUID, slot string) ([]byte, error) {
	var content []byte
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error {
		return q.QueryRow(ctx, selectDraft, district, person, slot).Scan(&content)
	})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("draft: %w", err)
	}
	return content, nil
}

// SaveDraft implements hub.Store. A person who is not of the district is
// [hub.ErrNotFound].
func (s *Store) SaveDraft(ctx context.Context, district, person uuid.UUID, slot string, content []byte, now time.Time) error {
	if err := hub.CheckDraft(slot, content); err != nil {
		return err
	}
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, _ bool) error {
		done, err := tx.Exec(ctx, saveDraft, district, person, slot, append([]byte{}, content...), now, hub.MaxDrafts)
		if err == nil && done.RowsAffected() == 0 {
			err = hub.ErrDraftsFull
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("save draft: %w", notFoundBy(err))
	}
	return nil
}

// DropDraft implements hub.Store.
func (s *Store) DropDraft(ctx context.Context, district, person uuid.UUID, slot string) error {
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, _ bool) error {
		_, err := tx.Exec(ctx, deleteDraft, district, person, slot)
		return err
	})
	return wrap("drop draft", err)
}

// Drafts implements hub.Store.
func (s *Store) Drafts(ctx context.Context, district, person uuid.UUID, content bool) ([]hub.Draft, error) {
	var all []hub.Draft
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error {
		rows, err := q.Query(ctx, selectDrafts, district, person, content, hub.MaxDrafts)
		all, err = scanAll(rows, err, func(d *hub.Draft) []any { return []any{&d.Slot, &d.SavedAt, &d.Content} })
		return err
	})
	for i := range all {
		all[i].SavedAt = all[i].SavedAt.UTC()
	}
	return all, wrap("drafts", err)
}
