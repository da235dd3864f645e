package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const (
	selectSealable = `
SELECT EXISTS (SELECT FROM participant WHERE district = c.district AND conversation = c.id AND person = $3),
       EXISTS (SELECT FROM tie WHERE district = c.district AND conversation = c.id AND person = $3
               AND part IN ('teacher', 'staff')),
       EXISTS (SELECT FROM person WHERE district = c.district AND id = $3 AND gone)
FROM conversation c WHERE c.district = $1 AND c.id = $2`
	selectSeal = `
SELECT at, by, cause, reason, staff_reason, guardian, student FROM seal WHERE district = $1 AND conversation = $2`
	insertSeal = `
INSERT INTO seal (district, conversation, at, by, cause, reason, staff_reason, guardian, student)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	selectEnd  = `SELECT last_seq, last_at, last_hash FROM conversation WHERE district = $1 AND id = $2`
	updateSeal = `UPDATE conversation SET seal_hash = $3 WHERE district = $1 AND id = $2`

	insertContinuations = `
INSERT INTO continuation (district, person, sealed_at, conversation)
SELECT district, person, $3, conversation FROM participant q
WHERE district = $1 AND conversation = $2
  AND EXISTS (SELECT FROM tie t WHERE t.district = q.district AND t.conversation = q.conversation
              AND t.person = q.person AND t.part IN ('teacher', 'staff'))`
	callRaise = `SELECT people, versions, totals, heres FROM raise_inboxes($1, $2, NULL, 0)`
)

// Seal implements hub.Store. A participant who is not in it as staff is refused
// with [hub.CodeNotAllowed].
func (s *Store) Seal(ctx context.Context, district, conversation uuid.UUID, seal hub.Seal, unseen func(roster.Facts) bool) (hub.SealReceipt, error) {
	seal.At = seal.At.UTC().Truncate(time.Microsecond)
	var receipt hub.SealReceipt
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, maybe bool) error {
		before, err := maySeal(ctx, tx, district, conversation, seal, unseen)
		switch {
		case err != nil:
			return err
		case before != nil && maybe && before.At.Compare(seal.At) >= 0 && *before == seal.NotBefore(before.At): // by an earlier attempt
			receipt = hub.SealReceipt{Seal: *before, Late: true}
			return nil
		case before != nil:
			return &hub.Error{Code: hub.CodeSealed}
		}
		if _, err := tx.Exec(ctx, lockInboxes, district, []uuid.UUID{conversation}); err != nil {
			return err
		}
		receipt.Seal, receipt.Audience, err = sealTx(ctx, tx, district, conversation, seal)
		return err
	})
	if err != nil {
		return hub.SealReceipt{}, fmt.Errorf("seal: %w", err)
	}
	return receipt, nil
}

// maySeal locks a conversation, and before it the roster, says who may not seal
// it, and the seal that it has already.
func maySeal(ctx context.Context, tx pgx.Tx, district, conversation uuid.UUID, seal hub.Seal, unseen func(roster.Facts) bool) (*hub.Seal, error) {
	if err := lockDistrict(ctx, tx, district, shared); err != nil {
		return nil, notFound(err)
	}
	if _, err := lockAll(ctx, tx, district, []uuid.UUID{conversation}); err != nil {
		return nil, err
	}
	var in, asStaff, gone bool
	err := tx.QueryRow(ctx, selectSealable, district, conversation, seal.By).Scan(&in, &asStaff, &gone)
	if err == nil && !asStaff && unseen != nil {
		var facts roster.Facts
		facts, err = factsTx(ctx, tx, district, []uuid.UUID{seal.By}, seal.At)
		asStaff = err == nil && unseen(facts)
	}
	switch {
	case err != nil:
		return nil, notFound(err)
	case !in && !asStaff:
		return nil, hub.ErrNotFound
	case gone:
		return nil, &hub.Error{Code: hub.CodeOut}
	case !asStaff:
		return nil, &hub.Error{Code: hub.CodeNotAllowed}
	}
	return readSeal(ctx, tx, district, conversation)
}

// sealTx keeps a seal of a conversation that has none, which is locked with its
// inboxes, not before its last message, and returns it as it is stored with
// those it concerns.
func sealTx(ctx context.Context, tx pgx.Tx, district, conversation uuid.UUID, seal hub.Seal) (hub.Seal, []hub.Told, error) {
	var last struct {
		seq  int64
		at   time.Time
		hash []byte
	}
	if err := tx.QueryRow(ctx, selectEnd, district, conversation).Scan(&last.seq, &last.at, &last.hash); err != nil {
		return seal, nil, err
	}
	seal.At = seal.At.UTC().Truncate(time.Microsecond)
	seal = seal.NotBefore(last.at.UTC())
	hash := hub.ChainSeal(district, conversation, last.seq, [32]byte(last.hash), seal)
	batch := &pgx.Batch{}
	batch.Queue(insertSeal, district, conversation, seal.At, orNull(seal.By), string(seal.Cause), kept(seal.Reason), kept(seal.StaffReason),
		orNull(seal.Guardian), orNull(seal.Student))
	batch.Queue(updateSeal, district, conversation, hash[:])
	if seal.Cause != hub.SealedByStaff {
		batch.Queue(insertContinuations, district, conversation, seal.At)
	}
	var told raised
	batch.Queue(callRaise, district, conversation).QueryRow(func(row pgx.Row) error {
		return row.Scan(&told.people, &told.versions, &told.totals, &told.heres)
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return seal, nil, err
	}
	return seal, told.audience(), nil
}

// readSeal is the seal of a conversation, nil where it has none.
func readSeal(ctx context.Context, q queryer, district, conversation uuid.UUID) (*hub.Seal, error) {
	return scanSeal(q.QueryRow(ctx, selectSeal, district, conversation))
}

func scanSeal(row pgx.Row) (*hub.Seal, error) {
	var seal hub.Seal
	err := row.Scan(&seal.At, &seal.By, &seal.Cause, text(&seal.Reason), text(&seal.StaffReason), &seal.Guardian, &seal.Student)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &seal, err
}
