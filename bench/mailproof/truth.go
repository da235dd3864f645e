package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// truth is all that a run is judged by.
type truth struct {
	delay   time.Duration
	end     time.Time // of the time in which letters that are due must be mailed
	askable bool      // the provider

	letters map[uuid.UUID][]letter            // by conversation, ascending
	readers map[uuid.UUID]map[uuid.UUID]int64 // how far who has read, by conversation
	readAt  map[reading]time.Time             // when readers had the answer that it counts as read
	mails   map[uuid.UUID]mail
	accepts []accept                // in their order
	notices map[uuid.UUID]time.Time // when people are next due
}

type letterID struct {
	conversation uuid.UUID
	seq          int64
}

type letter struct {
	letterID
	sender uuid.UUID
	sentAt time.Time
}

// mail is one as the database has it.
type mail struct {
	id, person uuid.UUID
	address    string
	state      string
	madeAt     time.Time  // by the clock that mails go by, as notices
	nextAt     *time.Time // when it is tried; nil where it is finished
	parts      []part
	steps      []step
}

type part struct {
	conversation uuid.UUID
	after, upTo  int64
	step         int // the first of the conversation in a row, the second …
}

// accept is a mail that the provider took. Told is whether it said so.
type accept struct {
	mail uuid.UUID
	to   string
	at   time.Time
	told bool
}

// look reads what the database says.
func look(ctx context.Context, db *pgx.Conn, t *truth) error {
	for _, read := range []func(context.Context, *pgx.Conn) error{t.readLetters, t.readReaders, t.readMails, t.readSteps, t.readNotices} {
		if err := read(ctx, db); err != nil {
			return err
		}
	}
	return nil
}

func (t *truth) readLetters(ctx context.Context, db *pgx.Conn) error {
	t.letters = map[uuid.UUID][]letter{}
	var l letter
	return each(ctx, db, "SELECT conversation, seq, sender, sent_at FROM message ORDER BY conversation, seq",
		[]any{&l.conversation, &l.seq, &l.sender, &l.sentAt}, func() {
			t.letters[l.conversation] = append(t.letters[l.conversation], l)
		})
}

func (t *truth) readReaders(ctx context.Context, db *pgx.Conn) error {
	t.readers = map[uuid.UUID]map[uuid.UUID]int64{}
	var conversation, person uuid.UUID
	var readSeq int64
	return each(ctx, db, "SELECT conversation, person, read_seq FROM participant", []any{&conversation, &person, &readSeq}, func() {
		if t.readers[conversation] == nil {
			t.readers[conversation] = map[uuid.UUID]int64{}
		}
		t.readers[conversation][person] = readSeq
	})
}

func (t *truth) readMails(ctx context.Context, db *pgx.Conn) error {
	t.mails = map[uuid.UUID]mail{}
	var m mail
	err := each(ctx, db, "SELECT id, person, address, state, made_at, next_at FROM mail", []any{&m.id, &m.person, &m.address, &m.state, &m.madeAt, &m.nextAt}, func() {
		t.mails[m.id] = m
	})
	if err != nil {
		return err
	}
	var id uuid.UUID
	var p part
	return each(ctx, db, "SELECT mail, conversation, after_seq, up_to, step FROM mail_part ORDER BY mail, no",
		[]any{&id, &p.conversation, &p.after, &p.upTo, &p.step}, func() {
			m := t.mails[id]
			m.parts = append(m.parts, p)
			t.mails[id] = m
		})
}

func (t *truth) readSteps(ctx context.Context, db *pgx.Conn) error {
	var id uuid.UUID
	var s step
	return each(ctx, db, "SELECT mail, name, began, at FROM proof.step ORDER BY at", []any{&id, &s.name, &s.began, &s.at}, func() {
		m := t.mails[id]
		m.steps = append(m.steps, s)
		t.mails[id] = m
	})
}

func (t *truth) readNotices(ctx context.Context, db *pgx.Conn) error {
	t.notices = map[uuid.UUID]time.Time{}
	var person uuid.UUID
	var due time.Time
	return each(ctx, db, "SELECT person, due_at FROM notice", []any{&person, &due}, func() { t.notices[person] = due })
}

func each(ctx context.Context, db *pgx.Conn, query string, into []any, do func()) error {
	rows, err := db.Query(ctx, query)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, func() error { do(); return nil })
	return err
}
