package sqlite

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAFileIsOpenOnlyOnceInAProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "same.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, link} {
		if _, err := Open(t.Context(), p); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "by this process") {
			t.Errorf("opening %s a second time: %v", p, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), path)
	if err != nil {
		t.Fatalf("after closing: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsOpenInOneProcessOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	said, kill := child(t, "hold", path)
	if !said.Scan() {
		t.Fatal("the child did not open the file")
	}
	_, err := Open(t.Context(), path)
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "by another process") {
		t.Errorf("with another process in it: %v", err)
	}
	kill()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatalf("after the other was killed: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	s := openTemp(t)
	for _, path := range []string{s.lock.path, s.lock.path + "-wal", s.lock.path + "-shm", s.lock.path + ".lock"} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %s", path, info.Mode())
		}
	}
}

func TestConnectionsAreAsTheyWereTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd %3f name.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the name of the file was read as an address: %v", err)
	}
	for name, other := range map[string]string{"synchronous": "NORMAL", "foreign_keys": "OFF", "busy_timeout": "0"} {
		told := writing
		told.pragmas = slices.Clone(writing.pragmas)
		for i := range told.pragmas {
			if told.pragmas[i].name == name {
				told.pragmas[i].set = other
			}
		}
		if _, err := openPool(t.Context(), path, told, 1); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("with %s %s: %v", name, other, err)
		}
	}
}

func TestAJournalThatIsNotWALIsRefused(t *testing.T) {
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	if err := writing.check(t.Context(), pool); err == nil {
		t.Error("a database in memory, which cannot have a WAL, passed")
	}
}

func TestATransactionThatWritesLocksAtItsBeginning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	late := writing
	late.txlock = "deferred"
	pool, err := openPool(t.Context(), path, late, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := checkImmediate(t.Context(), pool, path); err == nil || !strings.Contains(err.Error(), "_txlock") {
		t.Errorf("a deferred one passed: %v", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := openTemp(t)
	if _, err := s.reader.Exec(`DELETE FROM draft`); err == nil {
		t.Error("a reader wrote")
	}
}

func TestATableOfANewerVersionIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.writer.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("opened: %v, %v", s, err)
	}
	if r, err := OpenReadOnly(t.Context(), path); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("opened to read: %v, %v", r, err)
	}
}

func TestWhatIsNotADatabaseIsSaidToBeNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
	if _, err := Open(t.Context(), filepath.Join(path, "no", "folder.db")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}
