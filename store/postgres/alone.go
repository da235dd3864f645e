package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNotAlone: other nodes serve from the same database, and one of them, or
// this one, has nothing to hear of the others by.
var ErrNotAlone = errors.New("other nodes serve from this database")

// nodesLock is the advisory lock of the nodes. Those that hear of one another
// share it.
const nodesLock = 0x686f6d656c696e65

// joinedInterval is how often a node sees whether it still holds its lock.
const joinedInterval = 2 * time.Second

// joined holds the lock of a node on a connection of its own, for as long as the
// node serves, over whatever connections and servers come and go.
type joined struct {
	config *pgx.ConnConfig
	lock   string // the function that takes it
	stop   context.CancelFunc
	keeper sync.WaitGroup
}

// Join says that this node serves from the database until Close; alone says that
// it would not hear of what other nodes commit. [ErrNotAlone] where it cannot be
// both. That is judged when nodes start. A lock that is lost with its connection,
// in a failover say, is taken again.
func (s *Store) Join(ctx context.Context, alone bool) error {
	j := &joined{config: s.pool.Config().ConnConfig, lock: "pg_try_advisory_lock_shared"}
	if alone {
		j.lock = "pg_try_advisory_lock"
	}
	conn, err := j.take(ctx)
	if err != nil {
		return explain(err, servedSetting)
	}
	keeping, stop := context.WithCancel(context.Background())
	j.stop = stop
	j.keeper.Go(func() { j.keep(keeping, conn, s) })
	s.joined = j
	return nil
}

// take connects and takes the lock.
func (j *joined) take(ctx context.Context) (*pgx.Conn, error) {
	ctx, stop := context.WithTimeout(ctx, connectTime)
	defer stop()
	conn, err := pgx.ConnectConfig(ctx, j.config)
	if err != nil {
		return nil, err
	}
	var taken bool
	err = conn.QueryRow(ctx, "SELECT "+j.lock+"($1)", int64(nodesLock)).Scan(&taken)
	switch {
	case err != nil:
		err = fmt.Errorf("join the nodes: %w", err)
	case !taken:
		err = ErrNotAlone
	default:
		return conn, nil
	}
	return nil, errors.Join(err, conn.Close(ctx))
}

const selectHolds = `SELECT current_setting('transaction_read_only') = 'on'`

// holds says whether the connection stands, and whether its server takes no
// writes any more.
func holds(ctx context.Context, conn *pgx.Conn) (stands, demoted bool) {
	ctx, stop := context.WithTimeout(ctx, pingTime)
	defer stop()
	err := conn.QueryRow(ctx, selectHolds).Scan(&demoted)
	return err == nil, demoted
}

// keep looks after the lock until ctx ends.
func (j *joined) keep(ctx context.Context, conn *pgx.Conn, s *Store) {
	tick := time.NewTicker(joinedInterval)
	defer tick.Stop()
	for said := false; ; {
		select {
		case <-ctx.Done():
			closeConn(conn)
			return
		case <-tick.C:
		}
		if conn != nil {
			stands, demoted := holds(ctx, conn)
			if stands && !demoted {
				continue
			}
			if demoted {
				s.demoted()
			}
			closeConn(conn)
		}
		var err error
		if conn, err = j.take(ctx); err != nil {
			if errors.Is(err, ErrNotAlone) && !said {
				s.log.Warn("database: the lock of the nodes was lost, and another holds it", "error", err)
				said = true
			}
			continue
		}
		said = false
		s.log.Info("database: the lock of the nodes is held again")
	}
}

// closeConn says good-bye to the server, which gives back the lock, if it can.
func closeConn(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), pingTime)
	defer stop()
	_ = conn.Close(ctx) // a connection that is broken is as good as closed
}

// leave gives the lock back.
func (j *joined) leave() {
	j.stop()
	j.keeper.Wait()
}
