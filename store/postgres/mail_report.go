package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

const (
	insertReport = `INSERT INTO report (nonce, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	// settleDoubt: whatever a provider delivers, it took.
	settleDoubt = `UPDATE mail SET state = 'sent', next_at = NULL
		WHERE district = $1 AND id = $2 AND state IN ('calling', 'waiting', 'unknown')`
	unsubscribe = `INSERT INTO preference (district, person, language, time_zone, mail)
		SELECT p.district, p.id, '', '', 'off' FROM person p WHERE p.district = $1
		AND p.id = coalesce($3, (SELECT m.person FROM mail m WHERE m.district = $1 AND m.id = $2))
		ON CONFLICT (district, person) DO UPDATE SET mail = 'off'`
	// reportAddress keeps what was said later.
	reportAddress = markAddress + ` WHERE a.since <= excluded.since`
	markAddress   = `INSERT INTO address AS a (district, address, state, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (district, address) DO UPDATE SET state = excluded.state, since = excluded.since`
)

// Report implements notify.Store. ErrNoMail where there is no such district. A
// report of an address that is older than what is known of it changes nothing.
func (s *Store) Report(ctx context.Context, r notify.Report) (repeated bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := districtTx(ctx, tx, r.District); errors.Is(err, roster.ErrNoDistrict) {
			return notify.ErrNoMail
		} else if err != nil {
			return err
		}
		first, err := tx.Exec(ctx, insertReport, kept(r.Nonce), r.At)
		if repeated = err == nil && first.RowsAffected() == 0; repeated || err != nil {
			return err
		}
		return report(ctx, tx, r)
	})
	return repeated, wrap("report of a mail", err)
}

func report(ctx context.Context, tx pgx.Tx, r notify.Report) (err error) {
	address := kept(roster.ComparableAddress(r.Email))
	switch {
	case r.Kind == notify.Delivered:
		_, err = tx.Exec(ctx, settleDoubt, r.District, r.Mail)
	case r.Kind == notify.Bounced && address != "":
		_, err = tx.Exec(ctx, reportAddress, r.District, address, notify.AddressBounced, r.At)
	case r.Kind == notify.Complained && address != "":
		_, err = tx.Exec(ctx, reportAddress, r.District, address, notify.AddressComplained, r.At)
	case r.Kind == notify.Unsubscribed:
		_, err = tx.Exec(ctx, unsubscribe, r.District, r.Mail, orNull(r.Person))
	}
	return err
}

// addressColumns and addressJoins are where a person p is mailed to.
const (
	addressColumns = `coalesce(x.email, p.email), coalesce(a.state, ''), CASE WHEN a.state <> '' THEN a.since END`
	addressJoins   = `LEFT JOIN chosen_address x ON x.district = p.district AND x.person = p.id
LEFT JOIN address a ON a.district = p.district AND a.address = p.address AND p.address <> ''`
	selectAddresses = `SELECT p.id, ` + addressColumns + ` FROM person p ` + addressJoins + ` WHERE p.district = $1 AND p.id = ANY ($2)`
)

// mailed is a row of addressColumns.
type mailed struct {
	at    notify.Address
	since *time.Time
}

func (m *mailed) columns() []any { return []any{text(&m.at.Email), &m.at.State, &m.since} }

func (m *mailed) address() notify.Address {
	m.at.Since = orZero(m.since)
	return m.at
}

// Addresses implements notify.Store.
func (s *Store) Addresses(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]notify.PersonAddress, error) {
	type found struct {
		mailed
		person uuid.UUID
	}
	rows, err := list(ctx, s, func(f *found) []any { return append([]any{&f.person}, f.columns()...) }, selectAddresses, district, people)
	all := make([]notify.PersonAddress, len(rows))
	for i, f := range rows {
		all[i] = notify.PersonAddress{Person: f.person, Address: f.address()}
	}
	return all, wrap("addresses", err)
}

// MarkAddress implements notify.Store.
func (s *Store) MarkAddress(ctx context.Context, district uuid.UUID, email string, state notify.AddressState, now time.Time) error {
	address := kept(roster.ComparableAddress(email))
	if address == "" {
		return nil
	}
	return wrap("mark address", s.changeOne(ctx, nil, markAddress, district, address, state, now))
}
