// Package migrations makes the tables of a PostgreSQL database and says what
// the program's role may do with them. The numbered files only go forward.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Version is that of the last file: the tables that this program knows.
var Version = last()

func last() (version int64) {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("migrations: " + err.Error()) // they are in the program
	}
	for _, e := range entries {
		n, err := goose.NumericComponent(e.Name())
		if err != nil {
			panic("migrations: " + err.Error())
		}
		version = max(version, n)
	}
	return version
}

// Options are what [Up] is told.
type Options struct {
	URL     string // of the database, as the role that owns the tables or will
	AppRole string // the role that the program runs as, which must exist
}

// Done is what [Up] did.
type Done struct {
	From, To int64 // versions of the tables, 0 where there were none
}

// Up brings the tables up to date and grants the program's role what it needs,
// and nothing else. Several at once wait for one another, five minutes at most.
func Up(ctx context.Context, o Options) (Done, error) {
	config, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return Done{}, err
	}
	config.RuntimeParams["search_path"] = "public"
	config.RuntimeParams["application_name"] = "migrate"
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	return up(ctx, db, o.AppRole)
}

func up(ctx context.Context, db *sql.DB, app string) (Done, error) {
	if err := check(ctx, db, app); err != nil {
		return Done{}, err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return Done{}, err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return Done{}, err
	}
	have, err := version(ctx, db)
	if err != nil {
		return Done{}, err
	}
	if have > Version {
		return Done{}, fmt.Errorf("the tables are of version %d, this program's of %d: it is older than they are", have, Version)
	}
	if _, err := p.Up(ctx); err != nil {
		return Done{}, err
	}
	return Done{From: have, To: Version}, grant(ctx, db, app)
}

// version is that of the tables, 0 where there are none.
func version(ctx context.Context, db *sql.DB) (have int64, err error) {
	var there bool
	err = db.QueryRowContext(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&there)
	if err == nil && there {
		err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&have)
	}
	return have, err
}

// check says what would not do before anything is changed.
func check(ctx context.Context, db *sql.DB, app string) error {
	var number int
	var encoding, owner string
	err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_user`).
		Scan(&number, &encoding, &owner)
	if err != nil {
		return err
	}
	var known bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, app).Scan(&known); err != nil {
		return err
	}
	role := pgx.Identifier{app}.Sanitize()
	switch {
	case number < 150000:
		return fmt.Errorf("the server is PostgreSQL %d: 15 or newer is needed", number/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the encoding of the database is %s: it must be UTF8", encoding)
	case app == "":
		return errors.New("no role of the program is named: it must not be the one that owns the tables")
	case app == owner:
		return fmt.Errorf("the role %s would own the tables and serve from them: the program needs a role of its own", role)
	case !known:
		return fmt.Errorf("there is no role %s: CREATE ROLE %s LOGIN PASSWORD '…'", role, role)
	}
	return nil
}

// grant takes all from the role and gives it what it needs, in one transaction.
func grant(ctx context.Context, db *sql.DB, app string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// Two at once would fail with "tuple concurrently updated".
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, lock.DefaultLockID); err != nil {
		return err
	}
	for _, statement := range grants(pgx.Identifier{app}.Sanitize()) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return tx.Commit()
}
