package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/homeline/homeline/hub"
)

const (
	readyTime = 2 * time.Second
	scarce    = 16 << 20 // bytes that are free; from there down it is tried whether one can write
	enough    = 1 << 20  // bytes that must be free after a write has failed
)

// Ready says whether the file can be read and written. While nothing speaks
// against it nothing is written: only if a write has failed, or little room is
// left, is one tried. What cannot be written is a [*hub.StorageError]. Whoever
// asks while it is being asked gets the same answer.
func (s *Store) Ready(ctx context.Context) error {
	answer := s.checks.DoChan("", func() (any, error) {
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), readyTime)
		defer stop()
		return nil, s.ready(ctx)
	})
	select {
	case a := <-answer:
		return a.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) ready(ctx context.Context) error {
	if _, err := s.Districts(ctx); err != nil {
		return err
	}
	failed := s.unwritable.Load()
	folder := filepath.Dir(s.lock.path)
	if !failed && freeBytes(folder) >= scarce {
		return nil
	}
	if failed {
		if err := tryRoom(folder); err != nil {
			return &hub.StorageError{Why: whyUnwritable(err), Err: err}
		}
	}
	err := s.writeWithin(ctx, readyTime, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "PRAGMA user_version = 0") // which nothing else uses, and which is written whatever it was
		return err
	})
	if err != nil && cannotWrite(err) {
		return &hub.StorageError{Why: whyUnwritable(err), Err: err}
	}
	return nil // a writer that is busy writes
}

// tryRoom writes as much as there must be room for, and takes it away again.
func tryRoom(folder string) error {
	f, err := os.CreateTemp(folder, ".room-")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, enough))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// wrote remembers whether the last write that came to the disk failed there.
func (s *Store) wrote(err error) {
	switch {
	case err == nil:
		s.unwritable.Store(false)
	case cannotWrite(err):
		s.unwritable.Store(true)
	}
}

// cannotWrite says whether it is the disk that does not take what is written.
func cannotWrite(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// whyUnwritable says it in words.
func whyUnwritable(err error) string {
	var e *sqlite.Error
	if isFull(err) || errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_FULL {
		return "the disk is full, and nothing can be stored: make room in the data folder"
	}
	return "the disk takes nothing, and nothing can be stored: see whether the data folder can be written"
}
