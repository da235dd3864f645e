package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

const selectAccounts = `
SELECT p.sourced_id, 'session', s.address FROM session s JOIN person p ON p.district = s.district AND p.id = s.person
	WHERE s.district = ?1 AND s.expires_at > ?2
UNION SELECT p.sourced_id, 'chosen', c.address FROM chosen_address c JOIN person p ON p.district = c.district AND p.id = c.person
	WHERE c.district = ?1
UNION SELECT p.sourced_id, iif(h.kept, 'kept', 'confirmed'), h.address FROM confirmed_holder h
	JOIN person p ON p.district = h.district AND p.id = h.person WHERE h.district = ?1`

// Accounts implements roster.Store.
func (s *Store) Accounts(ctx context.Context, district uuid.UUID, now time.Time) (accounts []roster.Account, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		accounts, err = accountsTx(ctx, tx, district, now)
		return err
	})
	return accounts, wrap("accounts", err)
}

func accountsTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, now time.Time) ([]roster.Account, error) {
	accounts := map[string]*roster.Account{}
	err := each(ctx, tx, func(row scanner) error {
		var person, says, address string
		err := row.Scan(&person, &says, &address)
		roster.AddAccount(accounts, person, says, address)
		return err
	}, selectAccounts, key(district), micros(now))
	return roster.AccountsInOrder(accounts), err
}

// rename makes room for people who come under the sourcedIds of others.
func (b *bulk) rename(c roster.Changes) error {
	for _, r := range c.Renames {
		err := b.exec(`UPDATE person SET sourced_id = ?3 WHERE district = ?1 AND sourced_id = ?2`, key(b.district), r.From, r.To)
		if err != nil {
			return fmt.Errorf("person %q, who becomes %q: %w", r.From, r.To, err)
		}
	}
	return nil
}

// keepAddresses leaves addresses to the staff who had them before others, unless
// the district has confirmed somebody (R28).
func (b *bulk) keepAddresses(c roster.Changes) error {
	const keep = `INSERT INTO confirmed_holder (district, address, person, kept)
		SELECT district, address, id, 1 FROM person WHERE district = ?1 AND sourced_id = ?2 AND address = ?3 AND gone = 0
		ON CONFLICT (district, address) DO UPDATE SET person = excluded.person, kept = 1
			WHERE confirmed_holder.kept = 1 OR NOT EXISTS (SELECT 1 FROM person p WHERE p.district = confirmed_holder.district
				AND p.id = confirmed_holder.person AND p.address = confirmed_holder.address AND p.gone = 0)`
	const release = `DELETE FROM confirmed_holder WHERE district = ?1 AND address = ?3 AND kept = 1
		AND person = (SELECT id FROM person WHERE district = ?1 AND sourced_id = ?2)`
	for _, of := range []struct {
		addresses []roster.KeptAddress
		statement string
	}{{c.Release, release}, {c.Keep, keep}} {
		for _, k := range of.addresses {
			if err := b.exec(of.statement, key(b.district), k.Person, k.Address); err != nil {
				return fmt.Errorf("address of %q: %w", k.Person, err)
			}
		}
	}
	return nil
}
