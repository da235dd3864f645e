package postgres

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrPooled: between the program and the server stands a pooler that gives each
// transaction another connection, so that locks, settings and prepared statements
// are lost in between.
var ErrPooled = errors.New("a pooler gives each transaction another connection (pool_mode=transaction or statement of PgBouncer), " +
	"and Homeline needs its own: set pool_mode=session for this database, or name the address of PostgreSQL itself")

// poolerTries is how many connections of a pooler are taken in search of one that
// is given to two clients.
const poolerTries = 4

// checkPooler refuses a pooler that does not leave a connection with its client.
// Without any pooler it costs one connection.
func checkPooler(ctx context.Context, config *pgx.ConnConfig) error {
	first, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer closeConn(first)
	ours, err := backend(ctx, first, selectBackend)
	if err != nil || ours == first.PgConn().PID() { // what was said when we connected is true: there is no pooler
		return err
	}
	for range poolerTries {
		other, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			return nil // it has no more of them, and those that it has are whole
		}
		defer closeConn(other)
		theirs, err := backend(ctx, other, `BEGIN; `+selectBackend)
		if err != nil {
			return err
		}
		if theirs == ours {
			return ErrPooled
		}
		if now, err := backend(ctx, first, selectBackend); err != nil || now != ours {
			return errors.Join(err, ErrPooled)
		}
	}
	return nil
}

const selectBackend = `SELECT pg_backend_pid()`

// backend is the process of the server that answers. The statements go as text:
// prepared ones are what fails first.
func backend(ctx context.Context, conn *pgx.Conn, statements string) (uint32, error) {
	results, err := conn.PgConn().Exec(ctx, statements).ReadAll()
	if err != nil {
		return 0, err
	}
	rows := results[len(results)-1].Rows
	n, err := strconv.ParseUint(string(rows[0][0]), 10, 32)
	return uint32(n), err
}

// isStatementPooler reports whether a pooler takes no transactions at all.
func isStatementPooler(e *pgconn.PgError) bool {
	return e.Message == "transaction blocks not allowed in statement pooling mode"
}
