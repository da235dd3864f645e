package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

// claimedAtOnce bounds a claim: it holds the one transaction that writes, for
// which sends wait.
const claimedAtOnce = 50

// Claim implements notify.Store in the transaction that writes, which is the
// lock of every inbox. At most 50 notices and mails are taken at once.
func (s *Store) Claim(ctx context.Context, now time.Time, limit int, lease time.Duration, judge func(notify.Standing, time.Time) notify.Verdict) (claimed notify.Claimed, err error) {
	now = instant(micros(now))
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		c := &claiming{
			standings: newStandings(ctx, tx, s.writes), batch: batch{ctx: ctx, tx: tx, statements: s.writes}, now: now, until: now.Add(lease),
			claimed: notify.Claimed{Spared: map[notify.Why]int{}},
		}
		limit := min(limit, claimedAtOnce)
		if err := c.takeMails(limit); err != nil {
			return fmt.Errorf("unfinished: %w", err)
		}
		if err := c.takeNotices(limit-len(c.claimed.Mails), judge); err != nil {
			return fmt.Errorf("notices: %w", err)
		}
		claimed = c.claimed
		return c.err
	})
	if err != nil {
		return notify.Claimed{}, fmt.Errorf("claim mails: %w", err)
	}
	return claimed, nil
}

// claiming is a claim under way.
type claiming struct {
	*standings
	batch
	now, until time.Time
	claimed    notify.Claimed
}

const (
	selectDueMails = `SELECT ` + mailColumns + `, m.token FROM mail m WHERE m.next_at <= ?1 ORDER BY m.next_at, m.id LIMIT ?2`
	takeOverMail   = `UPDATE mail SET token = ?3, next_at = ?4, address = ?5 WHERE district = ?1 AND id = ?2`
)

// takeMails takes unfinished mails whose lease or wait has ended.
func (c *claiming) takeMails(limit int) error {
	rows, err := c.prepared.query(c.batch.ctx, c.batch.tx, selectDueMails, micros(c.now), limit+1)
	due, err := scanAll(rows, err, func(m *storedMail) []any { return append(m.columns(), &m.token) })
	if err != nil {
		return err
	}
	if len(due) > limit {
		due, c.claimed.More = due[:limit], true
	}
	for _, stored := range due {
		m := stored.mail()
		standing, err := c.standing(m.District, m.Person)
		if err != nil {
			return err
		}
		if m.Parts, err = partsOf(c.batch.ctx, c.batch.tx, c.prepared, m.District, m.ID); err != nil {
			return err
		}
		if m.State != notify.Calling {
			m.Address = standing.Address.Email
		}
		c.exec(takeOverMail, key(m.District), key(m.ID), stored.token+1, micros(c.until), m.Address)
		c.take(m, stored.token+1, standing)
	}
	return nil
}

func (c *claiming) take(m notify.Mail, token int64, standing notify.Standing) {
	c.claimed.Mails = append(c.claimed.Mails, notify.Claim{
		Mail: m, Lease: notify.Lease{District: m.District, Mail: m.ID, Token: token, Until: c.until}, Standing: standing,
	})
}

const (
	selectDueNotices = `SELECT district, person FROM notice WHERE due_at <= ?1 ORDER BY due_at, person LIMIT ?2`
	dropNotice       = `DELETE FROM notice WHERE district = ?1 AND person = ?2`
	moveNotice       = `UPDATE notice SET due_at = ?3 WHERE district = ?1 AND person = ?2`
	insertMail       = `
INSERT INTO mail (district, id, person, address, state, made_at, next_at) VALUES (?1, ?2, ?3, ?4, 'intended', ?5, ?6)`
	insertPart = `
INSERT INTO mail_part (district, mail, no, conversation, after_seq, up_to, step) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	updateMailed = `
UPDATE participant SET mailed_seq = ?4, mailed_step = ?5, mailed_at = ?6 WHERE district = ?1 AND conversation = ?2 AND person = ?3`
)

func (c *claiming) takeNotices(room int, judge func(notify.Standing, time.Time) notify.Verdict) error {
	type noticed struct{ district, person uuid.UUID }
	rows, err := c.prepared.query(c.batch.ctx, c.batch.tx, selectDueNotices, micros(c.now), room+1)
	due, err := scanAll(rows, err, func(n *noticed) []any { return []any{&n.district, &n.person} })
	if err != nil {
		return err
	}
	if len(due) > room {
		due, c.claimed.More = due[:room], true
	}
	for _, n := range due {
		standing, err := c.standing(n.district, n.person)
		if err != nil {
			return err
		}
		verdict := judge(standing, c.now)
		if verdict.Next.IsZero() {
			c.exec(dropNotice, key(n.district), key(n.person))
		} else {
			c.exec(moveNotice, key(n.district), key(n.person), micros(verdict.Next))
		}
		if len(verdict.Parts) == 0 {
			c.claimed.Spared[verdict.Why]++
			continue
		}
		c.take(c.keep(standing, verdict), 1, standing)
	}
	return nil
}

// keep keeps the mail that a verdict asks for.
func (c *claiming) keep(s notify.Standing, verdict notify.Verdict) notify.Mail {
	m := notify.Mail{
		ID: uuid.Must(uuid.NewV7()), District: s.District.ID, Person: s.Person.ID, Address: s.Address.Email,
		State: notify.Intended, Parts: verdict.Parts, MadeAt: c.now,
	}
	d, id, who := key(m.District), key(m.ID), key(m.Person)
	c.exec(insertMail, d, id, who, m.Address, micros(c.now), micros(c.until))
	for no, p := range m.Parts {
		c.exec(insertPart, d, id, no, key(p.Conversation), p.After, p.UpTo, p.Step)
		c.exec(updateMailed, d, key(p.Conversation), who, p.UpTo, p.Step, micros(c.now))
	}
	return m
}
