package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// SaveLink implements identity.Store.
func (s *Store) SaveLink(ctx context.Context, l identity.Link) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO sign_in_link (hash, district, address, next, expires_at) VALUES ($1, $2, $3, $4, $5)`,
			l.Hash[:], l.District, kept(roster.ComparableAddress(l.Address)), kept(l.Next), l.ExpiresAt)
		return err
	})
	return wrap("save link", err)
}

// Link implements identity.Store.
func (s *Store) Link(ctx context.Context, hash [32]byte, now time.Time) (identity.Link, error) {
	l := identity.Link{Hash: hash}
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error {
		return q.QueryRow(ctx, `SELECT district, address, next, expires_at FROM sign_in_link WHERE hash = $1 AND expires_at > $2`, hash[:], now).
			Scan(&l.District, text(&l.Address), text(&l.Next), &l.ExpiresAt)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.Link{}, identity.ErrNoLink
	}
	return l, wrap("link", err)
}

// UseLink implements identity.Store: of two who use it at once, whatever their
// nodes, the one whose DELETE finds it has the session. People come before
// links in the order of locks, as when access ends. Where the answer to the commit
// is lost, the session says whether it was: a link that is used up opens nothing to
// who tries again.
func (s *Store) UseLink(ctx context.Context, hash [32]byte, session identity.Session, now time.Time) error {
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, maybe bool) error {
		refused := mayHaveSession(ctx, tx, session)
		if refused != nil && !errors.Is(refused, roster.ErrNoPerson) {
			return refused
		}
		used, err := tx.Exec(ctx, `DELETE FROM sign_in_link WHERE hash = $1 AND district = $2 AND expires_at > $3`,
			hash[:], session.District, now)
		switch {
		case err != nil:
			return err
		case used.RowsAffected() == 0 && maybe:
			return linkOpened(ctx, tx, session.ID)
		case used.RowsAffected() == 0:
			return identity.ErrNoLink
		case refused != nil:
			return refused
		}
		return insertSession(ctx, tx, session)
	})
	return wrap("use link", err)
}

// linkOpened is ErrNoLink where there is no such session.
func linkOpened(ctx context.Context, tx pgx.Tx, session string) error {
	there, err := tx.Exec(ctx, `SELECT FROM session WHERE id = $1`, session)
	if err == nil && there.RowsAffected() == 0 {
		return identity.ErrNoLink
	}
	return err
}
