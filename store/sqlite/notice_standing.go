package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

const (
	selectChoices = `
SELECT ` + addressColumns + `, ` + preferenceColumns + ` FROM person p ` + addressJoins + `
LEFT JOIN preference f ON f.district = p.district AND f.person = p.id
WHERE p.district = ?1 AND p.id = ?2`
	// selectUnread walks an inbox, the latest hour first.
	selectUnread = `
SELECT q.conversation, c.last_seq, c.last_at, c.last_seq - q.own - q.read, q.read_seq, q.mailed_seq, q.mailed_step, q.mailed_at
FROM participant q JOIN conversation c ON c.district = q.district AND c.id = q.conversation
WHERE q.district = ?1 AND q.person = ?2
ORDER BY q.bucket DESC`
	selectFresh = `
SELECT count(*), coalesce(max(seq), 0), min(sent_at) FROM message
WHERE district = ?1 AND conversation = ?2 AND seq > ?4 AND sender <> ?3`
)

// standings reads how people stand, within a transaction.
type standings struct {
	ctx       context.Context
	tx        *sql.Tx
	prepared  statements
	districts map[uuid.UUID]roster.District
}

func newStandings(ctx context.Context, tx *sql.Tx, prepared statements) *standings {
	return &standings{ctx: ctx, tx: tx, prepared: prepared, districts: map[uuid.UUID]roster.District{}}
}

func (s *standings) district(id uuid.UUID) (d roster.District, err error) {
	d, known := s.districts[id]
	if !known {
		d, err = districtTx(s.ctx, s.tx, id)
		s.districts[id] = d
	}
	return d, err
}

func (s *standings) standing(district, person uuid.UUID) (is notify.Standing, err error) {
	if is.District, err = s.district(district); err != nil {
		return is, err
	}
	people, err := peopleTx(s.ctx, s.tx, district, []uuid.UUID{person})
	if is.Person, err = only(people, err); err != nil {
		return is, err
	}
	var at mailed
	var p preferred
	row := s.prepared.queryRow(s.ctx, s.tx, selectChoices, key(district), key(person))
	if err := row.Scan(append(at.columns(), p.columns()...)...); err != nil {
		return is, err
	}
	is.Address, is.Preferences = at.address(), p.preferences()
	all, err := s.unread(district, person)
	if is.More = len(all) > notify.MaxUnread; is.More {
		all = all[:notify.MaxUnread]
	}
	for _, u := range all {
		is.Unread = append(is.Unread, u.Unread)
	}
	return is, err
}

// unreadAt is one with the time of its last message.
type unreadAt struct {
	notify.Unread
	lastAt, unread    int64
	mailedAt, freshAt sql.NullInt64
}

// unread are those with something fresh first, then the latest.
func (s *standings) unread(district, person uuid.UUID) ([]unreadAt, error) {
	all, err := s.walk(district, person)
	if err != nil {
		return nil, err
	}
	for i := range all {
		u := &all[i]
		u.Mailed.At = orZero(u.mailedAt)
		seen := max(u.ReadSeq, u.Mailed.Seq)
		if seen == u.LastSeq {
			continue
		}
		row := s.prepared.queryRow(s.ctx, s.tx, selectFresh, key(district), key(u.Conversation), key(person), seen)
		if err := row.Scan(&u.Fresh, &u.FreshSeq, &u.freshAt); err != nil {
			return nil, err
		}
		u.FreshSince = orZero(u.freshAt)
	}
	slices.SortFunc(all, func(a, b unreadAt) int {
		return cmp.Or(cmp.Compare(min(b.Fresh, 1), min(a.Fresh, 1)), cmp.Compare(b.lastAt, a.lastAt),
			slices.Compare(b.Conversation[:], a.Conversation[:]))
	})
	return all, nil
}

// walk goes along somebody's conversations until those that they have not read
// add up to what their inbox says.
func (s *standings) walk(district, person uuid.UUID) (all []unreadAt, err error) {
	var version, remaining int64
	err = s.prepared.queryRow(s.ctx, s.tx, selectHead, key(district), key(person)).Scan(&version, &remaining)
	if errors.Is(err, sql.ErrNoRows) || err == nil && remaining == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := s.prepared.query(s.ctx, s.tx, selectUnread, key(district), key(person))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for remaining > 0 && rows.Next() {
		var u unreadAt
		err := rows.Scan(&u.Conversation, &u.LastSeq, &u.lastAt, &u.unread, &u.ReadSeq, &u.Mailed.Seq, &u.Mailed.Step, &u.mailedAt)
		if err != nil {
			return nil, err
		}
		if u.unread > 0 {
			all, remaining = append(all, u), remaining-u.unread
		}
	}
	return all, rows.Err()
}

// addressColumns and addressJoins are where a person p is mailed to.
const (
	addressColumns = `coalesce(x.email, p.email), coalesce(a.state, ''), CASE WHEN a.state <> '' THEN a.since END`
	addressJoins   = `LEFT JOIN chosen_address x ON x.district = p.district AND x.person = p.id
LEFT JOIN address a ON a.district = p.district AND a.address = p.address AND p.address <> ''`
	selectAddresses = `SELECT p.id, ` + addressColumns + ` FROM json_each(?2) e
CROSS JOIN person p ON p.district = ?1 AND p.id = unhex(e.value) ` + addressJoins
)

// mailed is a row of addressColumns.
type mailed struct {
	at    notify.Address
	since sql.NullInt64
}

func (m *mailed) columns() []any { return []any{&m.at.Email, &m.at.State, &m.since} }

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
	rows, err := s.reads[selectAddresses].QueryContext(ctx, key(district), idSet(people))
	list, err := scanAll(rows, err, func(f *found) []any { return append([]any{&f.person}, f.columns()...) })
	all := make([]notify.PersonAddress, len(list))
	for i, f := range list {
		all[i] = notify.PersonAddress{Person: f.person, Address: f.address()}
	}
	return all, wrap("addresses", readFailure(ctx, err))
}

// MarkAddress implements notify.Store.
func (s *Store) MarkAddress(ctx context.Context, district uuid.UUID, email string, state notify.AddressState, now time.Time) error {
	address := roster.ComparableAddress(email)
	if address == "" {
		return nil
	}
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, markAddress, key(district), address, string(state), micros(now))
		return err
	})
	return wrap("mark address", err)
}
