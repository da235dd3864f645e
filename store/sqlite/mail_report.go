package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

const (
	insertReport = `INSERT INTO report (nonce, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING`
	// settleDoubt: whatever a provider delivers, it took.
	settleDoubt = `UPDATE mail SET state = 'sent', next_at = NULL
		WHERE district = ?1 AND id = ?2 AND state IN ('calling', 'waiting', 'unknown')`
	unsubscribe = `INSERT INTO preference (district, person, language, time_zone, mail)
		SELECT p.district, p.id, '', '', 'off' FROM person p WHERE p.district = ?1
		AND p.id = coalesce(?3, (SELECT m.person FROM mail m WHERE m.district = ?1 AND m.id = ?2))
		ON CONFLICT (district, person) DO UPDATE SET mail = 'off'`
	// reportAddress keeps what was said later.
	reportAddress = markAddress + ` WHERE since <= excluded.since`
	markAddress   = `INSERT INTO address (district, address, state, since) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (district, address) DO UPDATE SET state = excluded.state, since = excluded.since`
)

// Report implements notify.Store. ErrNoMail where there is no such district. A
// report of an address that is older than what is known of it changes nothing.
func (s *Store) Report(ctx context.Context, r notify.Report) (repeated bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := districtTx(ctx, tx, r.District); errors.Is(err, roster.ErrNoDistrict) {
			return notify.ErrNoMail
		} else if err != nil {
			return err
		}
		first, err := tx.ExecContext(ctx, insertReport, r.Nonce, micros(r.At))
		if err != nil {
			return err
		}
		if n, err := first.RowsAffected(); err != nil || n == 0 {
			repeated = true
			return err
		}
		return report(ctx, tx, r)
	})
	return repeated, wrap("report of a mail", err)
}

func report(ctx context.Context, tx *sql.Tx, r notify.Report) (err error) {
	district, mail, address := key(r.District), key(r.Mail), roster.ComparableAddress(r.Email)
	switch {
	case r.Kind == notify.Delivered:
		_, err = tx.ExecContext(ctx, settleDoubt, district, mail)
	case r.Kind == notify.Bounced && address != "":
		_, err = tx.ExecContext(ctx, reportAddress, district, address, string(notify.AddressBounced), micros(r.At))
	case r.Kind == notify.Complained && address != "":
		_, err = tx.ExecContext(ctx, reportAddress, district, address, string(notify.AddressComplained), micros(r.At))
	case r.Kind == notify.Unsubscribed:
		_, err = tx.ExecContext(ctx, unsubscribe, district, mail, orNull(r.Person))
	}
	return err
}
