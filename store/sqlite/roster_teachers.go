package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// TeachersOf implements roster.Store: in the order of students, then by the
// teachers' names.
func (s *Store) TeachersOf(ctx context.Context, district uuid.UUID, students []uuid.UUID, today roster.Date) (teachers []roster.TeacherOf, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		r := teacherReader{ctx: ctx, tx: tx, district: district, today: today, students: students}
		teachers, err = r.read()
		return err
	})
	return teachers, wrap("teachers", err)
}

type teacherReader struct {
	ctx      context.Context
	tx       *sql.Tx
	district uuid.UUID
	today    roster.Date
	students []uuid.UUID
}

const (
	selectAttended = `SELECT e.person, e.section, e.begin, e.end FROM student s INDEXED BY student_person
		CROSS JOIN enrolment e ON e.district = s.district AND e.person = s.person AND e.role = 'student'
		JOIN section c ON c.district = e.district AND c.id = e.section
		WHERE s.district = :district AND s.person IN (SELECT unhex(value) FROM json_each(:people))
			AND ` + enrolmentCurrent + ` AND ` + isStudent
	selectTaught = `SELECT e.person, e.section, e.begin, e.end FROM section c
		CROSS JOIN section_roll e ON e.district = c.district AND e.section = c.id
		JOIN person p ON p.district = e.district AND p.id = e.person AND p.gone = 0
		WHERE c.district = :district AND c.id IN (SELECT unhex(value) FROM json_each(:sections)) AND ` + teaches + `
		ORDER BY p.sort_key, p.id, c.title, c.id`
	selectBarredFrom = `SELECT ` + barColumns + ` FROM bar b
		WHERE b.district = :district AND b.student IN (SELECT unhex(value) FROM json_each(:people)) AND ` + barHolds
)

func (r *teacherReader) read() ([]roster.TeacherOf, error) {
	attended, err := r.enrolments(selectAttended, nil)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, e := range attended {
		ids = append(ids, e.section)
	}
	sections, err := sectionsTx(r.ctx, r.tx, r.district, ids)
	if err != nil {
		return nil, err
	}
	taught, err := r.enrolments(selectTaught, ids)
	if err != nil {
		return nil, err
	}
	barred, err := collect(r.ctx, r.tx, scanBar, selectBarredFrom, r.args(nil)...)
	if err != nil {
		return nil, fmt.Errorf("bars: %w", err)
	}
	teachers, err := r.teachers(taught)
	if err != nil {
		return nil, err
	}
	return roster.Lessons{
		Students: r.students, Today: r.today, Teachers: teachers, Barred: barred,
		Attended: lessonsOf(attended, sections), Taught: lessonsOf(taught, sections),
	}.Pair(), nil
}

type attendance struct {
	roster.Enrolment
	section uuid.UUID
}

func (r *teacherReader) enrolments(query string, sections []uuid.UUID) ([]attendance, error) {
	rows, err := collect(r.ctx, r.tx, func(row scanner) (a attendance, err error) {
		return a, row.Scan(&a.Person, &a.section, &a.Begin, &a.End)
	}, query, r.args(sections)...)
	return rows, wrap("enrolments", err)
}

func (r *teacherReader) args(sections []uuid.UUID) []any {
	return []any{
		sql.Named("district", key(r.district)), sql.Named("today", r.today), sql.Named("people", idSet(r.students)),
		sql.Named("sections", idSet(sections)), sql.Named("staff", roleList(roster.StaffRoles())),
		sql.Named("teaching", roleList(roster.TeachingRoles())),
	}
}

func lessonsOf(list []attendance, sections map[uuid.UUID]*roster.Section) []roster.Enrolment {
	lessons := make([]roster.Enrolment, len(list))
	for i, a := range list {
		lessons[i] = a.Enrolment
		lessons[i].Section = sections[a.section]
	}
	return lessons
}

func (r *teacherReader) teachers(taught []attendance) (map[uuid.UUID]roster.Person, error) {
	var ids []uuid.UUID
	for _, t := range taught {
		ids = append(ids, t.Person)
	}
	people, err := peopleTx(r.ctx, r.tx, r.district, ids)
	byID := make(map[uuid.UUID]roster.Person, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	return byID, err
}
