package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/notify"
)

const mailColumns = `m.district, m.id, m.person, m.address, m.state, m.made_at, m.called_at, m.attempts, m.doubts, m.provider, m.detail`

// storedMail is a mail as its row has it, without its parts.
type storedMail struct {
	notify.Mail
	called *time.Time
	token  int64
}

func (m *storedMail) columns() []any {
	return []any{&m.District, &m.ID, &m.Person, text(&m.Address), &m.State, &m.MadeAt, &m.called, &m.Attempts, &m.Doubts,
		text(&m.Provider), text(&m.Detail)}
}

func (m *storedMail) mail() notify.Mail {
	m.CalledAt = orZero(m.called)
	return m.Mail
}

const selectParts = `
SELECT p.mail, p.conversation, p.after_seq, p.up_to, p.step FROM unnest($1::uuid[], $2::uuid[]) AS u (district, id)
JOIN mail_part p ON p.district = u.district AND p.mail = u.id
ORDER BY p.mail, p.no`

// partsOf are those of several mails.
func partsOf(ctx context.Context, q queryer, mails []storedMail) (map[uuid.UUID][]notify.Part, error) {
	var of mailArrays
	for _, m := range mails {
		of.add(m.Mail)
	}
	type part struct {
		mail uuid.UUID
		notify.Part
	}
	rows, err := q.Query(ctx, selectParts, of.districts, of.ids)
	list, err := scanAll(rows, err, func(p *part) []any { return []any{&p.mail, &p.Conversation, &p.After, &p.UpTo, &p.Step} })
	all := make(map[uuid.UUID][]notify.Part, len(mails))
	for _, p := range list {
		all[p.mail] = append(all[p.mail], p.Part)
	}
	return all, err
}

// MailOf implements notify.Store.
func (s *Store) MailOf(ctx context.Context, id uuid.UUID) (m notify.Mail, err error) {
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var stored storedMail
		err := tx.QueryRow(ctx, `SELECT `+mailColumns+` FROM mail m WHERE m.id = $1`, id).Scan(stored.columns()...)
		if errors.Is(err, pgx.ErrNoRows) {
			return notify.ErrNoMail
		}
		if err != nil {
			return err
		}
		parts, err := partsOf(ctx, tx, []storedMail{stored})
		m = stored.mail()
		m.Parts = parts[id]
		return err
	})
	if errors.Is(err, notify.ErrNoMail) {
		return notify.Mail{}, notify.ErrNoMail
	}
	return m, wrap("mail", err)
}

const (
	lockMail = `SELECT ` + mailColumns + `, m.token FROM mail m WHERE m.district = $1 AND m.id = $2 FOR NO KEY UPDATE`
	// selectStill are the parts of a mail with something that is unread now: none
	// for who is out, or wants no mail, or where messaging is off.
	selectStill = `
SELECT p.conversation, greatest(p.after_seq, q.read_seq), p.up_to, p.step
FROM mail_part p
JOIN participant q ON q.district = p.district AND q.conversation = p.conversation AND q.person = $3
JOIN person w ON w.district = q.district AND w.id = q.person AND NOT w.gone
JOIN district d ON d.id = w.district AND d.enabled
WHERE p.district = $1 AND p.mail = $2
  AND NOT EXISTS (SELECT FROM preference f WHERE f.district = w.district AND f.person = w.id AND f.mail = 'off')
  AND EXISTS (SELECT FROM message m WHERE m.district = p.district AND m.conversation = p.conversation
              AND m.seq > greatest(p.after_seq, q.read_seq) AND m.seq <= p.up_to AND m.sender <> $3)
ORDER BY p.no`
	updateCalling = `
UPDATE mail SET doubts = doubts + CASE state WHEN 'calling' THEN 1 ELSE 0 END, state = 'calling', called_at = $3, attempts = attempts + 1
WHERE district = $1 AND id = $2`
	updateSettled = `
UPDATE mail SET state = $3, next_at = $4, provider = coalesce(nullif($5, ''), provider), detail = $6
WHERE district = $1 AND id = $2`
)

// leasedMail locks the mail of a lease that nobody has taken over.
func leasedMail(ctx context.Context, tx pgx.Tx, l notify.Lease) (notify.Mail, error) {
	var m storedMail
	err := tx.QueryRow(ctx, lockMail, l.District, l.Mail).Scan(append(m.columns(), &m.token)...)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && m.token != l.Token {
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
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		m, err := leasedMail(ctx, tx, l)
		if err == nil && !unfinished(m.State) {
			err = notify.ErrLeaseLost
		}
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectStill, l.District, l.Mail, m.Person)
		parts, err = scanAll(rows, err, func(p *notify.Part) []any { return []any{&p.Conversation, &p.After, &p.UpTo, &p.Step} })
		if err != nil || len(parts) == 0 {
			return err
		}
		_, err = tx.Exec(ctx, updateCalling, l.District, l.Mail, now)
		return err
	})
	if err != nil {
		return nil, wrap("mail about to be sent", err)
	}
	return parts, nil
}

// Settle implements notify.Store. Where the answer to a commit was lost, the
// next attempt finds it settled as it is.
func (s *Store) Settle(ctx context.Context, l notify.Lease, became notify.Settlement) error {
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, _ bool) error {
		m, err := leasedMail(ctx, tx, l)
		switch {
		case err != nil:
			return err
		case !unfinished(m.State) && m.State == became.State:
			return nil
		case !unfinished(m.State):
			return notify.ErrLeaseLost
		}
		var next *time.Time
		if unfinished(became.State) {
			next = &became.Next
		}
		_, err = tx.Exec(ctx, updateSettled, l.District, l.Mail, became.State, next, kept(became.Provider), kept(became.Detail))
		return err
	})
	return wrap("settle mail", err)
}
