package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// mode is what a pool of connections is for.
type mode struct {
	access  string // of the file: rwc, ro
	txlock  string
	pragmas []pragma
}

// pragma is a setting of a connection and what SQLite answers when asked for it.
type pragma struct{ name, set, want string }

// Nothing is left to the driver's defaults: a build of SQLite that takes WAL for
// reason enough to set synchronous to NORMAL loses acknowledged commits when the
// power goes.
var (
	common = []pragma{
		{"busy_timeout", "5000", "5000"},
		{"foreign_keys", "ON", "1"},
		{"cache_size", "-16384", "-16384"}, // KiB a connection
		{"temp_store", "MEMORY", "2"},
	}
	writing = mode{access: "rwc", txlock: "immediate", pragmas: append([]pragma{
		{"journal_mode", "WAL", "wal"},
		{"synchronous", "FULL", "2"},
		{"trusted_schema", "OFF", "0"},
	}, common...)}
	reading = mode{access: "rw", txlock: "deferred", pragmas: append([]pragma{
		{"query_only", "ON", "1"},
	}, common...)}
	inspecting = mode{access: "ro", txlock: "deferred", pragmas: append([]pragma{
		{"query_only", "ON", "1"},
	}, common...)}
)

// openPool opens at most size connections, all kept, and checks the first.
func openPool(ctx context.Context, path string, m mode, size int) (*sql.DB, error) {
	pool, err := sql.Open("sqlite", m.dsn(path))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	if err := m.check(ctx, pool); err != nil {
		_ = pool.Close()
		return nil, err
	}
	return pool, nil
}

func (m mode) dsn(path string) string {
	q := url.Values{"mode": {m.access}, "_txlock": {m.txlock}}
	for _, p := range m.pragmas {
		q.Add("_pragma", p.name+"("+p.set+")")
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
}

// check asks a connection whether it is as it was told to be.
func (m mode) check(ctx context.Context, pool *sql.DB) error {
	for _, p := range m.pragmas {
		var got string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("PRAGMA %s: %w", p.name, err)
		}
		if !strings.EqualFold(got, p.want) {
			return fmt.Errorf("PRAGMA %s is %s, not %s: this build of SQLite or this file system cannot do it", p.name, got, p.want)
		}
	}
	return nil
}

// checkImmediate asks a pool that writes whether its transactions lock at their
// beginning. SQLite does not tell, so another connection tries the lock.
func checkImmediate(ctx context.Context, pool *sql.DB, path string) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	impatient := mode{access: "rw", txlock: "immediate", pragmas: []pragma{{"busy_timeout", "0", "0"}}}
	other, err := openPool(ctx, path, impatient, 1)
	if err != nil {
		return err
	}
	defer other.Close()
	if second, err := other.BeginTx(ctx, nil); err == nil {
		_ = second.Rollback()
		return errors.New("transactions do not begin with _txlock=immediate: two writers could each judge by what the other changes")
	}
	return nil
}
