package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
)

const (
	selectEpoch   = `SELECT epoch FROM history WHERE one = 1`
	updateEpoch   = `UPDATE history SET epoch = ?2 WHERE epoch = ?1`
	selectHistory = `SELECT place FROM history WHERE one = 1`
	updatePlace   = `UPDATE history SET place = ?1`
	moveHistory   = `UPDATE history SET place = ?1, epoch = ?2`
)

// Epoch implements hub.Store.
func (s *Store) Epoch(ctx context.Context) (epoch uuid.UUID, err error) {
	err = s.reads[selectEpoch].QueryRowContext(ctx).Scan(&epoch)
	if err != nil {
		return uuid.Nil, fmt.Errorf("epoch: %w", readFailure(ctx, err))
	}
	return epoch, nil
}

// RenewEpoch implements hub.Store.
func (s *Store) RenewEpoch(ctx context.Context, known uuid.UUID) (epoch uuid.UUID, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		fresh := uuid.New()
		if _, err := tx.ExecContext(ctx, updateEpoch, key(known), key(fresh)); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, selectEpoch).Scan(&epoch)
	})
	return epoch, wrap("renew the epoch", err)
}

// place is what tells a file from a backup of it: SQLite counts the changes of
// the tables, and VACUUM INTO as well as the backup API leave another count in
// the copy. Nothing but a migration changes it in a file that serves.
func place(ctx context.Context, db *sql.DB) (now string, err error) {
	err = db.QueryRowContext(ctx, `PRAGMA schema_version`).Scan(&now)
	return now, err
}

// isCopy reports whether the file was made from another one since it was last
// served from. It is asked before the tables are brought up to date.
func isCopy(ctx context.Context, db *sql.DB) (bool, error) {
	var there bool
	err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'history')`).Scan(&there)
	if err != nil || !there {
		return false, err
	}
	var was string
	if err := db.QueryRowContext(ctx, selectHistory).Scan(&was); err != nil {
		return false, err
	}
	now, err := place(ctx, db)
	return was != "" && was != now, err
}

// noteEpoch notes where the file is now, and gives a copy an epoch of its own: a
// backup that was put into place by hand, say.
func noteEpoch(ctx context.Context, db *sql.DB, copied bool) error {
	now, err := place(ctx, db)
	if err != nil {
		return err
	}
	fresh := uuid.New()
	if copied {
		_, err = db.ExecContext(ctx, moveHistory, now, key(fresh))
	} else {
		_, err = db.ExecContext(ctx, updatePlace, now)
	}
	return err
}
