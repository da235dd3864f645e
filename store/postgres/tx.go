package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// write runs do in a transaction (read committed) and commits it. It runs do
// anew where the server gives the transaction up or its connection is lost
// before the commit, so do must keep nothing of an earlier run. ctx bounds only
// the wait for a connection; a commit that has begun is not given up because
// somebody closed a page. do uses the context that it is given. What do returns
// is returned, and nothing is stored. A commit whose answer was lost is
// [hub.CodeBusy]: it may be stored.
func (s *Store) write(ctx context.Context, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.writeWithin(ctx, s.commitTime, do)
}

// writeWithin is write for what may take longer than commitTime.
func (s *Store) writeWithin(ctx context.Context, limit time.Duration, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.attempt(ctx, func(ctx context.Context) (outcome, error) {
		committing, err := s.transact(ctx, limit, do)
		return outcomeOf(err, committing, false), err
	})
}

// writeOnce is write for what, done again, finds that it is done: it is tried
// again also where the answer to the commit was lost, and then maybe is true.
func (s *Store) writeOnce(ctx context.Context, do func(ctx context.Context, tx pgx.Tx, maybe bool) error) error {
	maybe := false
	return s.attempt(ctx, func(ctx context.Context) (outcome, error) {
		committing, err := s.transact(ctx, s.commitTime, func(ctx context.Context, tx pgx.Tx) error { return do(ctx, tx, maybe) })
		maybe = maybe || committing && lost(err)
		return outcomeOf(err, maybe, true), err
	})
}

// transact runs do in a transaction, and says whether it came to the commit.
func (s *Store) transact(ctx context.Context, limit time.Duration, do func(ctx context.Context, tx pgx.Tx) error) (committing bool, err error) {
	conn, err := acquire(ctx, s.pool)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer stop()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback(ctx)
	defer func() { s.seen(err) }()
	if limit > commitTime {
		most := milliseconds(limit - time.Second)
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = `+most+`; SET LOCAL idle_in_transaction_session_timeout = `+most); err != nil {
			return false, err
		}
	}
	if err := do(ctx, tx); err != nil {
		return false, err
	}
	return true, tx.Commit(ctx)
}

// call runs do, which is one statement that commits by itself and that, done
// again, finds that it is done: maybe says that an earlier run may have done it.
// Its context is as that of write.
func (s *Store) call(ctx context.Context, do func(ctx context.Context, q queryer, maybe bool) error) error {
	maybe := false
	return s.attempt(ctx, func(ctx context.Context) (outcome, error) {
		err := s.within(ctx, s.calls, s.callTime, func(ctx context.Context, conn *pgxpool.Conn) error { return do(ctx, conn, maybe) })
		maybe = maybe || lost(err)
		return outcomeOf(err, maybe, true), err
	})
}

// read runs do over one state of the database. ctx bounds the wait for a
// connection; a query that has begun ends by itself, since giving it up would
// cost the connection.
func (s *Store) read(ctx context.Context, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.reading(ctx, func(ctx context.Context, conn *pgxpool.Conn) error {
		tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		return do(ctx, tx)
	})
}

// readAll is read for queries of which none needs the answer of another: it asks
// them all in one round trip. queue must keep nothing of an earlier run.
func (s *Store) readAll(ctx context.Context, queue func(b *pgx.Batch)) error {
	return s.reading(ctx, func(ctx context.Context, conn *pgxpool.Conn) error {
		b := &pgx.Batch{}
		b.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
		queue(b)
		b.Queue(`COMMIT`)
		err := conn.SendBatch(ctx, b).Close()
		if err != nil && conn.Conn().PgConn().TxStatus() != idle {
			_, _ = conn.Exec(ctx, `ROLLBACK`) // else the pool makes another connection
		}
		return err
	})
}

// idle is the state of a connection that is in no transaction.
const idle = 'I'

// readOne is read for a single query, which sees one state by itself.
func (s *Store) readOne(ctx context.Context, do func(ctx context.Context, q queryer) error) error {
	return s.reading(ctx, func(ctx context.Context, conn *pgxpool.Conn) error { return do(ctx, conn) })
}

func (s *Store) reading(ctx context.Context, do func(ctx context.Context, conn *pgxpool.Conn) error) error {
	return s.attempt(ctx, func(ctx context.Context) (outcome, error) {
		err := s.within(ctx, s.pool, s.commitTime, do)
		return outcomeOf(err, false, true), err
	})
}

// within runs do with a connection, for so long at most.
func (s *Store) within(ctx context.Context, pool *pgxpool.Pool, limit time.Duration, do func(ctx context.Context, conn *pgxpool.Conn) error) error {
	conn, err := acquire(ctx, pool)
	if err != nil {
		return err
	}
	defer conn.Release()
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer stop()
	err = do(ctx, conn)
	s.seen(err)
	return err
}

// seen looks at what a server answered before its connection is given back.
func (s *Store) seen(err error) {
	switch {
	case isCode(err, readOnly):
		s.demoted()
	case isCode(err, diskFull):
		s.full.Store(true)
	}
}
