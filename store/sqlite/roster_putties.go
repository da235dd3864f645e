package sqlite

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

const (
	removeEnrolment = `DELETE FROM enrolment WHERE district = ? AND sourced_id = ? RETURNING person`
	putEnrolment    = `INSERT INTO enrolment (district, person, section, sourced_id, role, begin, end) VALUES (?, ?, ?, ?, ?, ?, ?)`
)

func (a *applying) removeEnrolments(c roster.Changes) error {
	for _, sourcedID := range c.RemoveEnrolments {
		if err := a.removeEnrolment(sourcedID); err != nil {
			return fmt.Errorf("enrolment %q: %w", sourcedID, err)
		}
	}
	return nil
}

func (a *applying) removeEnrolment(sourcedID string) error {
	row, err := a.queryRow(removeEnrolment, key(a.district), sourcedID)
	if err != nil {
		return err
	}
	var person uuid.UUID
	switch err := row.Scan(&person); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	a.touch(person)
	return nil
}

// putEnrolments writes anew what was there: another person or section of the
// same enrolment is another key. One that is gone is not there.
func (a *applying) putEnrolments(c roster.Changes) error {
	var any bool
	if err := a.tx.QueryRowContext(a.ctx, `SELECT EXISTS (SELECT 1 FROM enrolment WHERE district = ?)`, key(a.district)).Scan(&any); err != nil {
		return fmt.Errorf("enrolments: %w", err)
	}
	for _, e := range c.PutEnrolments {
		if any {
			if err := a.removeEnrolment(e.SourcedID); err != nil {
				return fmt.Errorf("enrolment %q: %w", e.SourcedID, err)
			}
		}
		if err := a.putEnrolment(e); err != nil {
			return fmt.Errorf("enrolment %q: %w", e.SourcedID, err)
		}
	}
	return nil
}

func (a *applying) putEnrolment(e roster.SnapshotEnrolment) error {
	if e.Gone {
		return nil
	}
	person, ok, err := a.people.find(e.Person)
	if err != nil || !ok {
		return err
	}
	section, ok, err := a.sections.find(e.Section)
	if err != nil || !ok {
		return err
	}
	if e.Role == roster.Student {
		a.touch(person.id)
	}
	return a.exec(putEnrolment, key(a.district), key(person.id), key(section.id), e.SourcedID, string(e.Role), e.Begin, e.End)
}

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
