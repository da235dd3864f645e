package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// importTime is how long a roster may take to be written.
const importTime = 10 * time.Minute

// Apply implements roster.Store. It is given up when ctx ends before it commits.
func (s *Store) Apply(ctx context.Context, district uuid.UUID, c roster.Changes, now time.Time) (effects roster.Effects, err error) {
	err = s.writeWithin(ctx, importTime, func(own context.Context, tx pgx.Tx) error {
		own, stop := context.WithCancel(own)
		defer stop()
		defer context.AfterFunc(ctx, stop)()
		effects, err = applyTx(own, tx, district, c, now)
		return err
	})
	if ctx.Err() != nil && err != nil {
		err = ctx.Err()
	}
	if err != nil {
		return roster.Effects{}, fmt.Errorf("apply roster: %w", err)
	}
	if rowsOf(c) >= manyRows {
		s.lookAtRoster(ctx)
	}
	return effects, nil
}

// manyRows is from how many changes on the server is asked to look at the
// tables anew, before it plans the next search.
const manyRows = 5000

func rowsOf(c roster.Changes) int {
	return len(c.PutSections) + len(c.PutPeople) + len(c.PutEnrolments) + len(c.RemoveEnrolments) + len(c.PutGuardianships)
}

// lookAtRoster comes after the commit, when nobody waits for the district. The
// server will look by itself where this fails.
func (s *Store) lookAtRoster(ctx context.Context) {
	err := s.writeWithin(ctx, importTime, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT look_at_roster()`)
		return err
	})
	if err != nil {
		s.log.Warn("database: the statistics of an import were left to the server", "error", err)
	}
}

// applyTx brings the changes to the server first, and takes the district only
// then: nobody waits for what has still to arrive.
func applyTx(ctx context.Context, tx pgx.Tx, district uuid.UUID, c roster.Changes, now time.Time) (effects roster.Effects, err error) {
	d, err := districtTx(ctx, tx, district)
	if err != nil {
		return effects, err
	}
	if d.RosterVersion != c.Base {
		return effects, roster.ErrStale
	}
	if err := stage(ctx, tx, c); err != nil {
		return effects, fmt.Errorf("sending the changes: %w", err)
	}
	before, err := changeDistrict(ctx, tx, district)
	if err != nil {
		return effects, err
	}
	if before != c.Base {
		return effects, roster.ErrStale
	}
	if err := rename(ctx, tx, district, c.Renames); err != nil {
		return effects, err
	}
	if effects.Out, err = idsOf(tx.Query(ctx, selectOut, pgx.QueryExecModeCacheDescribe, district)); err != nil {
		return effects, fmt.Errorf("who is out: %w", err)
	}
	if err := inOrder(ctx, tx, district, merges(c)...); err != nil {
		return effects, err
	}
	if err := putColumns(ctx, tx, district, c); err != nil {
		return effects, err
	}
	if err := keepAddresses(ctx, tx, district, c); err != nil {
		return effects, err
	}
	if err := relistTouched(ctx, tx, district); err != nil {
		return effects, err
	}
	if err := endAccess(ctx, tx, district, effects.Out); err != nil {
		return effects, err
	}
	effects.Sealed, err = sealEnded(ctx, tx, district, now)
	return effects, err
}

// selectEnded are the ties that ended, but for those that are there again in
// another relation.
const selectEnded = `SELECT e.guardian, e.student FROM pg_temp.ended e WHERE NOT EXISTS (
		SELECT FROM guardianship g WHERE g.district = $1 AND g.student = e.student AND g.guardian = e.guardian)
	ORDER BY e.guardian, e.student`

func sealEnded(ctx context.Context, tx pgx.Tx, district uuid.UUID, now time.Time) ([]roster.Sealed, error) {
	rows, err := tx.Query(ctx, selectEnded, pgx.QueryExecModeCacheDescribe, district)
	seals, err := scanAll(rows, err, func(seal *hub.Seal) []any {
		seal.At, seal.Cause = now, hub.SealedByRoster
		return []any{&seal.Guardian, &seal.Student}
	})
	if err != nil {
		return nil, fmt.Errorf("ties that ended: %w", err)
	}
	if len(seals) == 0 {
		return nil, nil
	}
	sealed, err := sealThrough(ctx, tx, district, seals...)
	return sealed, wrap("sealing", err)
}

// WouldSeal implements roster.Store.
func (s *Store) WouldSeal(ctx context.Context, district uuid.UUID, ended []roster.SnapshotGuardianship) (closings []roster.Closing, err error) {
	guardians, students := make([]string, len(ended)), make([]string, len(ended))
	for i, g := range ended {
		guardians[i], students[i] = kept(g.Guardian), kept(g.Student)
	}
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectClosings, pgx.QueryExecModeCacheDescribe, district, guardians, students)
		closings, err = scanAll(rows, err, func(c *roster.Closing) []any {
			return []any{&c.Conversation, text(&c.Guardian), text(&c.Student)}
		})
		return err
	})
	return closings, wrap("conversations that would be sealed", err)
}

// selectClosings are the conversations, not sealed, that guardians are in through
// students.
const selectClosings = `SELECT DISTINCT ON (t.conversation) t.conversation, ended.guardian, ended.student
	FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS ended (guardian, student, no)
	JOIN person g ON g.district = $1 AND g.sourced_id = ended.guardian
	JOIN person s ON s.district = $1 AND s.sourced_id = ended.student
	JOIN tie t ON t.district = $1 AND t.person = g.id AND t.student = s.id AND t.part = 'guardian'
	WHERE NOT EXISTS (SELECT FROM seal x WHERE x.district = t.district AND x.conversation = t.conversation)
	ORDER BY t.conversation, ended.no`

func idsOf(rows pgx.Rows, err error) ([]uuid.UUID, error) {
	return scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
}
