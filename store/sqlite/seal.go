package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const (
	selectSealable = `
SELECT EXISTS (SELECT 1 FROM seal WHERE district = c.district AND conversation = c.id),
       EXISTS (SELECT 1 FROM participant WHERE district = c.district AND conversation = c.id AND person = ?3),
       EXISTS (SELECT 1 FROM tie WHERE district = c.district AND conversation = c.id AND person = ?3
               AND part IN ('teacher', 'staff')),
       EXISTS (SELECT 1 FROM person WHERE district = c.district AND id = ?3 AND gone)
FROM conversation c WHERE c.district = ?1 AND c.id = ?2`
	insertSeal = `
INSERT INTO seal (district, conversation, at, by, cause, reason, staff_reason, guardian, student)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	selectEnd  = `SELECT last_seq, last_at, last_hash FROM conversation WHERE district = ?1 AND id = ?2`
	updateSeal = `UPDATE conversation SET seal_hash = ?3 WHERE district = ?1 AND id = ?2`

	insertContinuations = `
INSERT INTO continuation (district, person, sealed_at, conversation)
SELECT district, person, ?3, conversation FROM participant q
WHERE district = ?1 AND conversation = ?2
  AND EXISTS (SELECT 1 FROM tie t WHERE t.district = q.district AND t.conversation = q.conversation
              AND t.person = q.person AND t.part IN ('teacher', 'staff'))`
)

// Seal implements hub.Store. A participant who is not in it as staff is refused
// with [hub.CodeNotAllowed].
func (s *Store) Seal(ctx context.Context, district, conversation uuid.UUID, seal hub.Seal, unseen func(roster.Facts) bool) (hub.SealReceipt, error) {
	seal.At = instant(micros(seal.At))
	var receipt hub.SealReceipt
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := s.maySeal(ctx, tx, district, conversation, seal, unseen); err != nil {
			return err
		}
		var err error
		receipt.Seal, receipt.Audience, err = sealTx(ctx, tx, s.writes, district, conversation, seal)
		return err
	})
	if err != nil {
		return hub.SealReceipt{}, fmt.Errorf("seal: %w", err)
	}
	return receipt, nil
}

func (s *Store) maySeal(ctx context.Context, tx *sql.Tx, district, conversation uuid.UUID, seal hub.Seal, unseen func(roster.Facts) bool) error {
	var sealed, in, asStaff, gone bool
	err := s.writes.queryRow(ctx, tx, selectSealable, key(district), key(conversation), key(seal.By)).
		Scan(&sealed, &in, &asStaff, &gone)
	if errors.Is(err, sql.ErrNoRows) {
		return hub.ErrNotFound
	}
	if err == nil && !asStaff && unseen != nil {
		var facts roster.Facts
		facts, err = factsTx(ctx, tx, district, []uuid.UUID{seal.By}, seal.At)
		asStaff = err == nil && unseen(facts)
	}
	switch {
	case err != nil:
		return err
	case !in && !asStaff:
		return hub.ErrNotFound
	case gone:
		return &hub.Error{Code: hub.CodeOut}
	case !asStaff:
		return &hub.Error{Code: hub.CodeNotAllowed}
	case sealed:
		return &hub.Error{Code: hub.CodeSealed}
	}
	return nil
}

// sealTx keeps a seal of a conversation that has none, not before its last
// message, and returns it as it is stored with those it concerns.
func sealTx(ctx context.Context, tx *sql.Tx, prepared statements, district, conversation uuid.UUID, seal hub.Seal) (hub.Seal, []hub.Told, error) {
	d, c := key(district), key(conversation)
	var last struct {
		seq, at int64
		hash    []byte
	}
	if err := prepared.queryRow(ctx, tx, selectEnd, d, c).Scan(&last.seq, &last.at, &last.hash); err != nil {
		return seal, nil, err
	}
	seal.At = instant(micros(seal.At))
	seal = seal.NotBefore(instant(last.at))
	at := micros(seal.At)
	hash := hub.ChainSeal(district, conversation, last.seq, [32]byte(last.hash), seal)
	run := batch{ctx: ctx, tx: tx, statements: prepared}
	run.exec(insertSeal, d, c, at, orNull(seal.By), string(seal.Cause), seal.Reason, seal.StaffReason,
		orNull(seal.Guardian), orNull(seal.Student))
	run.exec(updateSeal, d, c, hash[:])
	if seal.Cause != hub.SealedByStaff {
		run.exec(insertContinuations, d, c, at)
	}
	run.exec(bumpInboxes, d, c, nil, 0)
	if run.err != nil {
		return seal, nil, run.err
	}
	told, err := audience(ctx, tx, prepared, district, conversation)
	return seal, told, err
}
