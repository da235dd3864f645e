package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/singleflight"
)

// Options are how a store is opened.
type Options struct {
	URL string // of the database, as the program's role
	// MaxConns is how many connections the node serves with at most, sends and
	// all else together: 4 or more, 20 where it is 0. All nodes together need
	// less than the server's max_connections, each with [Beside] more.
	MaxConns int
	Log      *slog.Logger // of what was tried again; none where it is nil
}

const defaultMaxConns = 20

// Beside is how many connections a node holds beside those that it serves with:
// one with which [Store.Ready] asks, one that holds the lock of [Store.Join].
const Beside = 2

// Store is a database, opened.
type Store struct {
	pool  *pgxpool.Pool // of all but calls
	calls *pgxpool.Pool // of sends and read marks: short, each one round trip
	log   *slog.Logger

	checking *pgxpool.Pool // of Ready: one connection, since the others may all be in use
	checks   singleflight.Group

	full atomic.Bool // something found no room on the server's disk, and nothing has since

	callTime, commitTime time.Duration // less in tests
	placeless            atomic.Bool   // the role may not ask where the database is

	joined *joined // since [Store.Join]
}

// Open connects as the program's role. The tables must be of this program's
// version, see [SchemaError], and not the role's own, see [ErrOwner].
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{log: o.Log, callTime: callTime, commitTime: commitTime}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	most, calling, err := o.connections()
	if err != nil {
		return nil, err
	}
	if s.pool, err = openPool(ctx, o.URL, most-calling, toWrite, common); err == nil {
		if err = checkPooler(ctx, s.pool.Config().ConnConfig); err == nil {
			err = check(ctx, s.pool)
		}
		if err == nil {
			s.calls, err = openPool(ctx, o.URL, calling, toWrite, common, callPlans)
		}
	}
	if err == nil {
		s.checking, err = openPool(ctx, o.URL, 1, toWrite, common)
	}
	if err != nil {
		s.Close()
		return nil, explain(err, servedSetting)
	}
	return s, nil
}

// connections are how many there may be, and how many of them send: a third.
// More would only wait for the same processors and the same rows.
func (o Options) connections() (most, calling int, err error) {
	most = o.MaxConns
	if most == 0 {
		most = defaultMaxConns
	}
	if most < 4 {
		return 0, 0, fmt.Errorf("%d connections are too few: a node needs 4 or more", most)
	}
	return most, max(2, most/3), nil
}

// Close waits for what is under way and ends all connections.
func (s *Store) Close() error {
	for _, pool := range s.pools() {
		pool.Close()
	}
	if s.joined != nil {
		s.joined.leave()
	}
	return nil
}

// ErrOwner: the program's role owns the tables, or is a superuser, so that
// nothing would refuse it to change what was sent.
var ErrOwner = errors.New("the role may change what is never changed")
