package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"os"
)

// checkLeftover refuses, before anything is opened to write, a file beside which
// lies the -wal of another one: SQLite would write that into the file as soon as
// it is closed, and take it away. A look that only reads does neither.
func checkLeftover(ctx context.Context, path string) error {
	file, err := os.Stat(path)
	if err != nil {
		return err
	}
	log, err := os.Stat(path + "-wal")
	if err != nil || log.Size() == 0 {
		return nil
	}
	pool, err := openPool(ctx, path, inspecting, 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	if file.Size() == 0 || !changedAt(file).After(changedAt(log)) {
		return readSchema(ctx, pool)
	}
	// The file came to be what it is after the last was written into its log: it was
	// put there from a backup, or what was in the log has just been written into it.
	return quickCheck(ctx, pool)
}

func readSchema(ctx context.Context, pool *sql.DB) error {
	var n int
	return pool.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&n)
}

// errUnfit: the file and what lies beside it are not of one database.
type errUnfit struct{ found string }

func (e errUnfit) Error() string { return e.found }

func quickCheck(ctx context.Context, pool *sql.DB) error {
	var found string
	if err := pool.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&found); err != nil {
		return fmt.Errorf("PRAGMA quick_check: %w", err)
	}
	if found != "ok" {
		return errUnfit{found}
	}
	return nil
}
