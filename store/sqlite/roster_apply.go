package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// importTime is how long a roster may take to be written.
const importTime = 10 * time.Minute

// Apply implements roster.Store. It is given up when ctx ends before it commits.
func (s *Store) Apply(ctx context.Context, district uuid.UUID, c roster.Changes, now time.Time) (effects roster.Effects, err error) {
	err = s.writeWithin(ctx, importTime, func(own context.Context, tx *sql.Tx) error {
		own, stop := context.WithCancel(own)
		defer stop()
		defer context.AfterFunc(ctx, stop)()
		effects, err = applyTx(own, tx, district, c, now)
		return err
	})
	if err != nil {
		return roster.Effects{}, fmt.Errorf("apply roster: %w", err)
	}
	return effects, nil
}

func applyTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, c roster.Changes, now time.Time) (effects roster.Effects, err error) {
	d, err := districtTx(ctx, tx, district)
	if err != nil {
		return effects, err
	}
	if d.RosterVersion != c.Base {
		return effects, roster.ErrStale
	}
	b := newBulk(ctx, tx, district)
	if err := b.rename(c); err != nil {
		return effects, err
	}
	a, err := newApplying(b, c)
	if err != nil {
		return effects, err
	}
	for _, step := range []func(roster.Changes) error{
		a.putOrgs, a.putTerms, a.putSections, a.putPeople,
		a.removeEnrolments, a.putEnrolments, a.removeGuardianships, a.putGuardianships, a.putColumns,
		a.keepAddresses,
	} {
		if err := step(c); err != nil {
			return effects, err
		}
	}
	if err := a.listStudents(a.touched); err != nil {
		return effects, err
	}
	if err := raiseVersion(ctx, tx, district); err != nil {
		return effects, err
	}
	effects.Out = a.out
	if err := a.endAccess(a.out); err != nil {
		return effects, err
	}
	effects.Sealed, err = a.sealEnded(now)
	return effects, err
}

// applying is a roster on its way into the tables. What names a person or a
// section that the roster does not have is not kept; what names such an
// organisation or term is.
type applying struct {
	*bulk
	orgs, terms, sections, people *records

	touched map[uuid.UUID]struct{} // whose entry among the students may have changed
	ended   []roster.Guardianship
	out     []uuid.UUID
}

func newApplying(b *bulk, c roster.Changes) (a *applying, err error) {
	a = &applying{bulk: b, touched: map[uuid.UUID]struct{}{}}
	enrolments := len(c.PutEnrolments)
	for _, of := range []struct {
		table string
		named int
		into  **records
	}{
		{"org", len(c.PutOrgs) + len(c.PutSections) + len(c.PutPeople), &a.orgs},
		{"term", len(c.PutTerms) + len(c.PutSections), &a.terms},
		{"section", len(c.PutSections) + enrolments, &a.sections},
		{"person", len(c.PutPeople) + enrolments + len(c.PutGuardianships), &a.people},
	} {
		if *of.into, err = b.records(of.table, of.named); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *applying) touch(person uuid.UUID) { a.touched[person] = struct{}{} }

// sealEnded seals the conversations of the ties that ended, but for those that
// are there again in another relation.
func (a *applying) sealEnded(now time.Time) (sealed []roster.Sealed, err error) {
	for _, g := range a.ended {
		tied := false
		row, err := a.queryRow(`SELECT EXISTS (SELECT 1 FROM guardianship WHERE district = ? AND student = ? AND guardian = ?)`,
			key(a.district), key(g.Student), key(g.Guardian))
		if err == nil {
			err = row.Scan(&tied)
		}
		if err != nil {
			return nil, fmt.Errorf("tie that ended: %w", err)
		}
		if tied {
			continue
		}
		more, err := sealThrough(a.ctx, a.tx, a.district, hub.Seal{
			At: now, Cause: hub.SealedByRoster, Guardian: g.Guardian, Student: g.Student,
		})
		if err != nil {
			return nil, fmt.Errorf("sealing: %w", err)
		}
		sealed = append(sealed, more...)
	}
	return sealed, nil
}
