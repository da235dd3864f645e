package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/singleflight"
	_ "modernc.org/sqlite" // registers the driver

	"github.com/homeline/homeline/hub"
)

// Store is a SQLite file, opened.
type Store struct {
	writer *sql.DB // one connection: SQLite has one writer anyway, and so it is fair
	reader *sql.DB
	writes statements // of writer
	reads  statements // of reader
	lock   *fileLock

	checks     singleflight.Group // of Ready
	unwritable atomic.Bool        // the last write failed at the disk
}

var _ hub.Store = (*Store)(nil)

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
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, explain(lock.path, err)), lock.release())
	}
	return s, nil
}

func open(ctx context.Context, lock *fileLock) (*Store, error) {
	if err := createPrivate(lock.path); err != nil {
		return nil, err
	}
	if err := checkLeftover(ctx, lock.path); err != nil {
		return nil, err
	}
	s := &Store{lock: lock}
	for _, step := range []func(context.Context) error{s.openWriter, s.openReaders} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, s.closePools())
		}
	}
	return s, nil
}

func (s *Store) openWriter(ctx context.Context) (err error) {
	if s.writer, err = openPool(ctx, s.lock.path, writing, 1); err != nil {
		return err
	}
	if err := checkImmediate(ctx, s.writer, s.lock.path); err != nil {
		return err
	}
	copied, err := isCopy(ctx, s.writer)
	if err != nil {
		return err
	}
	if err := migrate(ctx, s.writer); err != nil {
		return err
	}
	if err := noteEpoch(ctx, s.writer, copied); err != nil {
		return err
	}
	s.writes, err = prepare(ctx, s.writer, writeTexts)
	return err
}

func (s *Store) openReaders(ctx context.Context) (err error) {
	if s.reader, err = openPool(ctx, s.lock.path, reading, readers()); err != nil {
		return err
	}
	s.reads, err = prepare(ctx, s.reader, readTexts)
	return err
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
