package postgres

import (
	"context"
	"time"
)

// Examined is what somebody who runs the nodes should know of their database.
type Examined struct {
	Version     string        // of the server
	Role        string        // that the program connects as
	Ahead       time.Duration // of the server's clock before ours; negative: behind
	Connections int           // that all roles but superusers may have together
	Others      int           // of those, taken at the moment by other programs
}

const selectExamined = `
SELECT current_setting('server_version'), current_user, clock_timestamp(),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1)`

// Examine looks at the database. Its error is that of Open.
func (s *Store) Examine(ctx context.Context) (Examined, error) {
	var e Examined
	var clock time.Time
	asked := time.Now()
	err := s.pool.QueryRow(ctx, selectExamined, common["application_name"]).
		Scan(&e.Version, &e.Role, &clock, &e.Connections, &e.Others)
	if err != nil {
		return Examined{}, err
	}
	e.Ahead = clock.Sub(asked.Add(time.Since(asked) / 2))
	return e, nil
}
