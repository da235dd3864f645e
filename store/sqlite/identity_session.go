package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// SaveSession implements identity.Store. ErrNoPerson where its person is not of
// its district or is gone.
func (s *Store) SaveSession(ctx context.Context, session identity.Session) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return saveSession(ctx, tx, session)
	})
	return wrap("save session", err)
}

func saveSession(ctx context.Context, tx *sql.Tx, session identity.Session) error {
	if err := mayHaveSession(ctx, tx, session.District, session.Person); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO session (id, district, person, address, fixed, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		session.ID, key(session.District), orNull(session.Person), roster.ComparableAddress(session.Address), session.Fixed, micros(session.CreatedAt), micros(session.ExpiresAt))
	return err
}

// mayHaveSession is asked in the transaction that gives the session, so that
// nobody who is put out meanwhile keeps one. uuid.Nil is still to be chosen.
func mayHaveSession(ctx context.Context, tx *sql.Tx, district, person uuid.UUID) error {
	if person == uuid.Nil {
		_, err := districtTx(ctx, tx, district)
		return err
	}
	var here bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM person WHERE district = ? AND id = ? AND gone = 0)`,
		key(district), key(person)).Scan(&here)
	if err == nil && !here {
		return roster.ErrNoPerson
	}
	return err
}

const selectSession = `SELECT s.id, s.district, s.person, s.address, s.fixed, s.created_at, s.expires_at FROM session s
	LEFT JOIN person p ON p.district = s.district AND p.id = s.person
	WHERE s.id = ? AND (s.person IS NULL OR p.gone = 0)`

// Session implements identity.Store.
func (s *Store) Session(ctx context.Context, id string, now time.Time) (identity.Session, error) {
	session, err := scanSession(s.reader.QueryRowContext(ctx, selectSession+` AND s.expires_at > ?`, id, micros(now)))
	return session, wrap("session", err)
}

func scanSession(row scanner) (session identity.Session, err error) {
	var created, expires int64
	err = row.Scan(&session.ID, &session.District, &session.Person, &session.Address, &session.Fixed, &created, &expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return identity.Session{}, identity.ErrNoSession
	case err != nil:
		return identity.Session{}, failure(err)
	}
	session.CreatedAt, session.ExpiresAt = instant(created), instant(expires)
	return session, nil
}

// ChoosePerson implements identity.Store. ErrNoPerson where the person is not
// of the session's district or is gone.
func (s *Store) ChoosePerson(ctx context.Context, id string, person uuid.UUID) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		session, err := scanSession(tx.QueryRowContext(ctx, selectSession, id))
		if err != nil {
			return err
		}
		if err := mayHaveSession(ctx, tx, session.District, person); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE session SET person = ? WHERE id = ?`, orNull(person), id)
		return err
	})
	return wrap("choose person", err)
}

// ExtendSession implements identity.Store.
func (s *Store) ExtendSession(ctx context.Context, id string, until time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE session SET expires_at = ? WHERE id = ?`, micros(until), id)
		if err != nil {
			return err
		}
		return expectRow(r, identity.ErrNoSession)
	})
	return wrap("extend session", err)
}

// EndSession implements identity.Store. One that has ended already is no error.
func (s *Store) EndSession(ctx context.Context, id string) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE id = ?`, id)
		return err
	})
	return wrap("end session", err)
}

// EndAll implements identity.Store.
func (s *Store) EndAll(ctx context.Context) (ended identity.Ended, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, one := range []struct {
			table string
			count *int64
		}{{"session", &ended.Sessions}, {"sign_in_link", &ended.Links}, {"address_change", &ended.AddressChanges}} {
			done, err := tx.ExecContext(ctx, `DELETE FROM `+one.table)
			if err == nil {
				*one.count, err = done.RowsAffected()
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return ended, wrap("end all sessions", err)
}

// EndSessions implements identity.Store.
func (s *Store) EndSessions(ctx context.Context, district, person uuid.UUID) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return newBulk(ctx, tx, district).endAccess([]uuid.UUID{person})
	})
	return wrap("end sessions", err)
}

// endAccess ends the sessions of people, the changes of address that they asked
// for, and the links that were mailed to their addresses or to one that a session of theirs was opened with: whoever shares
// the address asks for another link. Sessions that others opened with it go on,
// but no longer change over.
func (b *bulk) endAccess(people []uuid.UUID) error {
	const addresses = `(
		SELECT address FROM person WHERE district = ?1 AND id = ?2 AND address <> ''
		UNION ALL SELECT address FROM session WHERE district = ?1 AND person = ?2 AND address <> '')`
	for _, person := range people {
		for _, query := range []string{
			`DELETE FROM sign_in_link WHERE district = ?1 AND address IN ` + addresses,
			`DELETE FROM session WHERE district = ?1 AND person IS NULL AND address IN ` + addresses,
			`DELETE FROM address_change WHERE district = ?1 AND person = ?2`,
			`UPDATE session SET fixed = 1 WHERE district = ?1 AND person <> ?2 AND address IN ` + addresses,
			`DELETE FROM session WHERE district = ?1 AND person = ?2`,
		} {
			if err := b.exec(query, key(b.district), key(person)); err != nil {
				return fmt.Errorf("ending sessions: %w", err)
			}
		}
	}
	return nil
}
