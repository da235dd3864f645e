package sqlite

import (
	"fmt"

	"github.com/google/uuid"
)

// The table of students is worked out again for those whom a change may have
// touched, and for the students of guardians among them, whose names are
// searched with theirs. The statements begin with the touched, in their order:
// the planner would begin with everybody of the district, in that of their names.
const (
	makeTouched  = `CREATE TEMP TABLE IF NOT EXISTS touched (person BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID`
	clearTouched = `DELETE FROM temp.touched`
	touchPerson  = `INSERT INTO temp.touched (person) VALUES (?)`
	touchWards   = `INSERT OR IGNORE INTO temp.touched (person)
		SELECT g.student FROM temp.touched t CROSS JOIN guardianship g ON g.district = ? AND g.guardian = t.person`
	unlistStudents = `DELETE FROM student WHERE district = ? AND person IN (SELECT person FROM temp.touched)`
	listStudents   = `
		INSERT INTO student (district, sort_key, person, org, grades, words)
		SELECT p.district, p.sort_key, p.id, (` + onlyOrg + `), p.grades, p.words || coalesce((
			SELECT group_concat(g.words, '') FROM guardianship gs
			JOIN person g ON g.district = gs.district AND g.id = gs.guardian
			WHERE gs.district = p.district AND gs.student = p.id AND g.gone = 0 AND NOT EXISTS (
				SELECT 1 FROM bar b WHERE b.district = gs.district AND b.guardian = gs.guardian AND b.student = gs.student AND b.ended_at IS NULL)), '')
		FROM temp.touched t CROSS JOIN person p ON p.district = ? AND p.id = t.person
		WHERE p.gone = 0 AND (
			EXISTS (SELECT 1 FROM person_role r WHERE r.district = p.district AND r.person = p.id AND r.role = 'student')
			OR EXISTS (SELECT 1 FROM enrolment e WHERE e.district = p.district AND e.person = p.id AND e.role = 'student'))
		ORDER BY +p.sort_key, p.id`
	// onlyOrg is the organisation of a student's one role where it has no dates
	// and no section of theirs belongs to another.
	onlyOrg = `
		SELECT r.org FROM person_role r
		WHERE r.district = p.district AND r.person = p.id AND r.role = 'student' AND r.begin = 0 AND r.end = 0
			AND NOT EXISTS (
				SELECT 1 FROM person_role o
				WHERE o.district = p.district AND o.person = p.id AND o.role = 'student' AND o.no <> r.no)
			AND NOT EXISTS (
				SELECT 1 FROM enrolment e JOIN section c ON c.district = e.district AND c.id = e.section
				WHERE e.district = p.district AND e.person = p.id AND e.role = 'student' AND c.org <> r.org)`
)

func (b *bulk) listStudents(touched map[uuid.UUID]struct{}) error {
	if len(touched) == 0 {
		return nil
	}
	for _, query := range []string{makeTouched, clearTouched} {
		if err := b.exec(query); err != nil {
			return fmt.Errorf("listing students: %w", err)
		}
	}
	for person := range touched {
		if err := b.exec(touchPerson, key(person)); err != nil {
			return fmt.Errorf("listing students: %w", err)
		}
	}
	for _, query := range []string{touchWards, unlistStudents, listStudents} {
		if err := b.exec(query, key(b.district)); err != nil {
			return fmt.Errorf("listing students: %w", err)
		}
	}
	return nil
}
