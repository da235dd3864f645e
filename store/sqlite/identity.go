package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// Holders implements identity.Store, by district and sourcedId.
func (s *Store) Holders(ctx context.Context, address string) ([]identity.Holder, error) {
	return s.holders(ctx, address, `SELECT id FROM district ORDER BY slug`)
}

// HoldersIn implements identity.Store, by sourcedId.
func (s *Store) HoldersIn(ctx context.Context, district uuid.UUID, address string) ([]identity.Holder, error) {
	return s.holders(ctx, address, `SELECT id FROM district WHERE id = ?`, key(district))
}

const selectHolders = `SELECT p.district, p.id, c.person IS NOT NULL FROM person p
	LEFT JOIN confirmed_holder c ON c.district = p.district AND c.address = p.address AND c.person = p.id
	WHERE p.district = ? AND p.address = ? AND p.address <> '' AND p.gone = 0 ORDER BY p.sourced_id`

func (s *Store) holders(ctx context.Context, address, districts string, args ...any) (holders []identity.Holder, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		ids, err := collect(ctx, tx, scanID, districts, args...)
		if err != nil {
			return err
		}
		for _, district := range ids {
			found, err := holdersTx(ctx, tx, district, address)
			if err != nil {
				return err
			}
			holders = append(holders, found...)
		}
		return nil
	})
	return holders, wrap("holders of an address", err)
}

func holdersTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, address string) ([]identity.Holder, error) {
	holders, err := collect(ctx, tx, func(row scanner) (h identity.Holder, err error) {
		return h, row.Scan(&h.District, &h.Person, &h.Confirmed)
	}, selectHolders, key(district), roster.ComparableAddress(address))
	if err != nil {
		return nil, err
	}
	for i := range holders {
		if err := describeHolder(ctx, tx, &holders[i]); err != nil {
			return nil, err
		}
	}
	return holders, nil
}

// describeHolder says as what somebody is at school. Who is tied to a student is
// a guardian, whatever the roles say.
func describeHolder(ctx context.Context, tx *sql.Tx, h *identity.Holder) error {
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM guardianship WHERE district = ? AND guardian = ?)`,
		key(h.District), key(h.Person)).Scan(&h.Guardian)
	if err != nil {
		return err
	}
	return each(ctx, tx, func(row scanner) error {
		var role roster.Role
		err := row.Scan(&role)
		h.Staff = h.Staff || role.Staff()
		h.Student = h.Student || role == roster.Student
		h.Guardian = h.Guardian || role.GuardianLike()
		return err
	}, `SELECT role FROM person_role WHERE district = ?1 AND person = ?2
		UNION ALL SELECT role FROM enrolment WHERE district = ?1 AND person = ?2`, key(h.District), key(h.Person))
}

// ConfirmHolder implements identity.Store. ErrNoPerson where the person is not
// of the district or does not have that address.
func (s *Store) ConfirmHolder(ctx context.Context, district uuid.UUID, address string, person uuid.UUID) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO confirmed_holder (district, address, person)
			SELECT district, address, id FROM person WHERE district = ? AND id = ? AND address = ? AND address <> ''
			ON CONFLICT (district, address) DO UPDATE SET person = excluded.person, kept = 0`,
			key(district), key(person), roster.ComparableAddress(address))
		if err != nil {
			return err
		}
		return expectRow(r, roster.ErrNoPerson)
	})
	return wrap("confirm holder", err)
}

// Sweep implements identity.Store.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for table, since := range map[string]time.Time{"session": now.Add(-identity.ExpiredKept), "sign_in_link": now, "address_change": now} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE expires_at <= ?`, micros(since)); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		return nil
	})
	return wrap("sweep", err)
}
