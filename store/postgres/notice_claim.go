package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/notify"
)

// claimPlans keep a claim to look-ups by key, as callPlans do a send.
const claimPlans = `SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
	SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`

// Claim implements notify.Store in one short transaction. It waits for nobody's
// inbox and nobody's mail: what somebody else holds is left to them, or to the
// next claim.
func (s *Store) Claim(ctx context.Context, now time.Time, limit int, lease time.Duration, judge func(notify.Standing, time.Time) notify.Verdict) (claimed notify.Claimed, err error) {
	now = now.UTC().Truncate(time.Microsecond)
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, claimPlans); err != nil {
			return err
		}
		c := &claiming{ctx: ctx, tx: tx, now: now, until: now.Add(lease), claimed: notify.Claimed{Spared: map[notify.Why]int{}}}
		if err := c.takeMails(limit); err != nil {
			return fmt.Errorf("unfinished: %w", err)
		}
		if err := c.takeNotices(limit-len(c.claimed.Mails), judge); err != nil {
			return fmt.Errorf("notices: %w", err)
		}
		claimed = c.claimed
		return tx.SendBatch(ctx, &c.writes).Close()
	})
	if err != nil {
		return notify.Claimed{}, fmt.Errorf("claim mails: %w", err)
	}
	return claimed, nil
}

// claiming is a claim under way.
type claiming struct {
	ctx        context.Context
	tx         pgx.Tx
	now, until time.Time
	claimed    notify.Claimed
	writes     pgx.Batch
}

const (
	lockDueMails = `
SELECT ` + mailColumns + `, m.token FROM mail m WHERE m.next_at <= $1
ORDER BY m.next_at, m.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`
	takeOverMails = `
UPDATE mail m SET token = m.token + 1, next_at = $4, address = u.address
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS u (district, id, address)
WHERE m.district = u.district AND m.id = u.id`
)

// takeMails takes unfinished mails whose lease or wait has ended.
func (c *claiming) takeMails(limit int) error {
	rows, err := c.tx.Query(c.ctx, lockDueMails, c.now, limit+1)
	due, err := scanAll(rows, err, func(m *storedMail) []any { return append(m.columns(), &m.token) })
	if err != nil || len(due) == 0 {
		return err
	}
	if len(due) > limit {
		due, c.claimed.More = due[:limit], true
	}
	parts, err := partsOf(c.ctx, c.tx, due)
	if err != nil {
		return err
	}
	standings, err := c.standings(ownersOf(due))
	if err != nil {
		return err
	}
	var of mailArrays
	for _, m := range due {
		mail, standing := m.mail(), standings[mailbox{m.District, m.Person}].Standing
		mail.Parts = parts[m.ID]
		if mail.State != notify.Calling {
			mail.Address = standing.Address.Email
		}
		of.add(mail)
		c.take(mail, m.token+1, standing)
	}
	c.writes.Queue(takeOverMails, of.districts, of.ids, of.addresses, c.until)
	return nil
}

func (c *claiming) take(m notify.Mail, token int64, standing notify.Standing) {
	c.claimed.Mails = append(c.claimed.Mails, notify.Claim{
		Mail: m, Lease: notify.Lease{District: m.District, Mail: m.ID, Token: token, Until: c.until}, Standing: standing,
	})
}

const (
	selectDueNotices = `SELECT district, person FROM notice WHERE due_at <= $1 ORDER BY due_at, person LIMIT $2`
	lockDueInboxes   = `
SELECT i.district, i.person FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS w (district, person, no)
JOIN inbox i ON i.district = w.district AND i.person = w.person
ORDER BY w.no LIMIT $3 FOR NO KEY UPDATE OF i SKIP LOCKED`
)

// lookedPast is how many of those who are due are looked at for one that is
// taken: the oldest are what other claims of the same moment hold.
const lookedPast = 4

// takeNotices finds who is due without a lock, locks their inboxes, and looks
// again.
func (c *claiming) takeNotices(room int, judge func(notify.Standing, time.Time) notify.Verdict) error {
	due, err := mailboxes(c.tx.Query(c.ctx, selectDueNotices, c.now, lookedPast*room+1))
	if err != nil || len(due) == 0 {
		return err
	}
	districts, people := columnsOf(due)
	held, err := mailboxes(c.tx.Query(c.ctx, lockDueInboxes, districts, people, room))
	if err != nil {
		return err
	}
	if c.claimed.More = c.claimed.More || len(due) > len(held); len(held) == 0 {
		return nil
	}
	standings, err := c.standings(held)
	if err != nil {
		return err
	}
	var w verdicts
	for _, who := range due { // the oldest first
		standing, found := standings[who]
		if !found || standing.due == nil || standing.due.After(c.now) {
			continue // somebody else's, or taken meanwhile
		}
		verdict := judge(standing.Standing, c.now)
		if m, mailed := w.add(who, verdict, standing.Standing, c.now); mailed {
			c.take(m, 1, standing.Standing)
		} else {
			c.claimed.Spared[verdict.Why]++
		}
	}
	w.queue(&c.writes, c.now, c.until)
	return nil
}

// mailbox is one person's.
type mailbox struct{ district, person uuid.UUID }

func mailboxes(rows pgx.Rows, err error) ([]mailbox, error) {
	return scanAll(rows, err, func(b *mailbox) []any { return []any{&b.district, &b.person} })
}

func columnsOf(list []mailbox) (districts, people []uuid.UUID) {
	for _, b := range list {
		districts, people = append(districts, b.district), append(people, b.person)
	}
	return districts, people
}

func ownersOf(mails []storedMail) []mailbox {
	list := make([]mailbox, len(mails))
	for i, m := range mails {
		list[i] = mailbox{m.District, m.Person}
	}
	return list
}
