package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// truth is what the database says.
type truth struct {
	heads        map[uuid.UUID]head        // inboxes, by person
	last         map[uuid.UUID]int64       // number of the last message, by conversation
	participants map[uuid.UUID][]uuid.UUID // by conversation
	members      map[membership]reading
}

type head struct{ version, unread int64 }

type membership struct{ conversation, person uuid.UUID }

// reading is what is read, and what is unread as counted from the messages.
type reading struct{ readSeq, unread int64 }

// letter is a stored message.
type letter struct {
	conversation uuid.UUID
	seq          int64
	sender       uuid.UUID
	key          uuid.UUID
	body         string
	sentAt       time.Time
}

// glance is the part of the truth that changes while people look.
func glance(ctx context.Context, db *pgx.Conn) (truth, error) {
	t := truth{heads: map[uuid.UUID]head{}, last: map[uuid.UUID]int64{}}
	rows, err := db.Query(ctx, "SELECT person, version, unread_total FROM inbox")
	if err != nil {
		return t, err
	}
	var id uuid.UUID
	var h head
	if _, err := pgx.ForEachRow(rows, []any{&id, &h.version, &h.unread}, func() error { t.heads[id] = h; return nil }); err != nil {
		return t, err
	}
	rows, err = db.Query(ctx, "SELECT id, last_seq FROM conversation")
	if err != nil {
		return t, err
	}
	var last int64
	_, err = pgx.ForEachRow(rows, []any{&id, &last}, func() error { t.last[id] = last; return nil })
	return t, err
}

// unreadOf counts anew what a participant has not read: others' messages beyond
// the mark.
const unreadOf = `SELECT p.conversation, p.person, p.read_seq,
	(SELECT count(*) FROM message m WHERE m.district = p.district AND m.conversation = p.conversation
	 AND m.seq > p.read_seq AND m.sender <> p.person)
	FROM participant p`

// look is the whole truth.
func look(ctx context.Context, db *pgx.Conn) (truth, error) {
	t, err := glance(ctx, db)
	if err != nil {
		return t, err
	}
	t.participants, t.members = map[uuid.UUID][]uuid.UUID{}, map[membership]reading{}
	rows, err := db.Query(ctx, unreadOf)
	if err != nil {
		return t, err
	}
	var m membership
	var r reading
	_, err = pgx.ForEachRow(rows, []any{&m.conversation, &m.person, &r.readSeq, &r.unread}, func() error {
		t.participants[m.conversation] = append(t.participants[m.conversation], m.person)
		t.members[m] = r
		return nil
	})
	return t, err
}

// lettersAfter are the stored messages beyond a number of each conversation, all
// of one that is not named.
func lettersAfter(ctx context.Context, db *pgx.Conn, checked map[uuid.UUID]int64) ([]letter, error) {
	ids := make([]uuid.UUID, 0, len(checked))
	seqs := make([]int64, 0, len(checked))
	for id, seq := range checked {
		ids, seqs = append(ids, id), append(seqs, seq)
	}
	rows, err := db.Query(ctx, `SELECT m.conversation, m.seq, m.sender, m.key, m.body, m.sent_at
		FROM message m LEFT JOIN unnest($1::uuid[], $2::bigint[]) AS checked (id, seq) ON checked.id = m.conversation
		WHERE m.seq > coalesce(checked.seq, 0) ORDER BY m.conversation, m.seq`, ids, seqs)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (letter, error) {
		var l letter
		err := row.Scan(&l.conversation, &l.seq, &l.sender, &l.key, &l.body, &l.sentAt)
		return l, err
	})
}
