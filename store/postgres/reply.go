package postgres

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
)

// Hold implements replymail.Keep. The lock on the person keeps two nodes from
// each holding the last that may wait.
func (s *Store) Hold(ctx context.Context, h replymail.HeldReply, limit int) (told bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		told = false
		if _, err := tx.Exec(ctx, `SELECT FROM person WHERE district = $1 AND id = $2 FOR NO KEY UPDATE`, h.District, h.Person); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT told FROM held_reply WHERE district = $1 AND key = $2`, h.District, h.Key).Scan(&told)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		done, err := tx.Exec(ctx, `INSERT INTO held_reply (district, key, hash, person, conversation, sender, body, expires_at)
			SELECT $1::uuid, $2::uuid, $3::bytea, $4::uuid, $5::uuid, $6::text, $7::text, $8::timestamptz
			WHERE (SELECT count(*) FROM held_reply WHERE district = $1 AND person = $4 AND NOT confirmed) < $9`,
			h.District, h.Key, h.Hash[:], h.Person, h.Conversation, kept(h.From), kept(h.Text), h.ExpiresAt, limit)
		if err == nil && done.RowsAffected() == 0 {
			return replymail.ErrTooMany
		}
		return err
	})
	return told, wrap("hold a reply", err)
}

// Told implements replymail.Keep.
func (s *Store) Told(ctx context.Context, district, key uuid.UUID) error {
	return wrap("held reply", s.changeReply(ctx, `UPDATE held_reply SET told = true WHERE district = $1 AND key = $2`, district, key))
}

// Confirmed implements replymail.Keep.
func (s *Store) Confirmed(ctx context.Context, district, key uuid.UUID) error {
	return wrap("held reply", s.changeReply(ctx, `UPDATE held_reply SET confirmed = true, body = '' WHERE district = $1 AND key = $2`, district, key))
}

func (s *Store) changeReply(ctx context.Context, statement string, district, key uuid.UUID) error {
	return s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, statement, district, key)
		return err
	})
}

// HeldReply implements replymail.Keep.
func (s *Store) HeldReply(ctx context.Context, hash [32]byte, now time.Time) (replymail.HeldReply, error) {
	h := replymail.HeldReply{Hash: hash}
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error {
		return q.QueryRow(ctx, `SELECT h.district, h.key, h.person, h.conversation, h.sender, h.body, h.expires_at, h.confirmed
			FROM held_reply h JOIN person p ON p.district = h.district AND p.id = h.person AND NOT p.gone
			WHERE h.hash = $1 AND h.expires_at > $2`, hash[:], now).
			Scan(&h.District, &h.Key, &h.Person, &h.Conversation, text(&h.From), text(&h.Text), &h.ExpiresAt, &h.Confirmed)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return replymail.HeldReply{}, replymail.ErrNoReply
	}
	h.ExpiresAt = h.ExpiresAt.UTC()
	return h, wrap("held reply", err)
}

// Answering implements replymail.Keep. The lock keeps two nodes from each
// sending the last answer of the day.
func (s *Store) Answering(ctx context.Context, a replymail.Answering, limit int, since time.Time) (fresh bool, err error) {
	address := kept(roster.ComparableAddress(a.Address))
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('reply_answer ' || $1, 0))`, address); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `INSERT INTO reply_answer (district, key, address, at) SELECT $1::uuid, $2::uuid, $3::text, $4::timestamptz
			WHERE (SELECT count(*) FROM reply_answer WHERE district = $1 AND address = $3 AND at > $5) < $6
			ON CONFLICT DO NOTHING`, a.District, a.Key, address, a.At, since, limit)
		fresh = err == nil && done.RowsAffected() > 0
		return err
	})
	return fresh, wrap("answer a reply", err)
}

// Receive implements replymail.Keep.
func (s *Store) Receive(ctx context.Context, token string, digest [32]byte, now time.Time) (same bool, err error) {
	err = s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO reply_token (token, digest, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, kept(token), digest[:], now)
		if err != nil {
			return err
		}
		var first []byte
		err = tx.QueryRow(ctx, `SELECT digest FROM reply_token WHERE token = $1`, kept(token)).Scan(&first)
		same = bytes.Equal(first, digest[:])
		return err
	})
	return same, wrap("receive a reply", err)
}

// SweepReplies implements replymail.Keep.
func (s *Store) SweepReplies(ctx context.Context, now, before time.Time) error {
	err := s.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(`DELETE FROM held_reply WHERE expires_at <= $1`, now)
		b.Queue(`DELETE FROM reply_answer WHERE at < $1`, before)
		b.Queue(`DELETE FROM reply_token WHERE at < $1`, before)
		return tx.SendBatch(ctx, b).Close()
	})
	return wrap("sweep replies", err)
}
