package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// preload lets PostgreSQL count statements.
const preload = "shared_preload_libraries=pg_stat_statements"

// statements is what the nodes have asked the database since the count began.
type statements struct {
	calls   int64 // round trips
	bracket int64 // of them begin, commit and rollback
	log     int64 // bytes of WAL
	millis  float64
}

const ofNodes = ` FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'homeline'`

// countStatements makes the counts available.
func countStatements(ctx context.Context, db *pgx.Conn) error {
	_, err := db.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
	return err
}

// beginCount counts anew.
func beginCount(ctx context.Context, db *pgx.Conn) error {
	_, err := db.Exec(ctx, "SELECT pg_stat_statements_reset()")
	return err
}

func readCount(ctx context.Context, db *pgx.Conn) (s statements, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce(sum(calls), 0)::bigint,
		coalesce(sum(calls) FILTER (WHERE query ~* '^\s*(begin|commit|rollback)'), 0)::bigint,
		coalesce(sum(wal_bytes), 0)::bigint, coalesce(sum(total_exec_time), 0)::float8`+ofNodes).
		Scan(&s.calls, &s.bracket, &s.log, &s.millis)
	return s, err
}

// costly is a statement of the nodes and what it came to.
type costly struct {
	calls  int64
	millis float64
	text   string
}

// costliest are the statements that took most time.
func costliest(ctx context.Context, db *pgx.Conn, most int) ([]costly, error) {
	rows, err := db.Query(ctx, `SELECT calls, total_exec_time, left(regexp_replace(query, '\s+', ' ', 'g'), 90)`+ofNodes+
		` ORDER BY total_exec_time DESC LIMIT $1`, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c costly, err error) {
		return c, row.Scan(&c.calls, &c.millis, &c.text)
	})
}

// written is how much the server has written to its log so far, in bytes.
func written(ctx context.Context, db *pgx.Conn) (bytes int64, err error) {
	if err := db.QueryRow(ctx, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint").Scan(&bytes); err != nil {
		return 0, fmt.Errorf("the position in the log: %w", err)
	}
	return bytes, nil
}
