package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"

	_ "modernc.org/sqlite" // registers the driver
)

// Store is a SQLite file, opened.
type Store struct {
	writer *sql.DB // one connection: SQLite has one writer anyway, and so it is fair
	reader *sql.DB
	lock   *fileLock
}

// Open opens the file at path, makes it where there is none, and brings its
// tables up to date. The folder must exist. The file must not be open
// elsewhere: see [ErrInUse].
func Open(ctx context.Context, path string) (*Store, error) {
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, lock)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), lock.release())
	}
	return s, nil
}

func open(ctx context.Context, lock *fileLock) (s *Store, err error) {
	if err := createPrivate(lock.path); err != nil {
		return nil, err
	}
	s = &Store{lock: lock}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.closePools())
		}
	}()
	if s.writer, err = openPool(ctx, lock.path, writing, 1); err != nil {
		return nil, err
	}
	if err = migrate(ctx, s.writer); err != nil {
		return nil, err
	}
	if s.reader, err = openPool(ctx, lock.path, reading, readers()); err != nil {
		return nil, err
	}
	return s, nil
}

// readers is how many connections read at once: they are bound by processors,
// not by waiting.
func readers() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// createPrivate makes an empty file that only its owner may read, since SQLite
// would make one for all. It must come before the first connection: closing any
// descriptor of a file drops the locks that the process holds on it.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// Close ends all connections. Nothing may be under way.
func (s *Store) Close() error {
	return errors.Join(s.closePools(), s.lock.release())
}

func (s *Store) closePools() error {
	var errs []error
	for _, pool := range []*sql.DB{s.reader, s.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}
