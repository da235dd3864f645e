package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

// FindStudents implements roster.Store.
func (s *Store) FindStudents(ctx context.Context, district uuid.UUID, scope roster.Scope, want roster.StudentQuery) (page roster.StudentPage, err error) {
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		page, err = findStudentsTx(ctx, tx, district, scope, want)
		return err
	})
	return page, wrap("find students", err)
}

func findStudentsTx(ctx context.Context, tx pgx.Tx, district uuid.UUID, scope roster.Scope, want roster.StudentQuery) (page roster.StudentPage, err error) {
	at, err := placeOf(want.After)
	if err != nil {
		return page, err
	}
	q, err := newSearch(ctx, tx, district, scope)
	if err != nil {
		return page, err
	}
	if want.Name != "" {
		if err := tx.QueryRow(ctx, anyLapsed, q.args).Scan(&q.lapsed); err != nil {
			return page, fmt.Errorf("bars that have ended: %w", err)
		}
	}
	q.as(want)
	limit := roster.PageSize(want.Limit)
	var found []roster.Place
	if page.Total, found, err = q.page(ctx, tx, at, limit); err != nil {
		return page, fmt.Errorf("page: %w", err)
	}
	var ids []uuid.UUID
	ids, page.Next = roster.PageOf(found, limit)
	page.Students, err = foundStudents(ctx, tx, district, ids, scope.Today)
	return page, err
}

// page are the places of a page, and of one student more, in the order of their
// names, and how many there are on all pages.
func (q *search) page(ctx context.Context, tx pgx.Tx, at roster.Place, limit int) (total int, found []roster.Place, err error) {
	rows, err := tx.Query(ctx, q.selectPage(), q.given(pgx.NamedArgs{"after_name": at.SortKey, "after_person": at.Person, "limit": limit + 1})...)
	if err != nil {
		return 0, nil, err
	}
	var name *string
	var person uuid.NullUUID
	_, err = pgx.ForEachRow(rows, []any{&total, &name, &person}, func() error {
		if name != nil {
			found = append(found, roster.Place{SortKey: *name, Person: person.UUID})
		}
		return nil
	})
	return total, found, err
}

func (q *search) selectPage() string {
	return `WITH found AS MATERIALIZED (SELECT s.sort_key, s.person` + q.students("") + `)
		SELECT all_of_them.n, page.sort_key, page.person FROM (SELECT count(*) AS n FROM found) all_of_them
		LEFT JOIN (
			SELECT sort_key, person FROM found WHERE (sort_key, person) > (@after_name, @after_person)
			ORDER BY sort_key, person LIMIT @limit) page ON true
		ORDER BY page.sort_key, page.person`
}

const selectGuardians = `SELECT g.guardian, g.student, g.relation FROM guardianship g
	JOIN person p ON p.district = g.district AND p.id = g.guardian AND NOT p.gone
	WHERE g.district = @district AND g.student = ANY (@people::uuid[]) AND NOT EXISTS (
		SELECT FROM bar b WHERE b.district = g.district AND b.guardian = g.guardian AND b.student = g.student AND ` + barHolds + `)
	ORDER BY p.sort_key, p.id`

// selectSchools are the organisations that students belong to today.
const selectSchools = `SELECT r.person, o.name COLLATE "C" FROM person_role r JOIN org o ON o.district = r.district AND o.id = r.org AND o.known AND NOT o.gone
	WHERE r.district = @district AND r.person = ANY (@people::uuid[]) AND r.role = 'student' AND ` + roleHolds + `
	UNION SELECT e.person, o.name FROM enrolment e JOIN section c ON c.district = e.district AND c.id = e.section
	JOIN org o ON o.district = c.district AND o.id = c.org AND o.known AND NOT o.gone
	WHERE e.district = @district AND e.person = ANY (@people::uuid[]) AND e.role = 'student' AND ` + seatHolds + `
	ORDER BY 1, 2`

// foundStudents are the students of a page with what a page shows of them, in
// the order of ids.
func foundStudents(ctx context.Context, tx pgx.Tx, district uuid.UUID, ids []uuid.UUID, today roster.Date) ([]roster.FoundStudent, error) {
	var ties []roster.Guardianship
	schools := map[uuid.UUID][]string{}
	args := pgx.NamedArgs{"district": district, "people": ids, "today": today}
	var all pgx.Batch
	all.Queue(selectGuardians, args).Query(func(rows pgx.Rows) error {
		return readTies(rows, func(g roster.Guardianship) { ties = append(ties, g) })
	})
	all.Queue(selectSchools, args).Query(func(rows pgx.Rows) error {
		var student uuid.UUID
		var name string
		_, err := pgx.ForEachRow(rows, []any{&student, text(&name)}, func() error {
			schools[student] = append(schools[student], name)
			return nil
		})
		return err
	})
	if err := tx.SendBatch(ctx, &all).Close(); err != nil {
		return nil, fmt.Errorf("guardians and schools: %w", err)
	}
	everybody := append([]uuid.UUID(nil), ids...)
	for _, t := range ties {
		everybody = append(everybody, t.Guardian)
	}
	people, err := readPeople(tx.Query(ctx, selectPeople, district, everybody))
	return roster.FoundStudents(ids, people, ties, schools), wrap("people", err)
}
