package postgres

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// standing is how somebody stands, with when they are due, if they are.
type standing struct {
	notify.Standing
	due *time.Time
}

const (
	selectStandingDistricts = selectDistrict + ` WHERE id = ANY ($1)`
	selectStandingPeople    = personFrom + `WHERE (p.district, p.id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) ORDER BY p.id, r.no`
	selectStandingChoices   = `
SELECT p.district, p.id, n.due_at, ` + addressColumns + `, ` + preferenceColumns + `
FROM unnest($1::uuid[], $2::uuid[]) AS w (district, person)
JOIN person p ON p.district = w.district AND p.id = w.person ` + addressJoins + `
LEFT JOIN preference f ON f.district = p.district AND f.person = p.id
LEFT JOIN notice n ON n.district = p.district AND n.person = p.id`
	selectStandingUnread = `
SELECT district, person, conversation, last_seq, read_seq, mailed_seq, mailed_step, mailed_at, fresh, fresh_seq, since FROM (
  SELECT w.district, w.person, u.*, f.*, row_number() OVER (
    PARTITION BY w.district, w.person ORDER BY (f.fresh > 0) DESC, u.last_at DESC, u.conversation DESC) AS no
  FROM unnest($1::uuid[], $2::uuid[]) AS w (district, person)
  JOIN inbox i ON i.district = w.district AND i.person = w.person
  CROSS JOIN LATERAL unread_of(w.district, w.person, i.unread_total) AS u
  CROSS JOIN LATERAL (
    SELECT count(*) AS fresh, coalesce(max(m.seq), 0) AS fresh_seq, min(m.sent_at) AS since FROM message m
    WHERE m.district = w.district AND m.conversation = u.conversation
      AND m.seq > greatest(u.read_seq, u.mailed_seq) AND m.sender <> w.person) AS f
) AS list WHERE no <= $3 ORDER BY district, person, no`
)

// standings are how people stand now, in four queries and one round trip
// however many they are.
func (c *claiming) standings(of []mailbox) (map[mailbox]*standing, error) {
	districts, people := columnsOf(of)
	all := make(map[mailbox]*standing, len(of))
	their, who := map[uuid.UUID]roster.District{}, map[uuid.UUID]roster.Person{}
	batch := &pgx.Batch{}
	batch.Queue(selectStandingDistricts, districts).Query(func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, scanDistrict)
		for _, d := range list {
			their[d.ID] = d
		}
		return err
	})
	batch.Queue(selectStandingPeople, districts, people).Query(func(rows pgx.Rows) error {
		list, err := readPeople(rows, nil)
		for _, p := range list {
			who[p.ID] = p
		}
		return err
	})
	batch.Queue(selectStandingChoices, districts, people).Query(func(rows pgx.Rows) error { return readChoices(rows, all) })
	batch.Queue(selectStandingUnread, districts, people, notify.MaxUnread+1).Query(func(rows pgx.Rows) error { return readUnread(rows, all) })
	if err := c.tx.SendBatch(c.ctx, batch).Close(); err != nil {
		return nil, err
	}
	for b, s := range all {
		s.District, s.Person = their[b.district], who[b.person]
	}
	return all, nil
}

func readChoices(rows pgx.Rows, into map[mailbox]*standing) error {
	type choice struct {
		mailbox
		preferred
		mailed
		due *time.Time
	}
	list, err := scanAll(rows, nil, func(c *choice) []any {
		return append(append([]any{&c.district, &c.person, &c.due}, c.mailed.columns()...), c.preferred.columns()...)
	})
	for _, c := range list {
		into[c.mailbox] = &standing{Standing: notify.Standing{Address: c.address(), Preferences: c.preferences()}, due: c.due}
	}
	return err
}

func readUnread(rows pgx.Rows, into map[mailbox]*standing) error {
	type unread struct {
		mailbox
		notify.Unread
		at, since *time.Time
	}
	list, err := scanAll(rows, nil, func(u *unread) []any {
		return []any{&u.district, &u.person, &u.Conversation, &u.LastSeq, &u.ReadSeq, &u.Mailed.Seq, &u.Mailed.Step, &u.at, &u.Fresh, &u.FreshSeq, &u.since}
	})
	for _, u := range list {
		u.Mailed.At, u.FreshSince = orZero(u.at), orZero(u.since)
		s := into[u.mailbox]
		switch {
		case s == nil:
		case len(s.Unread) == notify.MaxUnread:
			s.More = true
		default:
			s.Unread = append(s.Unread, u.Unread)
		}
	}
	return err
}
