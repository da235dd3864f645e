package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

var (
	_ notify.Store   = (*Store)(nil)
	_ notify.Secrets = (*Store)(nil)
)

// never is an instant after all.
const never = 1<<63 - 1

const selectNext = `SELECT min(
	coalesce((SELECT min(due_at) FROM notice), ?1),
	coalesce((SELECT min(next_at) FROM mail WHERE next_at IS NOT NULL), ?1))`

// Next implements notify.Store.
func (s *Store) Next(ctx context.Context) (time.Time, error) {
	var next int64
	err := s.reads[selectNext].QueryRowContext(ctx, int64(never)).Scan(&next)
	if err != nil || next == never {
		return time.Time{}, wrap("what is due next", readFailure(ctx, err))
	}
	return instant(next), nil
}

const remind = `
INSERT INTO notice (district, person, due_at) SELECT district, person, ?3 FROM inbox WHERE district = ?1 AND person = ?2 AND unread_total > 0
ON CONFLICT (district, person) DO UPDATE SET due_at = min(due_at, excluded.due_at)`

// Remind implements notify.Store.
func (s *Store) Remind(ctx context.Context, district, person uuid.UUID, at time.Time) error {
	return wrap("remind", s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, remind, key(district), key(person), micros(at))
		return err
	}))
}

// orZero is the zero time for NULL.
func orZero(us sql.NullInt64) time.Time {
	if !us.Valid {
		return time.Time{}
	}
	return instant(us.Int64)
}

const (
	selectDue = `
SELECT (SELECT count(*) FROM notice WHERE due_at <= ?1) + (SELECT count(*) FROM mail WHERE next_at <= ?1),
       min(coalesce((SELECT min(due_at) FROM notice), ?2), coalesce((SELECT min(next_at) FROM mail WHERE next_at IS NOT NULL), ?2)),
       (SELECT count(*) FROM notice WHERE due_at > ?1)`
	countMails = `
SELECT state, count(*) FROM mail WHERE next_at IS NOT NULL GROUP BY state
UNION ALL SELECT state, count(*) FROM mail WHERE next_at IS NULL AND made_at > ?1 GROUP BY state`
	countAddresses = `SELECT state, count(*) FROM address WHERE state <> '' GROUP BY state`
)

// Status implements notify.Store.
func (s *Store) Status(ctx context.Context, now time.Time) (status notify.Status, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		var oldest int64
		err := tx.QueryRowContext(ctx, selectDue, micros(now), int64(never)).Scan(&status.Due, &oldest, &status.Pending)
		if err != nil {
			return err
		}
		if oldest <= micros(now) {
			status.OldestDue = instant(oldest)
		}
		if status.Mails, err = countBy[notify.State](ctx, tx, countMails, micros(now.Add(-notify.Counted))); err != nil {
			return err
		}
		status.Addresses, err = countBy[notify.AddressState](ctx, tx, countAddresses)
		return err
	})
	return status, wrap("mail status", err)
}

// countBy reads a query of names with their numbers.
func countBy[K ~string](ctx context.Context, tx *sql.Tx, query string, args ...any) (map[K]int, error) {
	all := map[K]int{}
	err := each(ctx, tx, func(row scanner) error {
		var name K
		var n int
		err := row.Scan(&name, &n)
		all[name] = n
		return err
	}, query, args...)
	return all, err
}

// sweepings begin with the parts, which name the mails.
var sweepings = []string{
	`DELETE FROM mail_part WHERE (district, mail) IN (` + oldMails + `)`,
	`DELETE FROM mail WHERE (district, id) IN (` + oldMails + `)`,
	`DELETE FROM report WHERE nonce IN (SELECT nonce FROM report WHERE at < ?1 ORDER BY at LIMIT ?2)`,
}

const (
	oldMails    = `SELECT district, id FROM mail WHERE next_at IS NULL AND made_at < ?1 ORDER BY made_at, id LIMIT ?2`
	sweptAtOnce = 10_000
)

// SweepMails implements notify.Store.
func (s *Store) SweepMails(ctx context.Context, before time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		run := batch{ctx: ctx, tx: tx}
		for _, statement := range sweepings {
			run.exec(statement, micros(before), sweptAtOnce)
		}
		return run.err
	})
	return wrap("sweep mails", err)
}

// Secret implements notify.Secrets.
func (s *Store) Secret(ctx context.Context, name string) (value []byte, err error) {
	fresh := make([]byte, 32)
	rand.Read(fresh) // never fails
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, name, fresh); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT value FROM secret WHERE name = ?`, name).Scan(&value)
	})
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	return value, nil
}
