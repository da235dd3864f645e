package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

// Facets implements roster.Store. Of a scope of very many students, courses are
// offered where a school is chosen, sections and teachers where a school or what
// stands before them is.
func (s *Store) Facets(ctx context.Context, district uuid.UUID, scope roster.Scope, want roster.StudentQuery) (f roster.Facets, err error) {
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		q, err := newSearch(ctx, tx, district, scope)
		if err != nil {
			return err
		}
		f, err = (&facetReader{ctx: ctx, tx: tx, search: q}).read(scope, want)
		return err
	})
	return f, wrap("facets", err)
}

// facetReader narrows its search by one facet after the other.
type facetReader struct {
	ctx context.Context
	tx  pgx.Tx
	*search
}

func (r *facetReader) read(scope roster.Scope, want roster.StudentQuery) (f roster.Facets, err error) {
	if f.Schools, err = r.schools(scope); err != nil {
		return f, fmt.Errorf("schools: %w", err)
	}
	r.inSchool(want.School)
	if f.Grades, err = r.grades(); err != nil {
		return f, fmt.Errorf("grades: %w", err)
	}
	r.inThatGrade(want.Grade)
	var attended []roster.Section
	asked := !r.wide
	if asked {
		if attended, err = r.attended(); err != nil {
			return f, fmt.Errorf("courses: %w", err)
		}
	}
	f.Courses = roster.CourseChoices(attended)
	r.inThatCourse(want.Course)
	r.inThatSection(want.Section)
	if !asked && !r.wide {
		if attended, err = r.attended(); err != nil {
			return f, fmt.Errorf("sections: %w", err)
		}
	}
	f.Sections = roster.SectionChoices(roster.StudentQuery{Course: want.Course}.AttendedBy(attended))
	if f.Teachers, err = r.teachers(want.AttendedBy(attended)); err != nil {
		return f, fmt.Errorf("teachers: %w", err)
	}
	return f, nil
}

// Every organisation of the scope counts that has students; and those of the
// students whom one teaches.
func selectSchoolChoices(scope roster.Scope) string {
	named := bySection
	if len(scope.Students) > 0 {
		named += ` UNION ALL ` + byGrant
	}
	return `SELECT o.id, o.name FROM org o WHERE o.district = @district AND o.known AND NOT o.gone
		AND o.id = ANY (@orgs::uuid[]) AND (
			EXISTS (
				SELECT FROM person_role r JOIN student s ON s.district = r.district AND s.person = r.person
				WHERE r.district = o.district AND r.org = o.id AND r.role = 'student' AND ` + roleHolds + ` AND ` + notExcepted + `)
			OR EXISTS (
				SELECT FROM section c JOIN enrolment e ON e.district = c.district AND e.section = c.id
				JOIN student s ON s.district = e.district AND s.person = e.person
				WHERE c.district = o.district AND c.org = o.id AND e.role = 'student' AND ` + seatHolds + ` AND ` + isStudent + ` AND ` + notExcepted + `))
	UNION SELECT o.id, o.name FROM student s
		CROSS JOIN LATERAL (
			SELECT r.org FROM ` + studentRolesOf + ` UNION SELECT c.org FROM ` + seatsOf + `
		) theirs JOIN org o ON o.district = s.district AND o.id = theirs.org AND o.known AND NOT o.gone
		WHERE s.district = @district AND s.person IN (` + named + `) AND ` + isStudent + ` AND ` + notExcepted
}

func (r *facetReader) schools(scope roster.Scope) ([]roster.Choice, error) {
	if scope.Empty() {
		return nil, nil
	}
	return r.choices(selectSchoolChoices(scope), nil)
}

// choices reads identifiers and their words.
func (r *facetReader) choices(query string, more pgx.NamedArgs) ([]roster.Choice, error) {
	rows, err := r.tx.Query(r.ctx, query, r.given(more)...)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c roster.Choice, err error) {
		var id uuid.UUID
		err = row.Scan(&id, text(&c.Label))
		c.Value = id.String()
		return c, err
	})
	return roster.Choices(found), err
}

func (r *facetReader) grades() ([]roster.Choice, error) {
	rows, err := r.tx.Query(r.ctx, r.selectGrades(), r.given(nil)...)
	if err != nil {
		return nil, err
	}
	grades, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (grade string, err error) { return grade, row.Scan(text(&grade)) })
	return roster.GradeChoices(grades), err
}

func (q *search) selectGrades() string { return `SELECT DISTINCT unnest(s.grades)` + q.students("") }

// attended are the sections that the students attend today.
func (r *facetReader) attended() ([]roster.Section, error) {
	rows, err := r.tx.Query(r.ctx, r.selectSections(), r.given(nil)...)
	return scanAll(rows, err, func(c *roster.Section) []any { return []any{&c.ID, text(&c.Title), text(&c.Course), text(&c.Period)} })
}

// selectSections asks for terms once a section, not once a student.
func (q *search) selectSections() string {
	return `SELECT c.id, c.title, c.course, c.period FROM (
			SELECT e.section, bool_or(` + seatDated + `) AS dated` +
		q.students(`JOIN enrolment e ON e.district = s.district AND e.person = s.person AND e.role = 'student' AND `+seatWithin) +
		` GROUP BY e.section) a
		JOIN section c ON c.district = @district AND c.id = a.section WHERE NOT c.gone AND (a.dated OR ` + sectionMeets + `)`
}

var selectTeacherChoices = `SELECT DISTINCT p.id, trim(coalesce(nullif(p.preferred, ''), p.given) || ' ' || p.family)
	FROM section c JOIN enrolment e ON e.district = c.district AND e.section = c.id
	JOIN person p ON p.district = e.district AND p.id = e.person AND NOT p.gone
	WHERE c.district = @district AND c.id = ANY (@attended::uuid[]) AND ` + teaches

func (r *facetReader) teachers(attended []roster.Section) ([]roster.Choice, error) {
	ids := make([]uuid.UUID, len(attended))
	for i, c := range attended {
		ids[i] = c.ID
	}
	return r.choices(selectTeacherChoices, pgx.NamedArgs{"attended": ids})
}
