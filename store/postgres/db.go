package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
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

	callTime, commitTime time.Duration // less in tests

	joined *pgx.Conn // holds the lock of [Store.Join]
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
	if s.pool, err = openPool(ctx, o.URL, most-calling, common); err == nil {
		if err = check(ctx, s.pool); err == nil {
			s.calls, err = openPool(ctx, o.URL, calling, common, callPlans)
		}
	}
	if err == nil {
		s.checking, err = openPool(ctx, o.URL, 1, common)
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
	for _, pool := range []*pgxpool.Pool{s.calls, s.pool, s.checking} {
		if pool != nil {
			pool.Close()
		}
	}
	if s.joined == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	return s.joined.Close(ctx)
}

// Nothing is left to defaults that the server or the driver may have: a server
// that no longer answers must be noticed, and a transaction that nobody ends
// must not hold its locks.
var common = map[string]string{
	"application_name":                    "homeline",
	"search_path":                         "public, pg_temp", // no temporary table stands before ours
	"timezone":                            "UTC",
	"default_transaction_isolation":       "read committed", // see migrations/00003_functions.sql
	"statement_timeout":                   milliseconds(statementTime),
	"idle_in_transaction_session_timeout": milliseconds(commitTime),
	"random_page_cost":                    "1.1",
	"jit":                                 "off",
}

// callPlans keep a send to one look-up by key for each row: bloat once made the
// planner read the whole table of inboxes.
var callPlans = map[string]string{
	"enable_seqscan":    "off",
	"enable_bitmapscan": "off",
	"enable_hashjoin":   "off",
	"enable_mergejoin":  "off",
	"plan_cache_mode":   "force_generic_plan",
	"statement_timeout": milliseconds(callLimit),
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func openPool(ctx context.Context, url string, size int, settings ...map[string]string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	for _, some := range settings {
		for name, value := range some {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	config.ConnConfig.ConnectTimeout = connectTime
	config.MaxConns = int32(size)
	config.PingTimeout = pingTime
	config.MaxConnIdleTime = 5 * time.Minute
	config.MaxConnLifetime = time.Hour
	config.MaxConnLifetimeJitter = 10 * time.Minute
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		inUTC(conn)
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// inUTC has a connection read instants in UTC.
func inUTC(conn *pgx.Conn) {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
}

// ErrOwner: the program's role owns the tables, or is a superuser, so that
// nothing would refuse it to change what was sent.
var ErrOwner = errors.New("the role may change what is never changed")
