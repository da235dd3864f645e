package postgres

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// What an operator gave the address in: of the database that nodes serve from, as
// the owner of its tables, and of one that is filled.
const (
	servedSetting = "DATABASE_URL"
	ownerSetting  = "HOMELINE_MIGRATE_DATABASE_URL"
	filledSetting = "--to"
)

// explain says in one line why there is no connection and how to mend it. What
// the library says may hold the address with its password, so that nothing of it
// is quoted but what the server answered.
func explain(err error, setting string) error {
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		return fmt.Errorf("%s cannot be read: write postgres://USER:PASSWORD@HOST:5432/DATABASE, with %%-escapes in the password for anything but letters and digits", setting)
	}
	if writes := new(ReadOnlyError); errors.As(err, &writes) {
		return fmt.Errorf("%s: %w", setting, writes)
	}
	if errors.Is(err, ErrPooled) {
		return fmt.Errorf("%s: %w", setting, ErrPooled)
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return explainRefusal(refused, setting)
	}
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return err
	}
	where := net.JoinHostPort(connect.Config.Host, fmt.Sprint(connect.Config.Port))
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return fmt.Errorf("%s: there is no host %s: mend the name, or the DNS", setting, connect.Config.Host)
	case strings.Contains(err.Error(), "tls") || strings.Contains(err.Error(), "TLS") || strings.Contains(err.Error(), "certificate"):
		return fmt.Errorf("%s: no TLS with %s: see sslmode and sslrootcert in the URL", setting, where)
	}
	return fmt.Errorf("%s: nobody answers at %s: start PostgreSQL there, let this machine through, or mend the address", setting, where)
}

// explainRefusal is for what a server answers to who wants to connect,
// https://www.postgresql.org/docs/current/errcodes-appendix.html
func explainRefusal(e *pgconn.PgError, setting string) error {
	mend := ""
	if isStatementPooler(e) {
		return fmt.Errorf("%s: %w", setting, ErrPooled)
	}
	switch e.Code {
	case "28P01":
		mend = "mend the password"
	case "28000":
		mend = "let the role log in (pg_hba.conf, LOGIN), or name another"
	case "3D000":
		mend = "make it (CREATE DATABASE), or name another"
	case "42501":
		mend = "GRANT CONNECT, or run homeline migrate with this role as --app-role"
	case "53300":
		mend = "raise max_connections, or lower --database-connections of the nodes"
	case "57P03":
		mend = "wait until the server has started"
	case "08P01":
		mend = "a pooler such as PgBouncer does not know what is asked of it: name the address of PostgreSQL itself"
	default:
		return e
	}
	return fmt.Errorf("%s: %s: %s", setting, e.Message, mend)
}
