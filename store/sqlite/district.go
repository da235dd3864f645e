package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

const selectDistrict = `SELECT id, slug, name, enabled, settings, roster_version FROM district`

// Districts are all of the installation, by slug.
func (s *Store) Districts(ctx context.Context) (all []roster.District, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		all, err = collect(ctx, tx, scanDistrict, selectDistrict+` ORDER BY slug`)
		return err
	})
	return all, wrap("districts", err)
}

// District implements roster.Districts.
func (s *Store) District(ctx context.Context, id uuid.UUID) (d roster.District, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		d, err = districtTx(ctx, tx, id)
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
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO district (id, slug, name, enabled, settings, roster_version)
			VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (slug) DO NOTHING`, key(d.ID), d.Slug, d.Name, d.Enabled, string(settings))
		if err != nil {
			return fmt.Errorf("create district %s: %w", d.Slug, err)
		}
		return expectRow(r, roster.ErrSlugTaken)
	})
}

// SaveDistrict implements roster.Districts. The transaction that writes is the
// district's lock.
func (s *Store) SaveDistrict(ctx context.Context, d roster.District) error {
	settings, err := json.Marshal(d.Settings)
	if err != nil {
		return fmt.Errorf("district %s: settings: %w", d.Slug, err)
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE district SET name = ?, enabled = ?, settings = ?,
			roster_version = roster_version + 1 WHERE id = ?`, d.Name, d.Enabled, string(settings), key(d.ID))
		if err != nil {
			return fmt.Errorf("save district %s: %w", d.Slug, err)
		}
		return expectRow(r, roster.ErrNoDistrict)
	})
}

func districtTx(ctx context.Context, tx *sql.Tx, id uuid.UUID) (roster.District, error) {
	d, err := scanDistrict(tx.QueryRowContext(ctx, selectDistrict+` WHERE id = ?`, key(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return d, roster.ErrNoDistrict
	}
	return d, wrap("district", err)
}

// raiseVersion says that the roster of the district has changed.
func raiseVersion(ctx context.Context, tx *sql.Tx, district uuid.UUID) error {
	r, err := tx.ExecContext(ctx, `UPDATE district SET roster_version = roster_version + 1 WHERE id = ?`, key(district))
	if err != nil {
		return fmt.Errorf("roster version: %w", err)
	}
	return expectRow(r, roster.ErrNoDistrict)
}

func scanDistrict(row scanner) (d roster.District, err error) {
	var settings []byte
	if err := row.Scan(&d.ID, &d.Slug, &d.Name, &d.Enabled, &settings, &d.RosterVersion); err != nil {
		return d, err
	}
	if err := json.Unmarshal(settings, &d.Settings); err != nil {
		return d, fmt.Errorf("settings of district %s: %w", d.Slug, err)
	}
	return d, nil
}
