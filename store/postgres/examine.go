package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Examined is what somebody who runs the nodes should know of their database.
type Examined struct {
	Version     string         // of the server
	Role        string         // that the program connects as
	Ahead       time.Duration  // of the server's clock before ours; negative: behind
	Connections int            // that all roles but superusers may have together
	Others      int            // of those, taken at the moment by other programs
	Tried       int            // connections made one after the other, as a node makes them
	Refused     int            // of those, since their server takes no writes
	ReadOnly    *ReadOnlyError // the last refusal
}

// tried is how many connections are made: behind one address there may be
// several servers.
const tried = 8

const selectExamined = `
SELECT current_setting('server_version'), current_user, clock_timestamp(),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1)`

// Examine looks at the database. Its error is that of Open.
func (s *Store) Examine(ctx context.Context) (Examined, error) {
	var e Examined
	var clock time.Time
	asked := time.Now()
	err := s.pool.QueryRow(ctx, selectExamined, common[applicationName]).
		Scan(&e.Version, &e.Role, &clock, &e.Connections, &e.Others)
	if err != nil {
		return Examined{}, err
	}
	e.Ahead = clock.Sub(asked.Add(time.Since(asked) / 2))
	return e, s.try(ctx, &e)
}

// try makes connections as the pools do.
func (s *Store) try(ctx context.Context, e *Examined) error {
	for ; e.Tried < tried; e.Tried++ {
		conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
		if err == nil {
			err = conn.Close(ctx)
		} else if errors.As(err, &e.ReadOnly) {
			e.Refused++
			continue
		}
		if err != nil {
			return explain(err, servedSetting)
		}
	}
	return nil
}
