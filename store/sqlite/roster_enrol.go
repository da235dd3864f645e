package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// seat is an enrolment with the identifiers of its person and section, by its
// place in the list of changes.
type seat struct {
	person, section uuid.UUID
	at              int32
}

// enrolmentTables are filled one after the other, each in the order of its key.
var enrolmentTables = []struct {
	insert string
	args   func(s seat, e roster.SnapshotEnrolment) []any
	order  func(a, b seat, of []roster.SnapshotEnrolment) int
}{
	{
		`INSERT INTO enrolment (district, person, section, sourced_id, role, begin, end) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		func(s seat, e roster.SnapshotEnrolment) []any {
			return []any{key(s.person), key(s.section), e.SourcedID, string(e.Role), e.Begin, e.End}
		},
		func(a, b seat, of []roster.SnapshotEnrolment) int {
			return cmp.Or(roster.CompareIDs(a.person, b.person), roster.CompareIDs(a.section, b.section))
		},
	}, {
		`INSERT INTO section_roll (district, section, role, person, sourced_id, begin, end) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		func(s seat, e roster.SnapshotEnrolment) []any {
			return []any{key(s.section), string(e.Role), key(s.person), e.SourcedID, e.Begin, e.End}
		},
		func(a, b seat, of []roster.SnapshotEnrolment) int {
			return cmp.Or(roster.CompareIDs(a.section, b.section), cmp.Compare(of[a.at].Role, of[b.at].Role), roster.CompareIDs(a.person, b.person))
		},
	}, {
		`INSERT INTO enrolment_key (district, sourced_id, person, section, role) VALUES (?, ?, ?, ?, ?)`,
		func(s seat, e roster.SnapshotEnrolment) []any {
			return []any{e.SourcedID, key(s.person), key(s.section), string(e.Role)}
		},
		func(a, b seat, of []roster.SnapshotEnrolment) int {
			return strings.Compare(of[a.at].SourcedID, of[b.at].SourcedID)
		},
	},
}

// putEnrolments writes anew what was there: another person or section of the
// same enrolment is another key. One that is gone is not there.
func (a *applying) putEnrolments(c roster.Changes) error {
	if err := a.removeForPut(c.PutEnrolments); err != nil {
		return err
	}
	seats := make([]seat, 0, len(c.PutEnrolments))
	for i, e := range c.PutEnrolments {
		s, ok, err := a.seat(e)
		if err != nil {
			return fmt.Errorf("enrolment %q: %w", e.SourcedID, err)
		}
		if !ok {
			continue
		}
		s.at = int32(i)
		seats = append(seats, s)
		if e.Role == roster.Student {
			a.touch(s.person)
		}
	}
	for _, table := range enrolmentTables {
		slices.SortFunc(seats, func(x, y seat) int { return table.order(x, y, c.PutEnrolments) })
		for _, s := range seats {
			e := c.PutEnrolments[s.at]
			if err := a.exec(table.insert, append([]any{key(a.district)}, table.args(s, e)...)...); err != nil {
				return fmt.Errorf("enrolment %q: %w", e.SourcedID, err)
			}
		}
	}
	return nil
}

// seat is ok where the person and the section are there.
func (a *applying) seat(e roster.SnapshotEnrolment) (s seat, ok bool, err error) {
	if e.Gone {
		return s, false, nil
	}
	person, ok, err := a.people.find(e.Person)
	if err != nil || !ok {
		return s, false, err
	}
	section, ok, err := a.sections.find(e.Section)
	return seat{person: person.id, section: section.id}, ok, err
}

// removeForPut spares a first import the question a million times.
func (a *applying) removeForPut(enrolments []roster.SnapshotEnrolment) error {
	var any bool
	if err := a.tx.QueryRowContext(a.ctx, `SELECT EXISTS (SELECT 1 FROM enrolment WHERE district = ?)`, key(a.district)).Scan(&any); err != nil {
		return fmt.Errorf("enrolments: %w", err)
	}
	for i := 0; any && i < len(enrolments); i++ {
		if err := a.removeEnrolment(enrolments[i].SourcedID); err != nil {
			return fmt.Errorf("enrolment %q: %w", enrolments[i].SourcedID, err)
		}
	}
	return nil
}

func (a *applying) removeEnrolments(c roster.Changes) error {
	for _, sourcedID := range c.RemoveEnrolments {
		if err := a.removeEnrolment(sourcedID); err != nil {
			return fmt.Errorf("enrolment %q: %w", sourcedID, err)
		}
	}
	return nil
}

func (a *applying) removeEnrolment(sourcedID string) error {
	row, err := a.queryRow(`DELETE FROM enrolment_key WHERE district = ? AND sourced_id = ? RETURNING person, section, role`, key(a.district), sourcedID)
	if err != nil {
		return err
	}
	var person, section uuid.UUID
	var role string
	switch err := row.Scan(&person, &section, &role); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	a.touch(person)
	if err := a.exec(`DELETE FROM enrolment WHERE district = ? AND person = ? AND section = ? AND sourced_id = ?`,
		key(a.district), key(person), key(section), sourcedID); err != nil {
		return err
	}
	return a.exec(`DELETE FROM section_roll WHERE district = ? AND section = ? AND role = ? AND person = ? AND sourced_id = ?`,
		key(a.district), key(section), role, key(person), sourcedID)
}
