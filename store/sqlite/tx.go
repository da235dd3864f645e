package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/homeline/homeline/hub"
)

// Whoever wants to write waits at most writerWait for their turn, and a
// transaction that has begun has commitTime to end.
const (
	writerWait = 10 * time.Second
	commitTime = 30 * time.Second
)

// write runs do in the one transaction that writes, which has begun immediately:
// everything that do reads still holds when it commits. ctx bounds only the wait
// for it; a commit that has begun is not given up because somebody closed a
// page. do uses the context that it is given. What do returns is returned, and
// nothing is stored.
func (s *Store) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return s.writeWithin(ctx, commitTime, do)
}

// writeWithin is write for what may take longer, or less, than commitTime.
func (s *Store) writeWithin(ctx context.Context, limit time.Duration, do func(ctx context.Context, tx *sql.Tx) error) error {
	wait, stop := context.WithTimeout(ctx, writerWait)
	defer stop()
	conn, err := s.writer.Conn(wait)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return failure(err)
	}
	defer conn.Close()

	own, stop := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer stop()
	tx, err := conn.BeginTx(own, nil)
	if err == nil {
		defer tx.Rollback()
		err = do(own, tx)
		if err == nil {
			err = tx.Commit()
		}
	}
	s.wrote(err)
	return failure(err)
}

// read runs do over one state of the database, until ctx ends.
func (s *Store) read(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		defer tx.Rollback()
		err = do(tx)
	}
	return readFailure(ctx, err)
}

// readFailure is the failure of a read: where the reader has gone, that.
func readFailure(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return failure(err)
}

// notFound is the answer to what a query for one row has not found.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return hub.ErrNotFound
	}
	return err
}

// notFoundBy is the answer where a row names another that is not there.
func notFoundBy(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
		return hub.ErrNotFound
	}
	return err
}

// failure makes of an error that trying again may mend, and that certainly
// stored nothing or will be found by its key, one with [hub.CodeBusy]. The cause
// stays in it for the log.
func failure(err error) error {
	var e *sqlite.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
	case errors.As(err, &e):
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT:
		default:
			if !cannotWrite(err) {
				return err
			}
		}
	default:
		return err
	}
	return fmt.Errorf("%w: %w", &hub.Error{Code: hub.CodeBusy}, err)
}
