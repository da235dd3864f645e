package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/verify"
)

// Finding is something in the file that the program has not done, or has done
// wrongly.
type Finding = verify.Finding

// Summary is what a verification has looked at.
type Summary = verify.Summary

// Verify walks the hash chain of every conversation of a district, or of all
// where it is uuid.Nil, and counts again what everybody has not read. It tells
// report of each message that was changed, removed, inserted or cut off, of each
// conversation that no longer is what it began with (predecessor, participants,
// ties) or whose seal was changed, broken or forged, of each count that is wrong,
// and of each safeguard that the file lacks, always in the same order. Sends go
// on meanwhile: it looks at one state of the file.
//
// Who has the file and this program's source can compute a whole chain anew, cut
// the end off or break a seal and make the conversation's own row say the same,
// or take a whole conversation out: against them only a copy kept elsewhere helps.
func (s *Store) Verify(ctx context.Context, district uuid.UUID, report func(Finding)) (Summary, error) {
	return verifyFile(ctx, s.reader, district, report)
}

func verifyFile(ctx context.Context, pool *sql.DB, district uuid.UUID, report func(Finding)) (Summary, error) {
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Summary{}, fmt.Errorf("verify: %w", readFailure(ctx, err))
	}
	defer tx.Rollback()
	v := &verification{Walk: verify.New(report), ctx: ctx, tx: tx}
	for _, step := range []func() error{
		v.structure, v.safeguards, v.orphans,
		func() error { return v.Walk.Districts(v, district) },
	} {
		if err := step(); err != nil {
			return v.Summary, fmt.Errorf("verify: %w", readFailure(ctx, err))
		}
	}
	return v.Summary, nil
}

// verification is the one state of the file that is looked at, and implements
// verify.Source.
type verification struct {
	*verify.Walk
	ctx context.Context
	tx  *sql.Tx
}

// Districts implements verify.Source.
func (v *verification) Districts(one uuid.UUID) ([]uuid.UUID, error) {
	return v.ids(`SELECT id FROM district WHERE ?1 IS NULL OR id = ?1 ORDER BY id`, orNull(one))
}

func (v *verification) ids(query string, args ...any) ([]uuid.UUID, error) {
	rows, err := v.tx.QueryContext(v.ctx, query, args...)
	return scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
}
