package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// truth is what the database has in the end.
type truth struct {
	heads        map[uuid.UUID]head // inboxes, by person
	last         map[uuid.UUID]int64
	participants map[uuid.UUID][]uuid.UUID // by conversation
	letters      []letter                  // of the morning
}

type head struct{ version, unread int64 }

type letter struct {
	conversation uuid.UUID
	seq          int64
	sender       uuid.UUID
	key          uuid.UUID
	body         string
}

// look reads the truth, with the letters since a time.
func look(ctx context.Context, db *pgx.Conn, since time.Time) (truth, error) {
	t := truth{heads: map[uuid.UUID]head{}, last: map[uuid.UUID]int64{}, participants: map[uuid.UUID][]uuid.UUID{}}
	var id, person uuid.UUID
	var h head
	err := each(ctx, db, "SELECT person, version, unread_total FROM inbox", []any{&id, &h.version, &h.unread}, func() { t.heads[id] = h })
	if err != nil {
		return t, err
	}
	var last int64
	err = each(ctx, db, "SELECT id, last_seq FROM conversation", []any{&id, &last}, func() { t.last[id] = last })
	if err != nil {
		return t, err
	}
	err = each(ctx, db, "SELECT conversation, person FROM participant", []any{&id, &person}, func() {
		t.participants[id] = append(t.participants[id], person)
	})
	if err != nil {
		return t, err
	}
	rows, err := db.Query(ctx, "SELECT conversation, seq, sender, key, body FROM message WHERE sent_at >= $1 ORDER BY conversation, seq", since)
	if err != nil {
		return t, err
	}
	t.letters, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l letter, err error) {
		return l, row.Scan(&l.conversation, &l.seq, &l.sender, &l.key, &l.body)
	})
	return t, err
}

func each(ctx context.Context, db *pgx.Conn, sql string, into []any, do func()) error {
	rows, err := db.Query(ctx, sql)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, func() error { do(); return nil })
	return err
}
