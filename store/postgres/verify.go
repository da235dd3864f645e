package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/store/verify"
)

// Finding is something in the database that the program has not done, or has
// done wrongly.
type Finding = verify.Finding

// Summary is what a verification has looked at.
type Summary = verify.Summary

// Verify walks the hash chain of every conversation of a district, or of all
// where it is uuid.Nil, and counts again what everybody has not read. It tells
// report of each message that was changed, removed, inserted or cut off, of each
// conversation that no longer is what it began with (predecessor, participants,
// ties) or whose seal was changed, broken or forged, of each count that is
// wrong, and of each safeguard that the database lacks: triggers, functions,
// keys, and privileges that the program's role should not have; always in the
// same order. Sends go on meanwhile: it looks at one state.
//
// Who owns the tables and has this program's source can compute a whole chain
// anew, cut the end off or break a seal and make the conversation's own row say
// the same, or take a whole conversation out: against them only a copy kept
// elsewhere helps.
func (s *Store) Verify(ctx context.Context, district uuid.UUID, report func(Finding)) (Summary, error) {
	conn, err := acquire(ctx, s.pool)
	if err != nil {
		return Summary{}, fmt.Errorf("verify: %w", failure(err))
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Summary{}, fmt.Errorf("verify: %w", failure(err))
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	v := &verification{Walk: verify.New(report), ctx: ctx, tx: tx}
	for _, step := range []func() error{
		v.takeTime, v.safeguards, v.privileges, v.orphans,
		func() error { return v.Walk.Districts(v, district) },
	} {
		if err := step(); err != nil {
			return v.Summary, fmt.Errorf("verify: %w", failure(err))
		}
	}
	return v.Summary, nil
}

// verification is the one state of the database that is looked at, and
// implements verify.Source.
type verification struct {
	*verify.Walk
	ctx context.Context
	tx  pgx.Tx
}

// takeTime: a whole table is walked.
func (v *verification) takeTime() error {
	_, err := v.tx.Exec(v.ctx, `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`)
	return err
}
