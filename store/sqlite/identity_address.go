package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// ChosenAddress implements identity.Store.
func (s *Store) ChosenAddress(ctx context.Context, district, person uuid.UUID) (email string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT email FROM chosen_address WHERE district = ? AND person = ?`, key(district), key(person)).Scan(&email)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return email, wrap("chosen address", readFailure(ctx, err))
}

// ChooseAddress implements identity.Store.
func (s *Store) ChooseAddress(ctx context.Context, district, person uuid.UUID, email string, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return chooseAddress(ctx, tx, district, person, email, now)
	})
	return wrap("choose address", err)
}

func chooseAddress(ctx context.Context, tx *sql.Tx, district, person uuid.UUID, email string, now time.Time) error {
	d, who := key(district), key(person)
	var holds string
	err := tx.QueryRowContext(ctx, `SELECT email FROM person WHERE district = ? AND id = ?`, d, who).Scan(&holds)
	if errors.Is(err, sql.ErrNoRows) {
		return roster.ErrNoPerson
	}
	if err != nil {
		return err
	}
	run := batch{ctx: ctx, tx: tx}
	if address := roster.ComparableAddress(email); address == "" {
		run.exec(`DELETE FROM chosen_address WHERE district = ? AND person = ?`, d, who)
	} else {
		holds = email
		run.exec(`INSERT INTO chosen_address (district, person, email, address, since) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (district, person) DO UPDATE SET email = excluded.email, address = excluded.address, since = excluded.since`,
			d, who, email, address, micros(now))
	}
	run.exec(`UPDATE person SET address = ?3 WHERE district = ?1 AND id = ?2`, d, who, roster.ComparableAddress(holds))
	return run.err
}

// SaveAddressChange implements identity.Store.
func (s *Store) SaveAddressChange(ctx context.Context, c identity.AddressChange) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO address_change (hash, district, person, email, expires_at)
			SELECT ?1, district, id, ?4, ?5 FROM person WHERE district = ?2 AND id = ?3 AND gone = 0`,
			c.Hash[:], key(c.District), key(c.Person), c.Email, micros(c.ExpiresAt))
		if err != nil {
			return err
		}
		return expectRow(r, roster.ErrNoPerson)
	})
	return wrap("save change of address", err)
}

const selectAddressChange = `SELECT c.district, c.person, c.email, c.expires_at FROM address_change c
	JOIN person p ON p.district = c.district AND p.id = c.person AND p.gone = 0
	WHERE c.hash = ?1 AND c.expires_at > ?2`

// AddressChange implements identity.Store.
func (s *Store) AddressChange(ctx context.Context, hash [32]byte, now time.Time) (identity.AddressChange, error) {
	c, err := scanAddressChange(s.reader.QueryRowContext(ctx, selectAddressChange, hash[:], micros(now)), hash)
	return c, wrap("change of address", readFailure(ctx, err))
}

func scanAddressChange(row scanner, hash [32]byte) (identity.AddressChange, error) {
	c := identity.AddressChange{Hash: hash}
	var expires int64
	err := row.Scan(&c.District, &c.Person, &c.Email, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.AddressChange{}, identity.ErrNoLink
	}
	c.ExpiresAt = instant(expires)
	return c, err
}

// UseAddressChange implements identity.Store.
func (s *Store) UseAddressChange(ctx context.Context, hash [32]byte, now time.Time) (c identity.AddressChange, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if c, err = scanAddressChange(tx.QueryRowContext(ctx, selectAddressChange, hash[:], micros(now)), hash); err != nil {
			return err
		}
		if err := chooseAddress(ctx, tx, c.District, c.Person, c.Email, now); err != nil {
			return err
		}
		run := batch{ctx: ctx, tx: tx}
		run.exec(`DELETE FROM address_change WHERE district = ? AND person = ?`, key(c.District), key(c.Person))
		run.exec(`UPDATE address SET state = '', since = ?3 WHERE district = ?1 AND address = ?2 AND state <> ''`,
			key(c.District), roster.ComparableAddress(c.Email), micros(now))
		return run.err
	})
	if err != nil {
		return identity.AddressChange{}, wrap("use change of address", err)
	}
	return c, nil
}
