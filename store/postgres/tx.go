package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Whoever needs a connection waits at most acquireTime for it. What has begun
// has commitTime to end; the server gives a statement up before that, since
// giving up here closes the connection.
const (
	connectTime   = 5 * time.Second
	pingTime      = 2 * time.Second
	acquireTime   = 10 * time.Second
	statementTime = 20 * time.Second
	commitTime    = 30 * time.Second
)

// A transaction that the server gives up, or whose connection is lost, is tried
// attempts times, the last one begun within retryTime.
const (
	attempts  = 5
	retryTime = 10 * time.Second
)

// write runs do in a transaction (read committed) and commits it. It runs do
// anew where the server gives the transaction up or its connection is lost
// before the commit, so do must keep nothing of an earlier run. ctx bounds only
// the wait for a connection; a commit that has begun is not given up because
// somebody closed a page. do uses the context that it is given. What do returns
// is returned, and nothing is stored. A commit whose answer was lost is
// [hub.CodeBusy]: it may be stored.
func (s *Store) write(ctx context.Context, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.writing(ctx, commitTime, false, do)
}

// writeWithin is write for what may take longer than commitTime.
func (s *Store) writeWithin(ctx context.Context, limit time.Duration, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.writing(ctx, limit, false, do)
}

// writeOnce is write for what, done again, finds that it is done: it is tried
// again also where the answer to the commit was lost.
func (s *Store) writeOnce(ctx context.Context, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.writing(ctx, commitTime, true, do)
}

func (s *Store) writing(ctx context.Context, limit time.Duration, repeatable bool, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.attempt(ctx, func() (bool, error) {
		conn, err := acquire(ctx, s.pool)
		if err != nil {
			return lost(err), err
		}
		defer conn.Release()
		own, stop := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer stop()
		committing, err := transact(own, conn, limit, do)
		return again(err) || lost(err) && (!committing || repeatable), err
	})
}

// transact runs do in a transaction, and says whether it came to the commit.
func transact(ctx context.Context, conn *pgxpool.Conn, limit time.Duration, do func(ctx context.Context, tx pgx.Tx) error) (committing bool, err error) {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback(ctx)
	if limit > commitTime {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = `+milliseconds(limit-time.Second)); err != nil {
			return false, err
		}
	}
	if err := do(ctx, tx); err != nil {
		return false, err
	}
	return true, tx.Commit(ctx)
}

// read runs do over one state of the database. ctx bounds the wait for a
// connection; a query that has begun ends by itself, since giving it up would
// cost the connection.
func (s *Store) read(ctx context.Context, do func(ctx context.Context, tx pgx.Tx) error) error {
	return s.attempt(ctx, func() (bool, error) {
		conn, err := acquire(ctx, s.pool)
		if err != nil {
			return lost(err), err
		}
		defer conn.Release()
		own, stop := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
		defer stop()
		tx, err := conn.BeginTx(own, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		if err == nil {
			defer tx.Rollback(own)
			err = do(own, tx)
		}
		return again(err) || lost(err), err
	})
}

// attempt tries until do succeeds or says that trying again is of no use.
func (s *Store) attempt(ctx context.Context, do func() (again bool, err error)) error {
	for n, begun := 1, time.Now(); ; n++ {
		again, err := do()
		if err == nil || !again || n == attempts || time.Since(begun) > retryTime {
			return failure(err)
		}
		s.log.Info("database: trying again", "attempt", n, "error", err)
		pause := time.NewTimer(rand.N(time.Duration(n*n) * 20 * time.Millisecond))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		}
	}
}

func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	wait, stop := context.WithTimeout(ctx, acquireTime)
	defer stop()
	conn, err := pool.Acquire(wait)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("no connection within %s: %w", acquireTime, err)
	}
	return conn, err
}
