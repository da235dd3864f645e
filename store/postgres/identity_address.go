package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// ChosenAddress implements identity.Store.
func (s *Store) ChosenAddress(ctx context.Context, district, person uuid.UUID) (email string, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		return q.QueryRow(ctx, `SELECT email FROM chosen_address WHERE district = $1 AND person = $2`, district, person).Scan(text(&email))
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return email, wrap("chosen address", err)
}

// ChooseAddress implements identity.Store. Done twice it is done.
func (s *Store) ChooseAddress(ctx context.Context, district, person uuid.UUID, email string, now time.Time) error {
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, _ bool) error {
		return chooseAddress(ctx, tx, district, person, email, now)
	})
	return wrap("choose address", err)
}

// chooseAddress locks the person first: an import that is under way is waited
// for, and the next one finds the choice.
func chooseAddress(ctx context.Context, tx pgx.Tx, district, person uuid.UUID, email string, now time.Time) error {
	var holds string
	err := tx.QueryRow(ctx, `SELECT email FROM person WHERE district = $1 AND id = $2 FOR NO KEY UPDATE`, district, person).Scan(text(&holds))
	if errors.Is(err, pgx.ErrNoRows) {
		return roster.ErrNoPerson
	}
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	if address := roster.ComparableAddress(email); address == "" {
		batch.Queue(`DELETE FROM chosen_address WHERE district = $1 AND person = $2`, district, person)
	} else {
		holds = email
		batch.Queue(`INSERT INTO chosen_address (district, person, email, address, since) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (district, person) DO UPDATE SET email = excluded.email, address = excluded.address, since = excluded.since`,
			district, person, kept(email), kept(address), now)
	}
	batch.Queue(`UPDATE person SET address = $3 WHERE district = $1 AND id = $2`, district, person, kept(roster.ComparableAddress(holds)))
	return tx.SendBatch(ctx, batch).Close()
}

// SaveAddressChange implements identity.Store.
func (s *Store) SaveAddressChange(ctx context.Context, c identity.AddressChange) error {
	return wrap("save change of address", s.changeOne(ctx, roster.ErrNoPerson, `INSERT INTO address_change (hash, district, person, email, expires_at)
		SELECT $1::bytea, district, id, $4::text, $5::timestamptz FROM person WHERE district = $2 AND id = $3 AND NOT gone`,
		c.Hash[:], c.District, c.Person, kept(c.Email), c.ExpiresAt))
}

const selectAddressChange = `SELECT c.district, c.person, c.email, c.expires_at FROM address_change c
	JOIN person p ON p.district = c.district AND p.id = c.person AND NOT p.gone
	WHERE c.hash = $1 AND c.expires_at > $2`

// AddressChange implements identity.Store.
func (s *Store) AddressChange(ctx context.Context, hash [32]byte, now time.Time) (c identity.AddressChange, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		c, err = addressChange(ctx, q, hash, now)
		return err
	})
	return c, wrap("change of address", err)
}

func addressChange(ctx context.Context, q queryer, hash [32]byte, now time.Time) (identity.AddressChange, error) {
	c := identity.AddressChange{Hash: hash}
	err := q.QueryRow(ctx, selectAddressChange, hash[:], now).Scan(&c.District, &c.Person, text(&c.Email), &c.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.AddressChange{}, identity.ErrNoLink
	}
	return c, err
}

// UseAddressChange implements identity.Store: of two who use it at once, the one
// whose DELETE finds it has chosen. Where the answer to the commit is lost, the
// address says whether it was: who has the one before is still to be told.
func (s *Store) UseAddressChange(ctx context.Context, hash [32]byte, now time.Time) (c identity.AddressChange, err error) {
	err = s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, maybe bool) error {
		found, err := addressChange(ctx, tx, hash, now)
		if maybe && errors.Is(err, identity.ErrNoLink) {
			return addressIsChosen(ctx, tx, c)
		}
		if err != nil {
			return err
		}
		c = found
		if err := chooseAddress(ctx, tx, c.District, c.Person, c.Email, now); err != nil {
			return err
		}
		used, err := tx.Exec(ctx, `DELETE FROM address_change WHERE hash = $1`, hash[:])
		if err == nil && used.RowsAffected() == 0 {
			return identity.ErrNoLink
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM address_change WHERE district = $1 AND person = $2`, c.District, c.Person); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE address SET state = '', since = $3 WHERE district = $1 AND address = $2 AND state <> ''`,
			c.District, kept(roster.ComparableAddress(c.Email)), now)
		return err
	})
	if err != nil {
		return identity.AddressChange{}, wrap("use change of address", err)
	}
	return c, nil
}

// addressIsChosen is ErrNoLink where a change has not come to pass.
func addressIsChosen(ctx context.Context, tx pgx.Tx, c identity.AddressChange) error {
	there, err := tx.Exec(ctx, `SELECT FROM chosen_address WHERE district = $1 AND person = $2 AND email = $3`, c.District, c.Person, kept(c.Email))
	if err == nil && there.RowsAffected() == 0 {
		return identity.ErrNoLink
	}
	return err
}
