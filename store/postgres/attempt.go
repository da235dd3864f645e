package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/homeline/homeline/hub"
)

// Whoever needs a connection waits at most acquireTime for it. What has begun
// has commitTime to end, a call callTime: a connection that swallows it looks
// healthy until then. The server gives a statement up before that, since giving
// up here closes the connection.
const (
	connectTime   = 5 * time.Second
	pingTime      = 2 * time.Second
	readyTime     = 2 * time.Second
	acquireTime   = 10 * time.Second
	callLimit     = 5 * time.Second
	callTime      = 7 * time.Second
	statementTime = 20 * time.Second
	commitTime    = 30 * time.Second
)

// What the server gives up, and what loses its connection, is tried attempts
// times. What may have been stored already is tried for knowTime, so that it is
// known: there is no more of it than there are connections, and a server that
// was killed is back by then.
const (
	attempts = 5
	knowTime = 15 * time.Second
	maxPause = 500 * time.Millisecond
)

// outcome is what an attempt has come to.
type outcome int

const (
	ended     outcome = iota // well, or so that trying again is of no use
	undone                   // nothing was stored: it may be tried again
	uncertain                // it may be stored: trying again will tell
)

// outcomeOf is what an attempt came to by its error. maybe says that this
// attempt or an earlier one may have stored it, findable that the next would
// find it.
func outcomeOf(err error, maybe, findable bool) outcome {
	switch {
	case err == nil:
		return ended
	case again(err), findable && keyTaken(err):
		return undone
	case !lost(err) && !errors.Is(err, errNoConnection), maybe && !findable, !maybe && errors.Is(err, errNoConnection):
		return ended
	case maybe:
		return uncertain
	}
	return undone
}

// attempt runs do until it ends. The first run waits for a connection no longer
// than ctx; what may be stored is tried again also for somebody who has left.
func (s *Store) attempt(ctx context.Context, do func(ctx context.Context) (outcome, error)) error {
	begun, how := time.Now(), ctx
	for n := 1; ; n++ {
		got, err := do(how)
		if got == ended || got == undone && n >= attempts || time.Since(begun) > knowTime {
			return failure(err)
		}
		s.log.Info("database: trying again", "attempt", n, "error", failure(err))
		if got == uncertain { // nobody's leaving keeps it from being known
			ctx = context.WithoutCancel(ctx)
		}
		how = context.WithoutCancel(ctx)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(min(time.Duration(n*n)*20*time.Millisecond, maxPause))):
		}
	}
}

// keyTaken says whether the sender used the key for another conversation at the
// same time: tried again, that is found.
func keyTaken(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == uniqueKey && e.ConstraintName == "message_key"
}

var errNoConnection = fmt.Errorf("%w: all connections were in use for %s", &hub.Error{Code: hub.CodeBusy}, acquireTime)

func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	wait, stop := context.WithTimeout(ctx, acquireTime)
	defer stop()
	conn, err := pool.Acquire(wait)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, errNoConnection
	}
	return conn, err
}
