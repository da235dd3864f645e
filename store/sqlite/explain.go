package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// explain says in words why a file cannot be opened, and how to mend it, if that
// is known.
func explain(path string, err error) error {
	if unfit := (errUnfit{}); errors.As(err, &unfit) {
		return explainDamaged(path, err)
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return explainUnwritable(path, err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return explainDamaged(path, err)
	}
	return err
}

// explainUnwritable is for a folder in which nothing can be made: on a mount that
// is read-only, say.
func explainUnwritable(path string, err error) error {
	folder, name := filepath.Split(path)
	f, failed := os.CreateTemp(folder, ".open-")
	if failed == nil {
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	why := failed
	if system := new(os.PathError); errors.As(failed, &system) {
		why = system.Err
	}
	return fmt.Errorf("nothing can be written into the folder (%w), and SQLite keeps %s-shm beside a file that was served from, also to read it: "+
		"copy %s, and %s-wal if there is one, into a folder that can be written, or mount this one so (%w)", why, name, name, name, err)
}

// explainDamaged is for a file that is none of SQLite's, or no longer. What lies
// beside it may be of another one.
func explainDamaged(path string, err error) error {
	name := filepath.Base(path)
	log, failed := os.Stat(path + "-wal")
	if failed != nil || log.Size() == 0 {
		return fmt.Errorf("%s is damaged, or no file of SQLite: restore a backup (%w)", name, err)
	}
	return fmt.Errorf("%s does not fit the %s-wal that lies beside it: if it was put there from a backup, that is what was left of the file before: "+
		"move %s-wal and %s-shm away, and restore with homeline restore; if not, keep both, for %s-wal holds what was stored last (%w)",
		name, name, name, name, name, err)
}
