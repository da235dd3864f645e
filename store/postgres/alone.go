package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrNotAlone: other nodes serve from the same database, and one of them, or
// this one, has nothing to hear of the others by.
var ErrNotAlone = errors.New("other nodes serve from this database")

// nodesLock is the advisory lock of the nodes. Those that hear of one another
// share it.
const nodesLock = 0x686f6d656c696e65

// Join says that this node serves from the database until Close; alone says that
// it would not hear of what other nodes commit. [ErrNotAlone] where it cannot be
// both. It is judged when nodes start: a lock that was lost with its connection
// is not taken again.
func (s *Store) Join(ctx context.Context, alone bool) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return explain(err, servedSetting)
	}
	lock := "pg_try_advisory_lock_shared"
	if alone {
		lock = "pg_try_advisory_lock"
	}
	var joined bool
	if err := conn.QueryRow(ctx, "SELECT "+lock+"($1)", int64(nodesLock)).Scan(&joined); err != nil {
		return errors.Join(fmt.Errorf("join the nodes: %w", err), conn.Close(ctx))
	}
	if !joined {
		return errors.Join(ErrNotAlone, conn.Close(ctx))
	}
	s.joined = conn
	return nil
}
