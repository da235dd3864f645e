package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const (
	barColumns = `b.id, b.guardian, b.student, b.since, b.until, b.reason, b.order_no, b.by, b.made_at, b.ended_at, b.ended_by`

	endBars = `UPDATE bar AS b SET ended_at = :now, ended_by = :by
		WHERE b.district = :district AND b.guardian = :guardian AND b.student = :student AND ` + barHolds
	insertBar = `INSERT INTO bar (district, id, guardian, student, since, until, reason, order_no, by, made_at, ended_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`
)

// Bar implements roster.Store. ErrNoPerson where one of the two is not of the
// district, CodeInvalid where they are the same.
func (s *Store) Bar(ctx context.Context, district uuid.UUID, b roster.Bar, now time.Time) (effects roster.Effects, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		effects, err = barTx(ctx, tx, district, b, now)
		return err
	})
	if err != nil {
		return roster.Effects{}, fmt.Errorf("bar: %w", err)
	}
	return effects, nil
}

func barTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, b roster.Bar, now time.Time) (effects roster.Effects, err error) {
	if b.Guardian == b.Student {
		return effects, &hub.Error{Code: hub.CodeInvalid, Field: "student"}
	}
	if err := allPeople(ctx, tx, district, []uuid.UUID{b.Guardian, b.Student}); err != nil {
		return effects, err
	}
	if _, err := endBarsTx(ctx, tx, district, b.Guardian, b.Student, b.By, now); err != nil {
		return effects, err
	}
	_, err = tx.ExecContext(ctx, insertBar, key(district), key(b.ID), key(b.Guardian), key(b.Student),
		b.Since, b.Until, b.Reason, b.Order, b.By, micros(now))
	if err != nil {
		return effects, err
	}
	if err := barChanged(ctx, tx, district, b.Student); err != nil {
		return effects, err
	}
	effects.Sealed, err = sealThrough(ctx, tx, district, hub.Seal{
		At: now, Cause: hub.SealedByBar, StaffReason: b.Reason, Guardian: b.Guardian, Student: b.Student,
	})
	return effects, err
}

// allPeople is ErrNoPerson unless all of the people are of the district.
func allPeople(ctx context.Context, tx *sql.Tx, district uuid.UUID, ids []uuid.UUID) error {
	people, err := peopleTx(ctx, tx, district, ids)
	if err == nil && len(people) != len(ids) {
		err = roster.ErrNoPerson
	}
	return err
}

// endBarsTx ends the bar that holds between two people.
func endBarsTx(ctx context.Context, tx *sql.Tx, district, guardian, student uuid.UUID, by string, now time.Time) (sql.Result, error) {
	d, err := districtTx(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	return tx.ExecContext(ctx, endBars, sql.Named("now", micros(now)), sql.Named("by", by), sql.Named("today", d.Today(now)),
		sql.Named("district", key(district)), sql.Named("guardian", key(guardian)), sql.Named("student", key(student)))
}

// Unbar implements roster.Store.
func (s *Store) Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := endBarsTx(ctx, tx, district, guardian, student, by, now)
		if err != nil {
			return err
		}
		if err := expectRow(r, roster.ErrNoBar); err != nil {
			return err
		}
		return barChanged(ctx, tx, district, student)
	})
	return wrap("unbar", err)
}

// barChanged says that the roster is another, and by whose names the student is
// found.
func barChanged(ctx context.Context, tx *sql.Tx, district, student uuid.UUID) error {
	if err := newBulk(ctx, tx, district).listStudents(map[uuid.UUID]struct{}{student: {}}); err != nil {
		return err
	}
	return raiseVersion(ctx, tx, district)
}

// Bars implements roster.Store.
func (s *Store) Bars(ctx context.Context, district uuid.UUID) (bars []roster.Bar, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		bars, err = collect(ctx, tx, scanBar, `SELECT `+barColumns+` FROM bar b WHERE b.district = ? ORDER BY b.made_at, b.id`, key(district))
		return err
	})
	return bars, wrap("bars", err)
}

func scanBar(row scanner) (b roster.Bar, err error) {
	var made int64
	var ended sql.NullInt64
	err = row.Scan(&b.ID, &b.Guardian, &b.Student, &b.Since, &b.Until, &b.Reason, &b.Order, &b.By, &made, &ended, &b.EndedBy)
	b.MadeAt = instant(made)
	if ended.Valid {
		b.EndedAt = instant(ended.Int64)
	}
	return b, err
}
