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

const (
	barColumns = `b.id, b.guardian, b.student, b.since, b.until, b.reason, b.order_no, b.by, b.made_at, b.ended_at, b.ended_by`

	endBars = `UPDATE bar b SET ended_at = @now, ended_by = @by
		WHERE b.district = @district AND b.guardian = @guardian AND b.student = @student AND ` + barHolds
	insertBar = `INSERT INTO bar (district, id, guardian, student, since, until, reason, order_no, by, made_at, ended_by)
		SELECT g.district, $2, g.id, s.id, $5::int, $6::int, $7::text, $8::text, $9::text, $10::timestamptz, ''
		FROM person g JOIN person s ON s.district = g.district AND s.id = $4
		WHERE g.district = $1 AND g.id = $3`
)

// Bar implements roster.Store. ErrNoPerson where one of the two is not of the
// district, CodeInvalid where they are the same.
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
	if _, err := endBarsTx(ctx, tx, district, b.Guardian, b.Student, b.By, now); err != nil {
		return effects, err
	}
	done, err := tx.Exec(ctx, insertBar, district, b.ID, b.Guardian, b.Student, b.Since, b.Until,
		kept(b.Reason), kept(b.Order), kept(b.By), now)
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

// endBarsTx takes the lock of the district and ends the bar that holds between
// two people, if one does.
func endBarsTx(ctx context.Context, tx pgx.Tx, district, guardian, student uuid.UUID, by string, now time.Time) (ended bool, err error) {
	if _, err := changeDistrict(ctx, tx, district); err != nil {
		return false, err
	}
	d, err := districtTx(ctx, tx, district)
	if err != nil {
		return false, err
	}
	done, err := tx.Exec(ctx, endBars, pgx.NamedArgs{
		"district": district, "guardian": guardian, "student": student, "by": kept(by), "now": now, "today": d.Today(now),
	})
	return done.RowsAffected() > 0, err
}

// Unbar implements roster.Store.
func (s *Store) Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		ended, err := endBarsTx(ctx, tx, district, guardian, student, by, now)
		if err == nil && !ended {
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
		rows, err := tx.Query(ctx, `SELECT `+barColumns+` FROM bar b WHERE b.district = $1 ORDER BY b.made_at, b.id`, district)
		if err != nil {
			return err
		}
		defer rows.Close()
		return readBars(rows, func(b roster.Bar) { bars = append(bars, b) })
	})
	return bars, wrap("bars", err)
}

func readBars(rows pgx.Rows, take func(roster.Bar)) error {
	for rows.Next() {
		var b roster.Bar
		var ended *time.Time
		err := rows.Scan(&b.ID, &b.Guardian, &b.Student, &b.Since, &b.Until, text(&b.Reason), text(&b.Order), text(&b.By),
			&b.MadeAt, &ended, text(&b.EndedBy))
		if err != nil {
			return err
		}
		b.MadeAt, b.EndedAt = b.MadeAt.UTC(), endOf(ended)
		take(b)
	}
	return rows.Err()
}

// endOf is the instant at which a row ended, zero where it has not.
func endOf(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.UTC()
}
