package sqlite

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/homeline/homeline/hub/roster"
)

const (
	removeGuardianship = `DELETE FROM guardianship WHERE district = ? AND student = ? AND guardian = ? RETURNING relation`
	putGuardianship    = `INSERT INTO guardianship (district, student, guardian, relation) VALUES (?, ?, ?, ?)
		ON CONFLICT (district, student, guardian) DO UPDATE SET relation = excluded.relation`
)

func (a *applying) removeGuardianships(c roster.Changes) error {
	for _, g := range c.RemoveGuardianships {
		tie, ok, err := a.tie(g)
		if err != nil {
			return fmt.Errorf("guardian %q of %q: %w", g.Guardian, g.Student, err)
		}
		if !ok {
			continue
		}
		row, err := a.queryRow(removeGuardianship, key(a.district), key(tie.Student), key(tie.Guardian))
		if err == nil {
			err = row.Scan(&tie.Relation)
		}
		switch {
		case errors.Is(err, sql.ErrNoRows):
			continue
		case err != nil:
			return fmt.Errorf("guardian %q of %q: %w", g.Guardian, g.Student, err)
		}
		a.touch(tie.Student)
		a.ended = append(a.ended, tie)
	}
	return nil
}

func (a *applying) putGuardianships(c roster.Changes) error {
	for _, g := range c.PutGuardianships {
		tie, ok, err := a.tie(g)
		if err == nil && ok {
			a.touch(tie.Student)
			err = a.exec(putGuardianship, key(a.district), key(tie.Student), key(tie.Guardian), string(g.Relation))
		}
		if err != nil {
			return fmt.Errorf("guardian %q of %q: %w", g.Guardian, g.Student, err)
		}
	}
	return nil
}

// tie is a tie with the identifiers of its people, ok where both are there.
func (a *applying) tie(g roster.SnapshotGuardianship) (tie roster.Guardianship, ok bool, err error) {
	guardian, haveGuardian, err := a.people.find(g.Guardian)
	if err != nil {
		return tie, false, err
	}
	student, haveStudent, err := a.people.find(g.Student)
	return roster.Guardianship{Guardian: guardian.id, Student: student.id}, haveGuardian && haveStudent, err
}
