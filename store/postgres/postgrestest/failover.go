package postgrestest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Standby starts a server that follows this one by streaming, and takes reads.
func (s *Server) Standby(t testing.TB) *Server {
	t.Helper()
	if err := s.migrated(t.Context()); err != nil {
		t.Fatal(err)
	}
	copied := &Server{bin: s.bin}
	if err := copied.settle(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		copied.Kill(t)
		_ = os.RemoveAll(copied.folder)
	})
	backup := s.command("pg_basebackup", "--host", "127.0.0.1", "--port", strconv.Itoa(s.Port), "--username", superuser,
		"--pgdata", copied.data(), "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast", "--no-sync")
	backup.SysProcAttr, backup.Dir = copied.as, copied.folder
	if out, err := backup.CombinedOutput(); err != nil {
		t.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	copied.configure(t, "unix_socket_directories = '"+copied.folder+"'")
	copied.once.Do(func() {}) // it has the roles and the template of the other
	if err := copied.run(); err != nil {
		t.Fatal(err)
	}
	return copied
}

// Promote ends a standby's following: it takes writes once this returns.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	s.must(t, `SELECT pg_promote(true, 60)`)
}

// Unfollow ends a standby's streaming: from then on it lacks what its primary
// commits. It stays a standby.
func (s *Server) Unfollow(t testing.TB) {
	t.Helper()
	s.must(t, `ALTER SYSTEM SET primary_conninfo = ''`)
	s.must(t, `SELECT pg_reload_conf()`)
	for streams := true; streams; {
		s.ask(t, &streams, `SELECT EXISTS (SELECT FROM pg_stat_wal_receiver) FROM pg_sleep(0.01)`)
	}
}

// Follow starts a server that was stopped as a standby of another.
func (s *Server) Follow(t testing.TB, primary *Server) {
	t.Helper()
	s.configure(t, fmt.Sprintf("primary_conninfo = 'host=127.0.0.1 port=%d user=%s'", primary.Port, superuser))
	signal := filepath.Join(s.data(), "standby.signal")
	if err := os.WriteFile(signal, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.give(signal); err != nil {
		t.Fatal(err)
	}
	s.Restart(t)
}

// Applied waits until a standby has all that its primary has committed.
func (s *Server) Applied(t testing.TB, primary *Server) {
	t.Helper()
	var at string
	primary.ask(t, &at, `SELECT pg_current_wal_lsn()::text`)
	for there := false; !there; {
		s.ask(t, &there, `SELECT coalesce(pg_last_wal_replay_lsn() >= '`+at+`'::pg_lsn, false) FROM pg_sleep(0.01)`)
	}
}

// configure adds a line to the settings, which the next start reads.
func (s *Server) configure(t testing.TB, line string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(line + "\n"); err != nil {
		t.Fatal(err)
	}
}

// By is the same database by way of another address.
func (d Database) By(address string) Database {
	d.URL, d.Owner, d.Admin = by(d.URL, address), by(d.Owner, address), by(d.Admin, address)
	return d
}

// On is the database of the same name on another server, its standby say.
func (d Database) On(s *Server) Database {
	return s.database(d.Name)
}
