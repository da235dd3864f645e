package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Facets implements roster.Store. At most 500 choices of each are offered, by
// label, grades by age. Of a scope of very many students, courses are offered where a school
// is chosen, sections and teachers where a school or what stands before them is.
func (s *Store) Facets(ctx context.Context, district uuid.UUID, scope roster.Scope, want roster.StudentQuery) (f roster.Facets, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		q, err := newSearch(ctx, tx, district, scope)
		if err != nil {
			return err
		}
		r := &facetReader{ctx: ctx, tx: tx, search: q}
		f, err = r.read(scope, want)
		return err
	})
	return f, wrap("facets", err)
}

// facetReader narrows its search by one facet after the other.
type facetReader struct {
	ctx context.Context
	tx  *sql.Tx
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
	attended, err := r.attended()
	if err != nil {
		return f, fmt.Errorf("courses: %w", err)
	}
	f.Courses = roster.CourseChoices(attended)
	r.inThatCourse(want.Course)
	r.inThatSection(want.Section)
	if attended == nil {
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
	named := namedIn(scope)
	return `SELECT o.id, o.name FROM org o WHERE o.district = :district AND o.known = 1 AND o.gone = 0
		AND o.id IN (SELECT unhex(value) FROM json_each(:orgs)) AND (
			EXISTS (
				SELECT 1 FROM person_role r JOIN student s ON s.district = r.district AND s.person = r.person
				WHERE r.district = o.district AND r.org = o.id AND r.role = 'student' AND ` + roleHolds + notExcepted + `)
			OR EXISTS (
				SELECT 1 FROM section c CROSS JOIN section_roll e ON e.district = c.district AND e.section = c.id
				JOIN student s ON s.district = e.district AND s.person = e.person
				WHERE c.district = o.district AND c.org = o.id AND e.role = 'student' AND ` + enrolmentCurrent + ` AND ` + isStudent + notExcepted + `))
	UNION SELECT o.id, o.name FROM student s INDEXED BY student_person ` + schoolsByRole + `
		WHERE s.district = :district AND s.person IN (` + named + `) AND ` + isStudent + notExcepted + `
	UNION SELECT o.id, o.name FROM student s INDEXED BY student_person ` + schoolsBySection + `
		WHERE s.district = :district AND s.person IN (` + named + `) AND ` + isStudent + notExcepted
}

func (r *facetReader) schools(scope roster.Scope) ([]roster.Choice, error) {
	if scope.Empty() {
		return nil, nil
	}
	found, err := collect(r.ctx, r.tx, scanChoice, selectSchoolChoices(scope), r.args...)
	return roster.Choices(found), err
}

// scanChoice reads an identifier and its words.
func scanChoice(row scanner) (c roster.Choice, err error) {
	var id uuid.UUID
	err = row.Scan(&id, &c.Label)
	c.Value = id.String()
	return c, err
}

func (r *facetReader) grades() ([]roster.Choice, error) {
	lists, err := collect(r.ctx, r.tx, func(row scanner) (text string, err error) { return text, row.Scan(&text) },
		`SELECT DISTINCT s.grades`+r.from(""), r.args...)
	if err != nil {
		return nil, err
	}
	var grades []string
	for _, text := range lists {
		list, err := parseList(text)
		if err != nil {
			return nil, err
		}
		grades = append(grades, list...)
	}
	return roster.GradeChoices(grades), nil
}

// attended are the sections that the students attend today, nil where there are
// too many students to ask. Terms are asked for once a section, not once a
// student.
func (r *facetReader) attended() ([]roster.Section, error) {
	if r.wide {
		return nil, nil
	}
	query := `SELECT c.id, c.title, c.course, c.period FROM (
			SELECT e.section, max(` + enrolmentDated + `) AS dated` +
		r.from(`CROSS JOIN enrolment e ON e.district = s.district AND e.person = s.person AND e.role = 'student' AND `+enrolmentWithin) +
		` GROUP BY e.section) a
		JOIN section c ON c.district = :district AND c.id = a.section WHERE c.gone = 0 AND (a.dated OR ` + sectionMeets + `)`
	return collect(r.ctx, r.tx, func(row scanner) (c roster.Section, err error) {
		return c, row.Scan(&c.ID, &c.Title, &c.Course, &c.Period)
	}, query, r.args...)
}

const selectTeacherChoices = `SELECT DISTINCT p.id, trim(coalesce(nullif(p.preferred, ''), p.given) || ' ' || p.family)
	FROM section c CROSS JOIN section_roll e ON e.district = c.district AND e.section = c.id
	JOIN person p ON p.district = e.district AND p.id = e.person AND p.gone = 0
	WHERE c.district = :district AND c.id IN (SELECT unhex(value) FROM json_each(:attended)) AND ` + teaches

func (r *facetReader) teachers(attended []roster.Section) ([]roster.Choice, error) {
	ids := make([]uuid.UUID, len(attended))
	for i, c := range attended {
		ids[i] = c.ID
	}
	found, err := collect(r.ctx, r.tx, scanChoice, selectTeacherChoices, append(r.args, sql.Named("attended", idSet(ids)))...)
	return roster.Choices(found), err
}
