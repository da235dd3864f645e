package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// SaveLink implements identity.Store.
func (s *Store) SaveLink(ctx context.Context, l identity.Link) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sign_in_link (hash, district, address, next, expires_at) VALUES (?, ?, ?, ?, ?)`,
			l.Hash[:], key(l.District), roster.ComparableAddress(l.Address), l.Next, micros(l.ExpiresAt))
		return err
	})
	return wrap("save link", err)
}

// Link implements identity.Store.
func (s *Store) Link(ctx context.Context, hash [32]byte, now time.Time) (identity.Link, error) {
	l := identity.Link{Hash: hash}
	var expires int64
	err := s.reader.QueryRowContext(ctx, `SELECT district, address, next, expires_at FROM sign_in_link
		WHERE hash = ? AND expires_at > ?`, hash[:], micros(now)).Scan(&l.District, &l.Address, &l.Next, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.Link{}, identity.ErrNoLink
	}
	l.ExpiresAt = instant(expires)
	return l, wrap("link", failure(err))
}

// UseLink implements identity.Store: of two who use it at once, the one whose
// DELETE finds it has the session.
func (s *Store) UseLink(ctx context.Context, hash [32]byte, session identity.Session, now time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM sign_in_link WHERE hash = ? AND district = ? AND expires_at > ?`,
			hash[:], key(session.District), micros(now))
		if err != nil {
			return err
		}
		if err := expectRow(r, identity.ErrNoLink); err != nil {
			return err
		}
		return saveSession(ctx, tx, session)
	})
	return wrap("use link", err)
}
