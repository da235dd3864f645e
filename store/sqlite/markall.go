package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const (
	selectUnreadMarks = `
SELECT q.conversation, q.read, q.read_seq, q.own, c.last_seq, c.last_at
FROM participant q INDEXED BY participant_inbox
CROSS JOIN conversation c ON c.district = q.district AND c.id = q.conversation
WHERE q.district = ?1 AND q.person = ?2 AND c.last_seq - q.own - q.read > 0`
	selectSentUntil = `
SELECT coalesce(max(seq), 0) FROM (
  SELECT seq FROM message
  WHERE district = ?1 AND conversation = ?2 AND seq > ?3 AND sent_at <= ?4 ORDER BY seq DESC LIMIT 1)`
)

// MarkAllRead implements hub.Store.
func (s *Store) MarkAllRead(ctx context.Context, district, person uuid.UUID, m hub.MarkAll) (hub.MarkedAll, error) {
	var marked hub.MarkedAll
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		marked, err = s.markAll(ctx, tx, inboxOf{district, person}, m)
		return err
	})
	if err != nil {
		return hub.MarkedAll{}, fmt.Errorf("mark all as read: %w", err)
	}
	return marked, nil
}

// unreadMark is the read position in a conversation with something unread.
type unreadMark struct {
	conversation                 uuid.UUID
	read, readSeq, own, last, at int64
	upTo, newly                  int64
}

func (s *Store) markAll(ctx context.Context, tx *sql.Tx, of inboxOf, m hub.MarkAll) (hub.MarkedAll, error) {
	marked := hub.MarkedAll{Head: hub.Head{Person: of.person}}
	rows, err := s.writes.query(ctx, tx, selectUnreadMarks, key(of.district), key(of.person))
	all, err := scanAll(rows, err, func(u *unreadMark) []any {
		return []any{&u.conversation, &u.read, &u.readSeq, &u.own, &u.last, &u.at}
	})
	if err != nil {
		return marked, err
	}
	shown := map[uuid.UUID]int64{}
	for _, one := range m.Shown {
		shown[one.Conversation] = one.Seq
	}
	run, done, newly := batch{ctx: ctx, tx: tx, statements: s.writes}, 0, int64(0)
	for _, u := range all {
		if err := s.measure(ctx, tx, of, &u, shown, micros(m.Before)); err != nil {
			return marked, err
		}
		if u.upTo <= u.readSeq {
			continue
		}
		if done++; done > hub.MarkAllBatch {
			marked.More = true
			break
		}
		run.exec(updateMark, key(of.district), key(u.conversation), key(of.person), u.read+u.newly, u.upTo)
		newly, marked.Moved = newly+u.newly, true
	}
	if marked.Moved {
		run.exec(updateRead, key(of.district), key(of.person), newly)
	}
	if run.err != nil {
		return marked, run.err
	}
	err = s.writes.queryRow(ctx, tx, selectHead, key(of.district), key(of.person)).Scan(&marked.Version, &marked.Unread)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return marked, err
}

// measure finds up to where a conversation is to be marked, and how many
// messages of others that reads.
func (s *Store) measure(ctx context.Context, tx *sql.Tx, of inboxOf, u *unreadMark, shown map[uuid.UUID]int64, before int64) error {
	d, c := key(of.district), key(u.conversation)
	seq, listed := shown[u.conversation]
	switch {
	case listed:
		u.upTo = min(seq, u.last)
	case u.at <= before:
		u.upTo = u.last
	default:
		if err := s.writes.queryRow(ctx, tx, selectSentUntil, d, c, u.readSeq, before).Scan(&u.upTo); err != nil {
			return err
		}
	}
	if u.upTo == u.last || u.upTo <= u.readSeq {
		u.newly = u.last - u.own - u.read
		return nil
	}
	return s.writes.queryRow(ctx, tx, countOthers, d, c, key(of.person), u.readSeq, u.upTo).Scan(&u.newly)
}
