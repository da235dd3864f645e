package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

const selectDistrict = `SELECT id, slug, name, enabled, settings, roster_version FROM district`

// Districts are all of the installation, by slug.
func (s *Store) Districts(ctx context.Context) (all []roster.District, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		rows, err := q.Query(ctx, selectDistrict+` ORDER BY slug`)
		if err == nil {
			all, err = pgx.CollectRows(rows, scanDistrict)
		}
		return err
	})
	return all, wrap("districts", err)
}

// District implements roster.Districts.
func (s *Store) District(ctx context.Context, id uuid.UUID) (d roster.District, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		d, err = districtTx(ctx, q, id)
		return err
	})
	return d, err
}

// CreateDistrict implements roster.Districts.
func (s *Store) CreateDistrict(ctx context.Context, d roster.District) error {
	settings, err := json.Marshal(d.Settings)
	if err != nil {
		return fmt.Errorf("district %s: settings: %w", d.Slug, err)
	}
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `INSERT INTO district (id, slug, name, enabled, settings, roster_version)
			VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (slug) DO NOTHING`, d.ID, kept(d.Slug), kept(d.Name), d.Enabled, settings)
		if err == nil && done.RowsAffected() == 0 {
			return roster.ErrSlugTaken
		}
		return err
	})
	return wrap("create district "+d.Slug, err)
}

// SaveDistrict implements roster.Districts. The row that it changes is the
// district's lock.
func (s *Store) SaveDistrict(ctx context.Context, d roster.District) error {
	settings, err := json.Marshal(d.Settings)
	if err != nil {
		return fmt.Errorf("district %s: settings: %w", d.Slug, err)
	}
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE district SET name = $2, enabled = $3, settings = $4,
			roster_version = roster_version + 1 WHERE id = $1`, d.ID, kept(d.Name), d.Enabled, settings)
		if err == nil && done.RowsAffected() == 0 {
			return roster.ErrNoDistrict
		}
		return err
	})
	return wrap("save district "+d.Slug, err)
}

func districtTx(ctx context.Context, q queryer, id uuid.UUID) (roster.District, error) {
	rows, err := q.Query(ctx, selectDistrict+` WHERE id = $1`, id)
	return oneDistrict(rows, err)
}

func oneDistrict(rows pgx.Rows, err error) (d roster.District, _ error) {
	if err == nil {
		d, err = pgx.CollectOneRow(rows, scanDistrict)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return d, roster.ErrNoDistrict
	}
	return d, wrap("district", err)
}

// changeDistrict takes the district for who changes its roster or its bars
// (exclusive, as far as starts and one another are concerned: they take the row
// FOR SHARE; keys that name it do not wait), and raises its version. It answers
// the version of before.
func changeDistrict(ctx context.Context, tx pgx.Tx, id uuid.UUID) (before int64, err error) {
	err = tx.QueryRow(ctx, `UPDATE district SET roster_version = roster_version + 1 WHERE id = $1 RETURNING roster_version - 1`, id).Scan(&before)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, roster.ErrNoDistrict
	}
	return before, wrap("lock of the district", err)
}

func scanDistrict(row pgx.CollectableRow) (d roster.District, err error) {
	var settings []byte
	if err := row.Scan(&d.ID, text(&d.Slug), text(&d.Name), &d.Enabled, &settings, &d.RosterVersion); err != nil {
		return d, err
	}
	if err := json.Unmarshal(settings, &d.Settings); err != nil {
		return d, fmt.Errorf("settings of district %s: %w", d.Slug, err)
	}
	return d, nil
}
