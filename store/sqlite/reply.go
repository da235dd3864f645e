package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
)

// Hold implements replymail.Keep.
func (s *Store) Hold(ctx context.Context, h replymail.HeldReply, limit int) (told bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT told FROM held_reply WHERE district = ? AND key = ?`, key(h.District), key(h.Key)).Scan(&told)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		r, err := tx.ExecContext(ctx, `INSERT INTO held_reply (district, key, hash, person, conversation, sender, body, expires_at)
			SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
			WHERE (SELECT count(*) FROM held_reply WHERE district = ?1 AND person = ?4 AND confirmed = 0) < ?9`,
			key(h.District), key(h.Key), h.Hash[:], key(h.Person), key(h.Conversation), h.From, h.Text, micros(h.ExpiresAt), limit)
		if err != nil {
			return err
		}
		return expectRow(r, replymail.ErrTooMany)
	})
	return told, wrap("hold a reply", err)
}

// Told implements replymail.Keep.
func (s *Store) Told(ctx context.Context, district, reply uuid.UUID) error {
	return wrap("held reply", s.changeReply(ctx, `UPDATE held_reply SET told = 1 WHERE district = ? AND key = ?`, district, reply))
}

// Confirmed implements replymail.Keep.
func (s *Store) Confirmed(ctx context.Context, district, reply uuid.UUID) error {
	return wrap("held reply", s.changeReply(ctx, `UPDATE held_reply SET confirmed = 1, body = '' WHERE district = ? AND key = ?`, district, reply))
}

func (s *Store) changeReply(ctx context.Context, statement string, district, reply uuid.UUID) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, key(district), key(reply))
		return err
	})
}

// HeldReply implements replymail.Keep.
func (s *Store) HeldReply(ctx context.Context, hash [32]byte, now time.Time) (replymail.HeldReply, error) {
	h := replymail.HeldReply{Hash: hash}
	var expires int64
	err := s.reader.QueryRowContext(ctx, `SELECT h.district, h.key, h.person, h.conversation, h.sender, h.body, h.expires_at, h.confirmed
		FROM held_reply h JOIN person p ON p.district = h.district AND p.id = h.person AND p.gone = 0
		WHERE h.hash = ? AND h.expires_at > ?`, hash[:], micros(now)).
		Scan(&h.District, &h.Key, &h.Person, &h.Conversation, &h.From, &h.Text, &expires, &h.Confirmed)
	if errors.Is(err, sql.ErrNoRows) {
		return replymail.HeldReply{}, replymail.ErrNoReply
	}
	h.ExpiresAt = instant(expires)
	return h, wrap("held reply", readFailure(ctx, err))
}

// Answering implements replymail.Keep.
func (s *Store) Answering(ctx context.Context, a replymail.Answering, limit int, since time.Time) (fresh bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO reply_answer (district, key, address, at) SELECT ?1, ?2, ?3, ?4
			WHERE (SELECT count(*) FROM reply_answer WHERE district = ?1 AND address = ?3 AND at > ?5) < ?6
			ON CONFLICT DO NOTHING`,
			key(a.District), key(a.Key), roster.ComparableAddress(a.Address), micros(a.At), micros(since), limit)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		fresh = n > 0
		return err
	})
	return fresh, wrap("answer a reply", err)
}

// Receive implements replymail.Keep.
func (s *Store) Receive(ctx context.Context, token string, digest [32]byte, now time.Time) (same bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO reply_token (token, digest, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, token, digest[:], micros(now))
		if err != nil {
			return err
		}
		var first []byte
		err = tx.QueryRowContext(ctx, `SELECT digest FROM reply_token WHERE token = ?`, token).Scan(&first)
		same = bytes.Equal(first, digest[:])
		return err
	})
	return same, wrap("receive a reply", err)
}

// SweepReplies implements replymail.Keep.
func (s *Store) SweepReplies(ctx context.Context, now, before time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		run := batch{ctx: ctx, tx: tx}
		run.exec(`DELETE FROM held_reply WHERE expires_at <= ?`, micros(now))
		run.exec(`DELETE FROM reply_answer WHERE at < ?`, micros(before))
		run.exec(`DELETE FROM reply_token WHERE at < ?`, micros(before))
		return run.err
	})
	return wrap("sweep replies", err)
}
