package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// foundStudents are the students of a page with what a page shows of them, in
// the order of ids.
func foundStudents(ctx context.Context, tx *sql.Tx, district uuid.UUID, ids []uuid.UUID, today roster.Date) ([]roster.FoundStudent, error) {
	ties, err := guardiansOf(ctx, tx, district, ids, today)
	if err != nil {
		return nil, err
	}
	schools, err := schoolsOf(ctx, tx, district, ids, today)
	if err != nil {
		return nil, err
	}
	all := append([]uuid.UUID(nil), ids...)
	for _, t := range ties {
		all = append(all, t.Guardian)
	}
	people, err := peopleTx(ctx, tx, district, all)
	if err != nil {
		return nil, err
	}
	return roster.FoundStudents(ids, people, ties, schools), nil
}

// guardiansOf are the guardians who are not gone and not barred, by name.
func guardiansOf(ctx context.Context, tx *sql.Tx, district uuid.UUID, students []uuid.UUID, today roster.Date) ([]roster.Guardianship, error) {
	ties, err := collect(ctx, tx, func(row scanner) (g roster.Guardianship, err error) {
		return g, row.Scan(&g.Guardian, &g.Student, &g.Relation)
	}, `SELECT g.guardian, g.student, g.relation FROM guardianship g
		JOIN person p ON p.district = g.district AND p.id = g.guardian AND p.gone = 0
		WHERE g.district = :district AND g.student IN (SELECT unhex(value) FROM json_each(:people)) AND NOT EXISTS (
			SELECT 1 FROM bar b WHERE b.district = g.district AND b.guardian = g.guardian AND b.student = g.student AND `+barHolds+`)
		ORDER BY p.sort_key, p.id`, sql.Named("district", key(district)), sql.Named("people", idSet(students)), sql.Named("today", today))
	return ties, wrap("guardians", err)
}

const selectSchools = `SELECT s.person, o.name FROM student s INDEXED BY student_person ` + schoolsByRole + `
	WHERE s.district = :district AND s.person IN (SELECT unhex(value) FROM json_each(:people))
	UNION SELECT s.person, o.name FROM student s INDEXED BY student_person ` + schoolsBySection + `
	WHERE s.district = :district AND s.person IN (SELECT unhex(value) FROM json_each(:people))
	ORDER BY 1, 2`

// The organisations o that a student s belongs to today: two joins and not one
// with OR, which would ask of every organisation whether it is one of them.
const (
	schoolsByRole = `
		CROSS JOIN person_role r ON r.district = s.district AND r.person = s.person AND r.role = 'student' AND ` + roleHolds + `
		JOIN org o ON o.district = r.district AND o.id = r.org AND o.known = 1 AND o.gone = 0`
	schoolsBySection = `
		CROSS JOIN enrolment e ON e.district = s.district AND e.person = s.person AND e.role = 'student'
		JOIN section c ON c.district = e.district AND c.id = e.section AND ` + enrolmentCurrent + `
		JOIN org o ON o.district = c.district AND o.id = c.org AND o.known = 1 AND o.gone = 0`
)

// schoolsOf are the names of the organisations that students belong to today.
func schoolsOf(ctx context.Context, tx *sql.Tx, district uuid.UUID, students []uuid.UUID, today roster.Date) (map[uuid.UUID][]string, error) {
	schools := map[uuid.UUID][]string{}
	err := each(ctx, tx, func(row scanner) error {
		var student uuid.UUID
		var name string
		err := row.Scan(&student, &name)
		schools[student] = append(schools[student], name)
		return err
	}, selectSchools, sql.Named("district", key(district)), sql.Named("today", today), sql.Named("people", idSet(students)))
	if err != nil {
		return nil, fmt.Errorf("schools: %w", err)
	}
	return schools, nil
}
