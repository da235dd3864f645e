package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// SaveSession implements identity.Store. ErrNoPerson where its person is not of
// its district or is gone.
func (s *Store) SaveSession(ctx context.Context, session identity.Session) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := mayHaveSession(ctx, tx, session); err != nil {
			return err
		}
		return insertSession(ctx, tx, session)
	})
	return wrap("save session", err)
}

func insertSession(ctx context.Context, tx pgx.Tx, session identity.Session) error {
	_, err := tx.Exec(ctx, `INSERT INTO session (id, district, person, address, fixed, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		kept(session.ID), session.District, orNull(session.Person), kept(roster.ComparableAddress(session.Address)), session.Fixed,
		session.CreatedAt, session.ExpiresAt)
	return err
}

// mayHaveSession holds the row of whose session it will be, or of all who hold
// its address while one is still to be chosen: whoever puts one of them out
// waits, and then finds the session, or has done so, and the row says it.
func mayHaveSession(ctx context.Context, tx pgx.Tx, session identity.Session) error {
	if session.Person == uuid.Nil {
		if _, err := districtTx(ctx, tx, session.District); err != nil {
			return err
		}
		_, err := idsOf(tx.Query(ctx, `SELECT id FROM person
			WHERE district = $1 AND address = $2 AND address <> '' AND NOT gone ORDER BY id FOR SHARE`,
			session.District, kept(roster.ComparableAddress(session.Address))))
		return err
	}
	here, err := idsOf(tx.Query(ctx, `SELECT id FROM person WHERE district = $1 AND id = $2 AND NOT gone FOR SHARE`,
		session.District, session.Person))
	if err == nil && len(here) == 0 {
		return roster.ErrNoPerson
	}
	return err
}

const selectSession = `SELECT s.id, s.district, s.person, s.address, s.fixed, s.created_at, s.expires_at FROM session s
	LEFT JOIN person p ON p.district = s.district AND p.id = s.person
	WHERE s.id = $1 AND (s.person IS NULL OR NOT p.gone)`

// Session implements identity.Store.
func (s *Store) Session(ctx context.Context, id string, now time.Time) (session identity.Session, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		session, err = scanSession(q.QueryRow(ctx, selectSession+` AND s.expires_at > $2`, kept(id), now))
		return err
	})
	return session, wrap("session", err)
}

func scanSession(row pgx.Row, more ...any) (session identity.Session, err error) {
	var person uuid.NullUUID
	err = row.Scan(append([]any{text(&session.ID), &session.District, &person, text(&session.Address), &session.Fixed,
		&session.CreatedAt, &session.ExpiresAt}, more...)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return identity.Session{}, identity.ErrNoSession
	}
	session.Person = person.UUID
	return session, err
}

// selectSignIns has a row for each session and each holder of its address.
const selectSignIns = `SELECT s.id, s.district, s.person, s.address, s.fixed, s.created_at, s.expires_at, ` + holderColumns + `
	FROM session s
	LEFT JOIN person own ON own.district = s.district AND own.id = s.person
	LEFT JOIN person p ON p.district = s.district AND p.address = s.address AND p.address <> '' AND NOT p.gone ` + confirmation + `
	WHERE s.id = ANY ($1) AND s.expires_at > $2 AND (s.person IS NULL OR NOT own.gone)
	ORDER BY s.id, p.sourced_id`

// SignIns implements identity.Store.
func (s *Store) SignIns(ctx context.Context, ids []string, now time.Time) (signIns []identity.SignIn, err error) {
	err = s.readOne(ctx, func(ctx context.Context, q queryer) error {
		signIns, err = readSignIns(q.Query(ctx, selectSignIns, keptList(ids), now))
		return err
	})
	return signIns, wrap("sign-ins", err)
}

func readSignIns(rows pgx.Rows, err error) (signIns []identity.SignIn, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h holding
		session, err := scanSession(rows, h.columns()...)
		if err != nil {
			return nil, err
		}
		if n := len(signIns); n == 0 || signIns[n-1].ID != session.ID {
			signIns = append(signIns, identity.SignIn{Session: session})
		}
		if last := &signIns[len(signIns)-1]; h.person.Valid {
			last.Holders = append(last.Holders, h.holder())
		}
	}
	return signIns, rows.Err()
}

// ChoosePerson implements identity.Store. ErrNoPerson where the person is not
// of the session's district or is gone.
func (s *Store) ChoosePerson(ctx context.Context, id string, person uuid.UUID) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		session, err := scanSession(tx.QueryRow(ctx, selectSession, kept(id)))
		if err != nil {
			return err
		}
		session.Person = person
		if err := mayHaveSession(ctx, tx, session); err != nil {
			return err
		}
		changed, err := tx.Exec(ctx, `UPDATE session SET person = $2 WHERE id = $1`, kept(id), orNull(person))
		if err == nil && changed.RowsAffected() == 0 { // ended while we looked
			return identity.ErrNoSession
		}
		return err
	})
	return wrap("choose person", err)
}

// ExtendSession implements identity.Store.
func (s *Store) ExtendSession(ctx context.Context, id string, until time.Time) error {
	return wrap("extend session", s.changeOne(ctx, identity.ErrNoSession,
		`UPDATE session SET expires_at = $2 WHERE id = $1`, kept(id), until))
}

// EndSession implements identity.Store. One that has ended already is no error.
func (s *Store) EndSession(ctx context.Context, id string) error {
	return wrap("end session", s.changeOne(ctx, nil, `DELETE FROM session WHERE id = $1`, kept(id)))
}

// EndSessions implements identity.Store.
func (s *Store) EndSessions(ctx context.Context, district, person uuid.UUID) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return endAccess(ctx, tx, district, []uuid.UUID{person})
	})
	return wrap("end sessions", err)
}

// EndAll implements identity.Store.
func (s *Store) EndAll(ctx context.Context) (ended identity.Ended, err error) {
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, one := range []struct {
			table string
			count *int64
		}{{"session", &ended.Sessions}, {"sign_in_link", &ended.Links}, {"address_change", &ended.AddressChanges}} {
			done, err := tx.Exec(ctx, `DELETE FROM `+one.table)
			if err != nil {
				return err
			}
			*one.count = done.RowsAffected()
		}
		return nil
	})
	return ended, wrap("end all sessions", err)
}

// theirAddresses are those of people and those that their sessions were opened
// with.
const theirAddresses = `(
	SELECT address FROM person WHERE district = $1 AND id = ANY ($2) AND address <> ''
	UNION ALL SELECT address FROM session WHERE district = $1 AND person = ANY ($2) AND address <> '')`

// endings come in the order of locks: people, sessions, links. What a session is
// given by while it is asked for waits for the people.
var endings = []string{
	`SELECT id FROM person WHERE district = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE`,
	`SELECT id FROM session WHERE id IN (
		SELECT id FROM session WHERE district = $1 AND person = ANY ($2)
		UNION SELECT id FROM session WHERE district = $1 AND address IN ` + theirAddresses + `) ORDER BY id FOR UPDATE`,
	`DELETE FROM sign_in_link WHERE district = $1 AND address IN ` + theirAddresses,
	`DELETE FROM session WHERE district = $1 AND person IS NULL AND address IN ` + theirAddresses,
	`DELETE FROM address_change WHERE district = $1 AND person = ANY ($2)`,
	`UPDATE session SET fixed = true WHERE district = $1 AND person <> ALL ($2) AND address IN ` + theirAddresses,
	`DELETE FROM session WHERE district = $1 AND person = ANY ($2)`,
}

// endAccess ends the sessions of people, the changes of address that they asked
// for, and the links that were mailed to their addresses or to one that a session of theirs was opened with: whoever shares
// the address asks for another link. Sessions that others opened with it go on,
// but no longer change over.
func endAccess(ctx context.Context, tx pgx.Tx, district uuid.UUID, people []uuid.UUID) error {
	if len(people) == 0 {
		return nil
	}
	for _, ending := range endings {
		if _, err := tx.Exec(ctx, ending, district, people); err != nil {
			return fmt.Errorf("ending sessions: %w", err)
		}
	}
	return nil
}
