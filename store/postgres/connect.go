package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Nothing is left to defaults that the server or the driver may have: a server
// that no longer answers must be noticed, and a transaction that nobody ends
// must not hold its locks.
var common = map[string]string{
	applicationName:                       "homeline",
	"search_path":                         "public, pg_temp", // no temporary table stands before ours
	"timezone":                            "UTC",
	"default_transaction_isolation":       "read committed", // see migrations/00003_functions.sql
	"statement_timeout":                   milliseconds(statementTime),
	"idle_in_transaction_session_timeout": milliseconds(commitTime),
	"tcp_keepalives_idle":                 "30", // the locks of a node that is gone without a word are free after a minute
	"tcp_keepalives_interval":             "10",
	"tcp_keepalives_count":                "3",
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

const applicationName = "application_name"

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// need is what a connection is made for.
type need int

const (
	toWrite need = iota // a server that takes no writes is as good as none
	toRead
)

// openPool opens a pool of connections that are all as the settings say.
func openPool(ctx context.Context, url string, size int, what need, settings ...map[string]string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	prepareConnections(config.ConnConfig, what, settings...)
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

// prepareConnections has each connection set up before it is used. The settings
// are made once it stands, and not while it is made, since poolers refuse those
// that they do not know. Of several hosts the first that will do is taken.
func prepareConnections(config *pgx.ConnConfig, what need, settings ...map[string]string) {
	all := map[string]string{}
	for _, some := range settings {
		maps.Copy(all, some)
	}
	for name := range all {
		delete(config.RuntimeParams, name)
	}
	config.RuntimeParams[applicationName] = all[applicationName]
	delete(all, applicationName)
	setUp := setUpStatement(all)
	config.ConnectTimeout = connectTime
	config.ValidateConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		results, err := conn.Exec(ctx, setUp).ReadAll()
		if err != nil {
			return err
		}
		found := results[0].Rows[0]
		if what == toWrite && string(found[0]) == "on" {
			return &ReadOnlyError{Standby: string(found[1]) == "t"}
		}
		return nil
	}
}

// setUpStatement makes the settings and asks whether writes are taken, in one
// round trip.
func setUpStatement(settings map[string]string) string {
	var b strings.Builder
	b.WriteString("SELECT current_setting('transaction_read_only'), pg_is_in_recovery()")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&b, ", set_config('%s', '%s', false)", name, settings[name])
	}
	return b.String()
}

// inUTC has a connection read instants in UTC.
func inUTC(conn *pgx.Conn) {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
}

// ReadOnlyError: the server takes no writes. It is a standby, perhaps one that
// was the primary until a moment ago, or its default_transaction_read_only is on.
type ReadOnlyError struct{ Standby bool }

// Error names the reason and the cure.
func (e *ReadOnlyError) Error() string {
	if e.Standby {
		return "the server is a standby that takes no writes: connect to the primary"
	}
	return "the server takes no writes: its default_transaction_read_only is on; see whether its disk is full"
}

// demoted drops all connections: the server that they lead to takes no writes
// any more, and another may have taken its place behind the same address.
func (s *Store) demoted() {
	s.log.Warn("database: the server takes no writes any more; all connections are made anew")
	for _, pool := range s.pools() {
		pool.Reset()
	}
}

// pools are those that are open.
func (s *Store) pools() []*pgxpool.Pool {
	return slices.DeleteFunc([]*pgxpool.Pool{s.calls, s.pool, s.checking}, func(p *pgxpool.Pool) bool { return p == nil })
}
