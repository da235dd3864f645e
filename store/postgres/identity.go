package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// The holders of an address with all that they are at school. Who is tied to a
// student is a guardian, whatever the roles say.
const (
	holderColumns = `p.district, p.id, c.person IS NOT NULL,
		EXISTS (SELECT FROM guardianship g WHERE g.district = p.district AND g.guardian = p.id),
		ARRAY (
			SELECT r.role FROM person_role r WHERE r.district = p.district AND r.person = p.id
			UNION SELECT e.role FROM enrolment e WHERE e.district = p.district AND e.person = p.id)`
	confirmation = `LEFT JOIN confirmed_holder c ON c.district = p.district AND c.address = p.address AND c.person = p.id `

	selectHolders = `SELECT ` + holderColumns + ` FROM district d
		JOIN person p ON p.district = d.id AND p.address = $1 AND p.address <> '' AND NOT p.gone ` + confirmation + `
		ORDER BY d.slug, p.sourced_id`
	selectHoldersIn = `SELECT ` + holderColumns + ` FROM person p ` + confirmation + `
		WHERE p.district = $2 AND p.address = $1 AND p.address <> '' AND NOT p.gone ORDER BY p.sourced_id`
)

// Holders implements identity.Store, by district and sourcedId.
func (s *Store) Holders(ctx context.Context, address string) ([]identity.Holder, error) {
	return s.holders(ctx, selectHolders, kept(roster.ComparableAddress(address)))
}

// HoldersIn implements identity.Store, by sourcedId.
func (s *Store) HoldersIn(ctx context.Context, district uuid.UUID, address string) ([]identity.Holder, error) {
	return s.holders(ctx, selectHoldersIn, kept(roster.ComparableAddress(address)), district)
}

func (s *Store) holders(ctx context.Context, query string, args ...any) (holders []identity.Holder, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		holders = nil
		rows, err := q.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		var h holding
		_, err = pgx.ForEachRow(rows, h.columns(), func() error {
			holders = append(holders, h.holder())
			return nil
		})
		return err
	})
	return holders, wrap("holders of an address", err)
}

// holding is a row of holderColumns, NULL where nobody holds an address.
type holding struct {
	district, person    uuid.NullUUID
	confirmed, guardian bool
	roles               []string
}

func (h *holding) columns() []any {
	return []any{&h.district, &h.person, &h.confirmed, &h.guardian, &h.roles}
}

func (h *holding) holder() identity.Holder {
	holder := identity.Holder{District: h.district.UUID, Person: h.person.UUID, Confirmed: h.confirmed, Guardian: h.guardian}
	for _, role := range h.roles {
		holder.Take(roster.Role(plain(role)))
	}
	return holder
}

// ConfirmHolder implements identity.Store. ErrNoPerson where the person is not
// of the district or does not have that address.
func (s *Store) ConfirmHolder(ctx context.Context, district uuid.UUID, address string, person uuid.UUID) error {
	return wrap("confirm holder", s.changeOne(ctx, roster.ErrNoPerson, `INSERT INTO confirmed_holder (district, address, person)
		SELECT district, address, id FROM person WHERE district = $1 AND id = $2 AND address = $3 AND address <> ''
		ON CONFLICT (district, address) DO UPDATE SET person = excluded.person, kept = false`,
		district, person, kept(roster.ComparableAddress(address))))
}

// changeOne runs a statement that changes a row; missing where it has none.
func (s *Store) changeOne(ctx context.Context, missing error, statement string, args ...any) error {
	return s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		done, err := tx.Exec(ctx, statement, args...)
		if err == nil && done.RowsAffected() == 0 {
			return missing
		}
		return err
	})
}

// Sweep implements identity.Store. Nodes that sweep at once do not wait for one
// another.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, of := range []struct {
			table, key string
			since      time.Time
		}{{"session", "id", now.Add(-identity.ExpiredKept)}, {"sign_in_link", "hash", now}, {"address_change", "hash", now}} {
			_, err := tx.Exec(ctx, `DELETE FROM `+of.table+` WHERE `+of.key+` IN (
				SELECT `+of.key+` FROM `+of.table+` WHERE expires_at <= $1 FOR UPDATE SKIP LOCKED)`, of.since)
			if err != nil {
				return fmt.Errorf("%s: %w", of.table, err)
			}
		}
		return nil
	})
	return wrap("sweep", err)
}
