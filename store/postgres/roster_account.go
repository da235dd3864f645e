package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

const selectAccounts = `
SELECT p.sourced_id, 'session', s.address FROM session s JOIN person p ON p.district = s.district AND p.id = s.person
	WHERE s.district = $1 AND s.expires_at > $2
UNION SELECT p.sourced_id, 'chosen', c.address FROM chosen_address c JOIN person p ON p.district = c.district AND p.id = c.person
	WHERE c.district = $1
UNION SELECT p.sourced_id, CASE WHEN h.kept THEN 'kept' ELSE 'confirmed' END, h.address FROM confirmed_holder h
	JOIN person p ON p.district = h.district AND p.id = h.person WHERE h.district = $1`

// Accounts implements roster.Store.
func (s *Store) Accounts(ctx context.Context, district uuid.UUID, now time.Time) ([]roster.Account, error) {
	var accounts map[string]*roster.Account
	err := s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		accounts = map[string]*roster.Account{}
		rows, err := tx.Query(ctx, selectAccounts, district, now)
		if err != nil {
			return err
		}
		var person, says, address string
		_, err = pgx.ForEachRow(rows, []any{text(&person), &says, text(&address)}, func() error {
			roster.AddAccount(accounts, person, says, address)
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return roster.AccountsInOrder(accounts), nil
}

// rename makes room for people who come under the sourcedIds of others.
func rename(ctx context.Context, tx pgx.Tx, district uuid.UUID, renames []roster.Rename) error {
	for _, r := range renames {
		_, err := tx.Exec(ctx, `UPDATE person SET sourced_id = $3 WHERE district = $1 AND sourced_id = $2`, district, kept(r.From), kept(r.To))
		if err != nil {
			return fmt.Errorf("person %q, who becomes %q: %w", r.From, r.To, err)
		}
	}
	return nil
}

const (
	keepAddress = `INSERT INTO confirmed_holder (district, address, person, kept)
		SELECT district, address, id, true FROM person WHERE district = $1 AND sourced_id = $2 AND address = $3 AND NOT gone
		ON CONFLICT (district, address) DO UPDATE SET person = excluded.person, kept = true
			WHERE confirmed_holder.kept OR NOT EXISTS (SELECT FROM person p WHERE p.district = confirmed_holder.district
				AND p.id = confirmed_holder.person AND p.address = confirmed_holder.address AND NOT p.gone)`
	releaseAddress = `DELETE FROM confirmed_holder WHERE district = $1 AND address = $3 AND kept
		AND person = (SELECT id FROM person WHERE district = $1 AND sourced_id = $2)`
)

// keepAddresses leaves addresses to the staff who had them before others, unless
// the district has confirmed somebody (R28).
func keepAddresses(ctx context.Context, tx pgx.Tx, district uuid.UUID, c roster.Changes) error {
	batch := &pgx.Batch{}
	for _, k := range c.Release {
		batch.Queue(releaseAddress, district, kept(k.Person), kept(k.Address))
	}
	for _, k := range c.Keep {
		batch.Queue(keepAddress, district, kept(k.Person), kept(k.Address))
	}
	if batch.Len() == 0 {
		return nil
	}
	return wrap("addresses of staff", tx.SendBatch(ctx, batch).Close())
}
