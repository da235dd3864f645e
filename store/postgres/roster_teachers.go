package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

var (
	selectAttended = `SELECT e.person, e.role, e.begin_day, e.end_day, ` + sectionColumns + `
		FROM student s JOIN enrolment e ON e.district = s.district AND e.person = s.person AND e.role = 'student'
		JOIN section c ON c.district = e.district AND c.id = e.section ` + termsOfSection + `
		WHERE s.district = @district AND s.person = ANY (@people::uuid[]) AND ` + seatHolds + ` AND ` + isStudent
	selectTaught = `SELECT e.person, e.role, e.begin_day, e.end_day, ` + sectionColumns + `
		FROM (
			SELECT DISTINCT e.section FROM enrolment e
			WHERE e.district = @district AND e.person = ANY (@people::uuid[]) AND e.role = 'student'
		) attended
		JOIN section c ON c.district = @district AND c.id = attended.section
		JOIN enrolment e ON e.district = c.district AND e.section = c.id
		JOIN person p ON p.district = e.district AND p.id = e.person AND NOT p.gone ` + termsOfSection + `
		WHERE ` + teaches + `
		ORDER BY p.sort_key, p.id, c.title, c.id`
)

const selectBarredFrom = `SELECT ` + barColumns + ` FROM bar b
	WHERE b.district = @district AND b.student = ANY (@people::uuid[]) AND ` + barHolds

// TeachersOf implements roster.Store: in the order of students, then by the
// teachers' names.
func (s *Store) TeachersOf(ctx context.Context, district uuid.UUID, students []uuid.UUID, today roster.Date) (teachers []roster.TeacherOf, err error) {
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		teachers, err = teachersTx(ctx, tx, district, students, today)
		return err
	})
	return teachers, wrap("teachers", err)
}

func teachersTx(ctx context.Context, tx pgx.Tx, district uuid.UUID, students []uuid.UUID, today roster.Date) ([]roster.TeacherOf, error) {
	l := roster.Lessons{Students: students, Today: today, Teachers: map[uuid.UUID]roster.Person{}}
	args := pgx.NamedArgs{"district": district, "people": students, "today": today}
	var all pgx.Batch
	all.Queue(selectAttended, args).Query(func(rows pgx.Rows) error {
		return readSeats(rows, func(e roster.Enrolment) { l.Attended = append(l.Attended, e) })
	})
	all.Queue(selectTaught, args).Query(func(rows pgx.Rows) error {
		return readSeats(rows, func(e roster.Enrolment) { l.Taught = append(l.Taught, e) })
	})
	all.Queue(selectBarredFrom, args).Query(func(rows pgx.Rows) error {
		return readBars(rows, func(b roster.Bar) { l.Barred = append(l.Barred, b) })
	})
	if err := tx.SendBatch(ctx, &all).Close(); err != nil {
		return nil, fmt.Errorf("lessons: %w", err)
	}
	ids := make([]uuid.UUID, len(l.Taught))
	for i, e := range l.Taught {
		ids[i] = e.Person
	}
	people, err := readPeople(tx.Query(ctx, selectPeople, district, ids))
	for _, p := range people {
		l.Teachers[p.ID] = p
	}
	return l.Pair(), err
}
