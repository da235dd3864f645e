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

const selectBar = `SELECT guardian, student, since, reason FROM bar WHERE district = ?`

// Bar implements roster.Store. A bar that is there already takes the new date
// and reason. ErrNoPerson where one of the two is not of the district,
// CodeInvalid where they are the same.
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
	people, err := peopleTx(ctx, tx, district, []uuid.UUID{b.Guardian, b.Student})
	if err != nil {
		return effects, err
	}
	if len(people) != 2 {
		return effects, roster.ErrNoPerson
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO bar (district, guardian, student, since, reason) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (district, guardian, student) DO UPDATE SET since = excluded.since, reason = excluded.reason`,
		key(district), key(b.Guardian), key(b.Student), b.Since, b.Reason)
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

// Unbar implements roster.Store.
func (s *Store) Unbar(ctx context.Context, district, guardian, student uuid.UUID) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM bar WHERE district = ? AND guardian = ? AND student = ?`, key(district), key(guardian), key(student))
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
		bars, err = collect(ctx, tx, scanBar, selectBar+` ORDER BY since, guardian, student`, key(district))
		return err
	})
	return bars, wrap("bars", err)
}

func scanBar(row scanner) (b roster.Bar, err error) {
	return b, row.Scan(&b.Guardian, &b.Student, &b.Since, &b.Reason)
}
