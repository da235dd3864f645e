package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// search is a question about the students of a scope, put together from
// conditions on a row s of student.
//
// A wide search walks the list of students in its order, with what it needs of
// each in the row itself; a narrow one looks up the few that a condition names.
type search struct {
	where []string
	args  []any
	wide  bool
	// lapsed: some bar of the district has ended by its day, so that the words of
	// students may lack the names of guardians.
	lapsed bool
}

// wideScope is from how many students on walking is faster than looking up.
// A test makes it one.
var wideScope = 5000

// newSearch asks for all students of the scope.
func newSearch(ctx context.Context, tx *sql.Tx, district uuid.UUID, scope roster.Scope) (*search, error) {
	q := &search{args: []any{
		sql.Named("district", key(district)), sql.Named("today", scope.Today),
		sql.Named("orgs", idSet(scope.Orgs)), sql.Named("sections", idSet(scope.Sections)), sql.Named("except", idSet(scope.Except)),
		sql.Named("staff", roleList(roster.StaffRoles())), sql.Named("teaching", roleList(roster.TeachingRoles())),
		sql.Named("wide", wideScope), sql.Named("students", idSet(scope.Students)),
	}}
	var all bool
	if len(scope.Orgs) > 0 {
		if err := tx.QueryRowContext(ctx, scopeSize, q.args...).Scan(&q.wide, &all); err != nil {
			return nil, fmt.Errorf("size of the scope: %w", err)
		}
	}
	q.and(reached(scope, q.wide, all))
	return q, nil
}

// scopeSize says whether the organisations have very many students, and whether
// none has students but they.
const scopeSize = `SELECT (
		SELECT count(*) FROM (
			SELECT 1 FROM person_role r WHERE r.district = :district AND r.role = 'student'
				AND r.org IN (SELECT unhex(value) FROM json_each(:orgs)) LIMIT :wide)
	) = :wide, NOT EXISTS (
		SELECT 1 FROM org o WHERE o.district = :district AND o.id NOT IN (SELECT unhex(value) FROM json_each(:orgs))
			AND EXISTS (SELECT 1 FROM person_role r WHERE r.district = o.district AND r.org = o.id AND r.role = 'student'))`

// attending + a condition on a section c + theirRolls are the students of such
// sections today. Whether a section meets is asked once for it, not for each of
// them: the LIMIT keeps the planner from asking inside the join.
const (
	attending = `SELECT e.person FROM (
			SELECT c.district, c.id, ` + sectionMeets + ` AS meets FROM section c
			WHERE c.district = :district AND c.gone = 0 AND `
	theirRolls = ` LIMIT -1) found
		CROSS JOIN section_roll e ON e.district = found.district AND e.section = found.id AND e.role = 'student'
		WHERE ` + enrolmentWithin + ` AND (` + enrolmentDated + ` OR found.meets)`
)

const (
	byRoleAtOrgs = `SELECT r.person FROM person_role r WHERE r.district = :district
		AND r.org IN (SELECT unhex(value) FROM json_each(:orgs)) AND r.role = 'student' AND ` + roleHolds
	bySectionOfOrgs = attending + `c.org IN (SELECT unhex(value) FROM json_each(:orgs))` + theirRolls
	bySection       = attending + `c.id IN (SELECT unhex(value) FROM json_each(:sections))` + theirRolls

	atOrgs = `(s.org IN (SELECT unhex(value) FROM json_each(:orgs)) OR (s.org IS NULL AND (` + wandererAtOrgs + `)))`
	// wandererAtOrgs is for students who have to do with several organisations.
	wandererAtOrgs = `EXISTS (SELECT 1 FROM ` + studentRolesOf + ` AND r.org IN (SELECT unhex(value) FROM json_each(:orgs)))
		OR (` + isStudent + ` AND EXISTS (SELECT 1 FROM ` + enrolmentsOf + ` AND c.org IN (SELECT unhex(value) FROM json_each(:orgs))))`
	atAllOrgs   = `(s.org IS NOT NULL OR (` + wandererAtOrgs + `))`
	inSections  = `(s.person IN (` + bySection + `) AND ` + isStudent + `)`
	byGrant     = `SELECT unhex(value) FROM json_each(:students)`
	isGranted   = `(s.person IN (` + byGrant + `) AND ` + isStudent + `)`
	notExcepted = ` AND s.person NOT IN (SELECT unhex(value) FROM json_each(:except))`
)

// reached is roster.Scope as a condition.
func reached(scope roster.Scope, wide, all bool) string {
	var any []string
	switch {
	case len(scope.Orgs) == 0:
	case all && wide:
		any = append(any, atAllOrgs)
	default:
		any = append(any, atOrgs)
	}
	if len(scope.Sections) > 0 {
		any = append(any, inSections)
	}
	if len(scope.Students) > 0 {
		any = append(any, isGranted)
	}
	if len(any) == 0 {
		return `FALSE`
	}
	condition := `(` + strings.Join(any, ` OR `) + `)`
	if len(scope.Except) > 0 {
		condition += notExcepted
	}
	if wide {
		return condition
	}
	return condition + ` AND s.person IN (` + byRoleAtOrgs + ` UNION ALL ` + bySectionOfOrgs + ` UNION ALL ` + namedIn(scope) + `)`
}

// namedIn are the students of the sections and of the grants of a scope.
func namedIn(scope roster.Scope) string {
	if len(scope.Students) == 0 {
		return bySection
	}
	return bySection + ` UNION ALL ` + byGrant
}

func (q *search) and(condition string, args ...any) {
	q.where = append(q.where, condition)
	q.args = append(q.args, args...)
}

// narrow is and with a condition that names the students it admits.
func (q *search) narrow(students string, args ...any) {
	q.and(`s.person IN (`+students+`)`, args...)
	q.wide = false
}

const (
	atSchool  = `SELECT r.person FROM person_role r WHERE r.district = :district AND r.org = :school AND r.role = 'student' AND ` + roleHolds + ` UNION ALL ` + attending + `c.org = :school` + theirRolls
	inGrade   = `instr(s.grades, :grade_json) > 0 AND EXISTS (SELECT 1 FROM json_each(s.grades) WHERE value = :grade)`
	inCourse  = attending + `c.course = :course` + theirRolls
	inSection = attending + `c.id = :section` + theirRolls
	ofTeacher = attending + `c.id IN (` + taughtBy + `)` + theirRolls
	taughtBy  = `SELECT e.section FROM enrolment e JOIN section c ON c.district = e.district AND c.id = e.section
		JOIN person p ON p.district = e.district AND p.id = e.person AND p.gone = 0
		WHERE e.district = :district AND e.person = :teacher AND ` + teaches
)

// byWord is for a word of the student's or a guardian's name.
const byWord = `instr(s.words, :word%d) > 0`

// noLongerBarred are the students of guardians p from whom no bar keeps them any
// more, since its day has come: their names are not yet among the student's.
const (
	hasLapsed = `b.district = :district AND b.ended_at IS NULL AND b.until <> 0 AND b.until <= :today`
	anyLapsed = `SELECT EXISTS (SELECT 1 FROM bar b WHERE ` + hasLapsed + `)`

	noLongerBarred = `SELECT b.student FROM bar b JOIN guardianship g ON g.district = b.district AND g.guardian = b.guardian AND g.student = b.student
		JOIN person p ON p.district = b.district AND p.id = b.guardian AND p.gone = 0
		WHERE ` + hasLapsed + ` AND NOT EXISTS (
			SELECT 1 FROM bar other WHERE other.district = b.district AND other.guardian = b.guardian AND other.student = b.student
				AND other.ended_at IS NULL AND (other.until = 0 OR :today < other.until))`
)

// The next four narrow by one facet each; zero values do not.

func (q *search) inSchool(school uuid.UUID) {
	if school != uuid.Nil {
		q.narrow(atSchool, sql.Named("school", key(school)))
	}
}

func (q *search) inThatGrade(grade string) {
	if grade != "" {
		q.and(inGrade, sql.Named("grade", grade), sql.Named("grade_json", quoted(grade)))
	}
}

func (q *search) inThatCourse(title string) {
	if title != "" {
		q.narrow(inCourse, sql.Named("course", title))
	}
}

func (q *search) inThatSection(section uuid.UUID) {
	if section != uuid.Nil {
		q.narrow(inSection, sql.Named("section", key(section)))
	}
}

// as narrows by all that is asked for.
func (q *search) as(want roster.StudentQuery) {
	if want.Student != uuid.Nil {
		q.narrow(`SELECT :student`, sql.Named("student", key(want.Student)))
	}
	q.inSchool(want.School)
	q.inThatGrade(want.Grade)
	q.inThatCourse(want.Course)
	q.inThatSection(want.Section)
	if want.Teacher != uuid.Nil {
		q.narrow(ofTeacher, sql.Named("teacher", key(want.Teacher)))
	}
	for i, word := range roster.WordBeginnings(want.Name) {
		condition := fmt.Sprintf(byWord, i)
		if q.lapsed {
			condition = `(` + condition + ` OR s.person IN (` + noLongerBarred + fmt.Sprintf(` AND instr(p.words, :word%d) > 0))`, i)
		}
		q.and(condition, sql.Named(fmt.Sprintf("word%d", i), word))
	}
}

// from is everything of the query behind its SELECT, with what is joined to s.
func (q *search) from(join string) string {
	index := `student_person`
	if q.wide {
		index = `sqlite_autoindex_student_1`
	}
	return ` FROM student s INDEXED BY ` + index + ` ` + join + ` WHERE s.district = :district AND ` + strings.Join(q.where, ` AND `)
}

func (q *search) clone() *search {
	return &search{where: slices.Clone(q.where), args: slices.Clone(q.args), wide: q.wide, lapsed: q.lapsed}
}

func roleList(roles []roster.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return listText(words)
}

// quoted is a word as it stands in a list.
func quoted(word string) string {
	text, err := json.Marshal(word)
	if err != nil {
		panic(err) // a string always has a form in JSON
	}
	return string(text)
}
