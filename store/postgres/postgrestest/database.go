// Package postgrestest runs a private PostgreSQL for tests: one server a test
// binary, a fresh database a test. It needs the server's programs, in PATH or
// where Debian puts them, and nothing else.
package postgrestest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/store/postgres/migrations"
)

// AppRole is the role of the program on a private server, which asks for no
// password.
const AppRole = "homeline"

const (
	superuser = "postgres"
	owner     = "homeline_owner"
)

// Database is one database of a server, by the roles that open it.
type Database struct {
	Server *Server
	Name   string
	URL    string // as the application's role
	Owner  string // as the owner of the tables
	Admin  string // as the superuser
}

// New is the URL of a fresh database with all tables, for the application's
// role, on the server of this test binary.
func New(t testing.TB) (url string) {
	t.Helper()
	return Open(t).URL
}

// Open is as [New], with the other ways into the database.
func Open(t testing.TB) Database {
	t.Helper()
	return Shared(t).Database(t)
}

// Shared is the server of this test binary. It ends with the process.
func Shared(t testing.TB) *Server {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var shared = sync.OnceValues(func() (*Server, error) { return start(Options{}) })

var numbers atomic.Int64

const template = "migrated"

// Database is a fresh database of the server with all tables.
func (s *Server) Database(t testing.TB) Database {
	t.Helper()
	if err := s.migrated(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := s.database(fmt.Sprintf("test%d", numbers.Add(1)))
	s.must(t, `CREATE DATABASE `+d.Name+` TEMPLATE `+template+` OWNER `+owner+` STRATEGY FILE_COPY`)
	t.Cleanup(func() { s.drop(d.Name) })
	return d
}

// DatabaseIn is a fresh database with all tables that lies in a folder, on a disk
// of its own say.
func (s *Server) DatabaseIn(t testing.TB, folder string) Database {
	t.Helper()
	if err := s.migrated(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := s.database(fmt.Sprintf("test%d", numbers.Add(1)))
	at := filepath.Join(folder, d.Name)
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.give(at); err != nil {
		t.Fatal(err)
	}
	s.must(t, `CREATE TABLESPACE `+d.Name+` LOCATION '`+at+`'`)
	t.Cleanup(func() { _ = s.do(context.Background(), `DROP TABLESPACE `+d.Name) })
	s.must(t, `CREATE DATABASE `+d.Name+` TEMPLATE `+template+` OWNER `+owner+` TABLESPACE `+d.Name+` STRATEGY FILE_COPY`)
	t.Cleanup(func() { s.drop(d.Name) })
	return d
}

// Empty is a fresh database without tables.
func (s *Server) Empty(t testing.TB) Database {
	t.Helper()
	if err := s.migrated(t.Context()); err != nil { // which makes the roles
		t.Fatal(err)
	}
	d := s.database(fmt.Sprintf("test%d", numbers.Add(1)))
	s.must(t, `CREATE DATABASE `+d.Name+` OWNER `+owner)
	t.Cleanup(func() { s.drop(d.Name) })
	return d
}

// Exec runs statements as the superuser, whom only triggers refuse.
func (d Database) Exec(t testing.TB, statements ...string) {
	t.Helper()
	if err := run(t.Context(), d.Admin, statements...); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) database(name string) Database {
	return Database{Server: s, Name: name, URL: s.url(AppRole, name), Owner: s.url(owner, name), Admin: s.url(superuser, name)}
}

func (s *Server) url(role, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(role), Host: fmt.Sprintf("127.0.0.1:%d", s.Port), Path: database,
		RawQuery: "sslmode=disable"}
	return u.String()
}

// migrated makes the roles and the database that the others are copies of.
func (s *Server) migrated(ctx context.Context) error {
	s.once.Do(func() {
		s.failed = s.do(ctx,
			`CREATE ROLE `+owner+` LOGIN`, `CREATE ROLE `+AppRole+` LOGIN`, `CREATE DATABASE `+template+` OWNER `+owner)
		if s.failed == nil {
			_, s.failed = migrations.Up(ctx, migrations.Options{URL: s.url(owner, template), AppRole: AppRole})
		}
	})
	return s.failed
}

func (s *Server) must(t testing.TB, statement string) {
	t.Helper()
	if err := s.do(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// ask reads one value as the superuser.
func (s *Server) ask(t testing.TB, into any, query string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.url(superuser, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), query).Scan(into); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// drop is for the end of a test, when the server may be gone.
func (s *Server) drop(name string) {
	_ = s.do(context.Background(), `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
}

// do runs statements as the superuser.
func (s *Server) do(ctx context.Context, statements ...string) error {
	return run(ctx, s.url(superuser, "postgres"), statements...)
}

func run(ctx context.Context, url string, statements ...string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
