package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/notify"
)

var (
	_ notify.Store   = (*Store)(nil)
	_ notify.Secrets = (*Store)(nil)
)

// Now is the time of the server, by which all nodes go.
func (s *Store) Now(ctx context.Context) (now time.Time, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		return q.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now)
	})
	return now, wrap("the time", err)
}

const selectNext = `SELECT least(
	(SELECT due_at FROM notice ORDER BY due_at LIMIT 1),
	(SELECT next_at FROM mail WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1))`

// Next implements notify.Store.
func (s *Store) Next(ctx context.Context) (time.Time, error) {
	var next *time.Time
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error { return q.QueryRow(ctx, selectNext).Scan(&next) })
	return orZero(next), wrap("what is due next", err)
}

// remind locks the inbox first, as whoever writes a notice does: a claim that
// looks at the person as they were is waited for.
const remind = `
WITH held AS (
	SELECT district, person FROM inbox WHERE district = $1 AND person = $2 AND unread_total > 0 FOR NO KEY UPDATE
)
INSERT INTO notice AS n (district, person, due_at) SELECT district, person, $3::timestamptz FROM held
ON CONFLICT (district, person) DO UPDATE SET due_at = excluded.due_at WHERE n.due_at > excluded.due_at`

// Remind implements notify.Store.
func (s *Store) Remind(ctx context.Context, district, person uuid.UUID, at time.Time) error {
	return wrap("remind", s.changeOne(ctx, nil, remind, district, person, at))
}

// orZero is the zero time for NULL.
func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

const (
	selectDue = `
SELECT (SELECT count(*) FROM notice WHERE due_at <= $1) + (SELECT count(*) FROM mail WHERE next_at <= $1),
       least((SELECT min(due_at) FROM notice WHERE due_at <= $1), (SELECT min(next_at) FROM mail WHERE next_at <= $1)),
       (SELECT count(*) FROM notice WHERE due_at > $1)`
	countMails = `
SELECT state, count(*) FROM mail WHERE next_at IS NOT NULL GROUP BY state
UNION ALL SELECT state, count(*) FROM mail WHERE next_at IS NULL AND made_at > $1 GROUP BY state`
	countAddresses = `SELECT state, count(*) FROM address WHERE state <> '' GROUP BY state`
)

// Status implements notify.Store.
func (s *Store) Status(ctx context.Context, now time.Time) (status notify.Status, err error) {
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var oldest *time.Time
		status = notify.Status{}
		if err := tx.QueryRow(ctx, selectDue, now).Scan(&status.Due, &oldest, &status.Pending); err != nil {
			return err
		}
		status.OldestDue = orZero(oldest)
		if status.Mails, err = countBy[notify.State](ctx, tx, countMails, now.Add(-notify.Counted)); err != nil {
			return err
		}
		status.Addresses, err = countBy[notify.AddressState](ctx, tx, countAddresses)
		return err
	})
	return status, wrap("mail status", err)
}

// countBy reads a query of names with their numbers.
func countBy[K ~string](ctx context.Context, q queryer, query string, args ...any) (map[K]int, error) {
	type counted struct {
		name K
		n    int
	}
	rows, err := q.Query(ctx, query, args...)
	list, err := scanAll(rows, err, func(c *counted) []any { return []any{&c.name, &c.n} })
	all := make(map[K]int, len(list))
	for _, c := range list {
		all[c.name] = c.n
	}
	return all, err
}

// sweepings take what nobody holds: nodes that sweep at once do not wait for
// one another.
var sweepings = []string{
	`WITH old AS (
		SELECT district, id FROM mail WHERE next_at IS NULL AND made_at < $1 ORDER BY made_at LIMIT $2 FOR UPDATE SKIP LOCKED
	), parts AS (
		DELETE FROM mail_part p USING old WHERE p.district = old.district AND p.mail = old.id
	) DELETE FROM mail m USING old WHERE m.district = old.district AND m.id = old.id`,
	`DELETE FROM report WHERE nonce IN (
		SELECT nonce FROM report WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
}

const sweptAtOnce = 10_000

// SweepMails implements notify.Store.
func (s *Store) SweepMails(ctx context.Context, before time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, statement := range sweepings {
			if _, err := tx.Exec(ctx, statement, before, sweptAtOnce); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("sweep mails", err)
}

// Secret implements notify.Secrets: of those who come first together, one makes
// it, and the others read what that one committed.
func (s *Store) Secret(ctx context.Context, name string) (value []byte, err error) {
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO secret (name, value) SELECT $1::text, $2::bytea
			WHERE NOT EXISTS (SELECT FROM secret WHERE name = $1) ON CONFLICT DO NOTHING`, name, randomKey())
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT value FROM secret WHERE name = $1`, name).Scan(&value)
	})
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	return value, nil
}

func randomKey() []byte {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return key
}
