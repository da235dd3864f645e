package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Bar implements roster.Store. A bar that is there already takes the new date
// and reason. ErrNoPerson where one of the two is not of the district,
// CodeInvalid where they are the same.
func (s *Store) Bar(ctx context.Context, district uuid.UUID, b roster.Bar, now time.Time) (effects roster.Effects, err error) {
	if b.Guardian == b.Student {
		return effects, fmt.Errorf("bar: %w", &hub.Error{Code: hub.CodeInvalid, Field: "student"})
	}
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		effects, err = barTx(ctx, tx, district, b, now)
		return err
	})
	if err != nil {
		return roster.Effects{}, fmt.Errorf("bar: %w", err)
	}
	return effects, nil
}

func barTx(ctx context.Context, tx pgx.Tx, district uuid.UUID, b roster.Bar, now time.Time) (effects roster.Effects, err error) {
	if _, err := changeDistrict(ctx, tx, district); err != nil {
		return effects, err
	}
	done, err := tx.Exec(ctx, `INSERT INTO bar (district, guardian, student, since, reason)
		SELECT g.district, g.id, s.id, $4::int, $5::text FROM person g JOIN person s ON s.district = g.district AND s.id = $3
		WHERE g.district = $1 AND g.id = $2
		ON CONFLICT (district, guardian, student) DO UPDATE SET since = excluded.since, reason = excluded.reason`,
		district, b.Guardian, b.Student, b.Since, kept(b.Reason))
	if err != nil {
		return effects, err
	}
	if done.RowsAffected() == 0 {
		return effects, roster.ErrNoPerson
	}
	if err := relist(ctx, tx, district, b.Student); err != nil {
		return effects, err
	}
	effects.Sealed, err = sealThrough(ctx, tx, district, hub.Seal{
		At: now, Cause: hub.SealedByBar, StaffReason: b.Reason, Guardian: b.Guardian, Student: b.Student,
	})
	return effects, err
}

// Unbar implements roster.Store.
func (s *Store) Unbar(ctx context.Context, district, guardian, student uuid.UUID) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := changeDistrict(ctx, tx, district); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `DELETE FROM bar WHERE district = $1 AND guardian = $2 AND student = $3`, district, guardian, student)
		if err == nil && done.RowsAffected() == 0 {
			return roster.ErrNoBar
		}
		if err != nil {
			return err
		}
		return relist(ctx, tx, district, student)
	})
	return wrap("unbar", err)
}

// Bars implements roster.Store.
func (s *Store) Bars(ctx context.Context, district uuid.UUID) (bars []roster.Bar, err error) {
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		bars = nil
		rows, err := tx.Query(ctx, `SELECT guardian, student, since, reason FROM bar WHERE district = $1 ORDER BY since, guardian, student`, district)
		if err != nil {
			return err
		}
		defer rows.Close()
		return readBars(rows, func(b roster.Bar) { bars = append(bars, b) })
	})
	return bars, wrap("bars", err)
}
