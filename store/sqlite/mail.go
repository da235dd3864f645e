package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

const mailColumns = `m.district, m.id, m.person, m.address, m.state, m.made_at, m.called_at, m.attempts, m.doubts, m.provider, m.detail`

// storedMail is a mail as its row has it, without its parts.
type storedMail struct {
	notify.Mail
	made   int64
	called sql.NullInt64
	token  int64
}

func (m *storedMail) columns() []any {
	return []any{&m.District, &m.ID, &m.Person, &m.Address, &m.State, &m.made, &m.called, &m.Attempts, &m.Doubts, &m.Provider, &m.Detail}
}

func (m *storedMail) mail() notify.Mail {
	m.MadeAt, m.CalledAt = instant(m.made), orZero(m.called)
	return m.Mail
}

const selectParts = `SELECT conversation, after_seq, up_to, step FROM mail_part WHERE district = ?1 AND mail = ?2 ORDER BY no`

func partsOf(ctx context.Context, tx *sql.Tx, prepared statements, district, mail uuid.UUID) ([]notify.Part, error) {
	rows, err := prepared.query(ctx, tx, selectParts, key(district), key(mail))
	return scanAll(rows, err, partColumns)
}

func partColumns(p *notify.Part) []any { return []any{&p.Conversation, &p.After, &p.UpTo, &p.Step} }

const selectMail = `SELECT ` + mailColumns + `, m.token FROM mail m WHERE m.id = ?1`

// MailOf implements notify.Store.
func (s *Store) MailOf(ctx context.Context, id uuid.UUID) (m notify.Mail, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		var stored storedMail
		err := s.reads.queryRow(ctx, tx, selectMail, key(id)).Scan(append(stored.columns(), &stored.token)...)
		if errors.Is(err, sql.ErrNoRows) {
			return notify.ErrNoMail
		}
		if err != nil {
			return err
		}
		m = stored.mail()
		m.Parts, err = partsOf(ctx, tx, s.reads, m.District, m.ID)
		return err
	})
	if errors.Is(err, notify.ErrNoMail) {
		return notify.Mail{}, notify.ErrNoMail
	}
	return m, wrap("mail", err)
}

const (
	selectLeased = `SELECT ` + mailColumns + `, m.token FROM mail m WHERE m.district = ?1 AND m.id = ?2`
	// selectStill are the parts of a mail with something that is unread now: none
	// for who is out, or wants no mail, or where messaging is off.
	selectStill = `
SELECT p.conversation, max(p.after_seq, q.read_seq), p.up_to, p.step
FROM mail_part p
JOIN participant q ON q.district = p.district AND q.conversation = p.conversation AND q.person = ?3
JOIN person w ON w.district = q.district AND w.id = q.person AND w.gone = 0
JOIN district d ON d.id = w.district AND d.enabled
WHERE p.district = ?1 AND p.mail = ?2
  AND NOT EXISTS (SELECT 1 FROM preference f WHERE f.district = w.district AND f.person = w.id AND f.mail = 'off')
  AND EXISTS (SELECT 1 FROM message m WHERE m.district = p.district AND m.conversation = p.conversation
              AND m.seq > max(p.after_seq, q.read_seq) AND m.seq <= p.up_to AND m.sender <> ?3)
ORDER BY p.no`
	updateCalling = `
UPDATE mail SET doubts = doubts + (state = 'calling'), state = 'calling', called_at = ?3, attempts = attempts + 1
WHERE district = ?1 AND id = ?2`
	updateSettled = `
UPDATE mail SET state = ?3, next_at = ?4, provider = coalesce(nullif(?5, ''), provider), detail = ?6
WHERE district = ?1 AND id = ?2`
)

// leasedMail is the mail of a lease that nobody has taken over.
func (s *Store) leasedMail(ctx context.Context, tx *sql.Tx, l notify.Lease) (notify.Mail, error) {
	var m storedMail
	err := s.writes.queryRow(ctx, tx, selectLeased, key(l.District), key(l.Mail)).Scan(append(m.columns(), &m.token)...)
	if errors.Is(err, sql.ErrNoRows) || err == nil && m.token != l.Token {
		return notify.Mail{}, notify.ErrLeaseLost
	}
	return m.mail(), err
}

// unfinished says whether something is still to become of a mail.
func unfinished(s notify.State) bool {
	return s == notify.Intended || s == notify.Calling || s == notify.Waiting
}

// Calling implements notify.Store.
func (s *Store) Calling(ctx context.Context, l notify.Lease, now time.Time) (parts []notify.Part, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		m, err := s.leasedMail(ctx, tx, l)
		if err == nil && !unfinished(m.State) {
			err = notify.ErrLeaseLost
		}
		if err != nil {
			return err
		}
		rows, err := s.writes.query(ctx, tx, selectStill, key(l.District), key(l.Mail), key(m.Person))
		parts, err = scanAll(rows, err, partColumns)
		if err != nil || len(parts) == 0 {
			return err
		}
		return s.writes.exec(ctx, tx, updateCalling, key(l.District), key(l.Mail), micros(now))
	})
	if err != nil {
		return nil, wrap("mail about to be sent", err)
	}
	return parts, nil
}

// Settle implements notify.Store.
func (s *Store) Settle(ctx context.Context, l notify.Lease, became notify.Settlement) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		m, err := s.leasedMail(ctx, tx, l)
		switch {
		case err != nil:
			return err
		case !unfinished(m.State) && m.State == became.State:
			return nil
		case !unfinished(m.State):
			return notify.ErrLeaseLost
		}
		var next any
		if unfinished(became.State) {
			next = micros(became.Next)
		}
		return s.writes.exec(ctx, tx, updateSettled, key(l.District), key(l.Mail), string(became.State), next, became.Provider, became.Detail)
	})
	return wrap("settle mail", err)
}
