package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/homeline/homeline/hub"
)

// tryRoom takes a mebibyte of the database's disk, and gives it back. Nothing of
// it is in the log, nor is left.
const tryRoom = `
CREATE TEMPORARY TABLE room (filler text) ON COMMIT DROP;
ALTER TABLE room ALTER filler SET STORAGE PLAIN;
INSERT INTO room SELECT repeat('-', 7000) FROM generate_series(1, 150);`

// checkRoom says, once something has found no room, whether there is some again.
func (s *Store) checkRoom(ctx context.Context, pool *pgxpool.Pool) error {
	if !s.full.Load() {
		return nil
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err = tx.Exec(ctx, tryRoom); err == nil {
		err = tx.Commit(ctx)
	}
	if isCode(err, diskFull) {
		return &hub.StorageError{Why: "the disk of the database is full, and nothing can be stored: make room there", Err: err}
	}
	if err != nil {
		return fmt.Errorf("room on the disk: %w", err)
	}
	s.full.Store(false)
	return nil
}
