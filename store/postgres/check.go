package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/homeline/homeline/store/postgres/migrations"
)

// SchemaError: the tables are of another version than the program, 0 where
// there are none.
type SchemaError struct{ Have, Want int64 }

// Error says which of the two is older, and what to do.
func (e *SchemaError) Error() string {
	switch {
	case e.Have == 0:
		return "the database has no tables of Homeline: run homeline migrate first"
	case e.Have < e.Want:
		return fmt.Sprintf("the tables are of version %d, this program's of %d: run homeline migrate first", e.Have, e.Want)
	}
	return fmt.Sprintf("the tables are of version %d, this program's of %d: install the newer program", e.Have, e.Want)
}

const (
	selectServer = `
SELECT current_setting('server_version_num')::int, current_user, rolsuper,
       current_setting('transaction_read_only') = 'on', pg_is_in_recovery()
FROM pg_roles WHERE rolname = current_user`
	selectVersion = `SELECT coalesce(max(version_id), 0) FROM public.goose_db_version WHERE is_applied`
	selectOwner   = `
SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'public.message'::regclass`
)

// check says what is wrong with the server, the tables or the role.
func check(ctx context.Context, pool *pgxpool.Pool) error {
	var number int
	var role string
	var super, readOnly, standby, owns bool
	if err := pool.QueryRow(ctx, selectServer).Scan(&number, &role, &super, &readOnly, &standby); err != nil {
		return err
	}
	switch {
	case number < 150000:
		return fmt.Errorf("the server is PostgreSQL %d: 15 or newer is needed", number/10000)
	case readOnly:
		return &ReadOnlyError{Standby: standby}
	case super:
		return fmt.Errorf("%w: %s is a superuser", ErrOwner, role)
	}
	if err := checkVersion(ctx, pool, role); err != nil {
		return err
	}
	if err := pool.QueryRow(ctx, selectOwner).Scan(&owns); err != nil {
		return err
	}
	if owns {
		return fmt.Errorf("%w: %s owns the tables; let another role own them, and run homeline migrate as that", ErrOwner, role)
	}
	return nil
}

func checkVersion(ctx context.Context, pool *pgxpool.Pool, role string) error {
	var have int64
	err := pool.QueryRow(ctx, selectVersion).Scan(&have)
	switch {
	case isCode(err, undefinedTable):
		have = 0
	case isCode(err, noPermission):
		return fmt.Errorf("the role %s was granted nothing: run homeline migrate --app-role %s", role, role)
	case err != nil:
		return err
	}
	if have != migrations.Version {
		return &SchemaError{Have: have, Want: migrations.Version}
	}
	return nil
}

// isCode says whether the server refused with that code.
func isCode(err error, code string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == code
}
