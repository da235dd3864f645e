package postgres

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub/roster"
)

// search is a question about the students of a scope, put together from
// conditions on a row s of student, and from queries of which each names
// students. Each is planned for what it asks for, since a scope may hold a class
// or a district.
type search struct {
	where []string
	among []string // the students are among those of all of these
	args  pgx.NamedArgs
	// wide: there are very many students in it, as far as one knows.
	wide bool
	// lapsed: some bar of the district has ended by its day, so that the words of
	// students may lack the names of guardians.
	lapsed bool
}

// wideScope is from how many students on a scope is walked rather than looked
// up. A test makes it one.
var wideScope = 5000

// newSearch asks for all students of the scope.
func newSearch(ctx context.Context, tx pgx.Tx, district uuid.UUID, scope roster.Scope) (*search, error) {
	q := &search{args: pgx.NamedArgs{
		"district": district, "today": scope.Today, "orgs": scope.Orgs, "sections": scope.Sections, "students": scope.Students,
		"except": append([]uuid.UUID{}, scope.Except...), // a list that is nil would be NULL, and except all
	}}
	if len(scope.Orgs) > 0 {
		err := tx.QueryRow(ctx, scopeSize, district, scope.Orgs, wideScope).Scan(&q.wide)
		if err != nil {
			return nil, fmt.Errorf("size of the scope: %w", err)
		}
	}
	q.reached(scope)
	return q, nil
}

// scopeSize says whether the organisations have very many students.
const scopeSize = `SELECT count(*) = $3 FROM (
	SELECT FROM person_role r WHERE r.district = $1 AND r.org = ANY ($2) AND r.role = 'student' LIMIT $3) of_many`

// attending + a condition on a section c + theirSeats are the students of such
// sections today. Whether a section meets is asked once for it, not for each of
// them: OFFSET 0 keeps the planner from asking inside the join.
const (
	attending = `SELECT e.person FROM (
			SELECT c.district, c.id, ` + sectionMeets + ` AS meets FROM section c
			WHERE c.district = @district AND NOT c.gone AND `
	theirSeats = ` OFFSET 0) found
		JOIN enrolment e ON e.district = found.district AND e.section = found.id AND e.role = 'student'
		WHERE ` + seatWithin + ` AND (` + seatDated + ` OR found.meets)`
)

const (
	byRoleAtOrgs = `SELECT r.person FROM person_role r WHERE r.district = @district
		AND r.org = ANY (@orgs::uuid[]) AND r.role = 'student' AND ` + roleHolds
	bySectionOfOrgs = attending + `c.org = ANY (@orgs::uuid[])` + theirSeats
	bySection       = attending + `c.id = ANY (@sections::uuid[])` + theirSeats

	byGrant = `SELECT unnest(@students::uuid[])`

	notExcepted = `s.person <> ALL (@except::uuid[])`
)

var (
	// atOrgs asks further only for students who have to do with several
	// organisations.
	atOrgs = `(s.org = ANY (@orgs::uuid[]) OR s.org IS NULL AND (
		EXISTS (SELECT FROM ` + studentRolesOf + ` AND r.org = ANY (@orgs::uuid[]))
		OR ` + isStudent + ` AND EXISTS (SELECT FROM ` + seatsOf + ` AND c.org = ANY (@orgs::uuid[]))))`
	inSections = `(s.person IN (` + bySection + `) AND ` + isStudent + `)`
	isGranted  = `(s.person = ANY (@students::uuid[]) AND ` + isStudent + `)`
)

// reached asks for roster.Scope. Where it is not wide, it also names the students
// among whom it is.
func (q *search) reached(scope roster.Scope) {
	var any, named []string
	if len(scope.Orgs) > 0 {
		any, named = append(any, atOrgs), append(named, byRoleAtOrgs, bySectionOfOrgs)
	}
	if len(scope.Sections) > 0 {
		any, named = append(any, inSections), append(named, bySection)
	}
	if len(scope.Students) > 0 {
		any, named = append(any, isGranted), append(named, byGrant)
	}
	switch {
	case len(any) == 0:
		q.and(`FALSE`)
	case len(scope.Orgs) == 0:
		q.and(isStudent)
	default:
		q.and(`(` + strings.Join(any, ` OR `) + `)`)
	}
	if len(scope.Except) > 0 {
		q.and(notExcepted)
	}
	if len(named) > 0 && !q.wide {
		q.among = append(q.among, strings.Join(named, ` UNION ALL `))
	}
}

func (q *search) and(condition string) { q.where = append(q.where, condition) }

// narrow narrows to the students whom a query names.
func (q *search) narrow(students string) {
	q.among = append(q.among, students)
	q.wide = false
}

const (
	atSchool = `SELECT r.person FROM person_role r WHERE r.district = @district AND r.org = @school AND r.role = 'student' AND ` + roleHolds +
		` UNION ALL ` + attending + `c.org = @school` + theirSeats
	inGrade   = `s.grades @> ARRAY[@grade::text]`
	inCourse  = attending + `c.course = @course` + theirSeats
	inSection = attending + `c.id = @section` + theirSeats
)

var ofTeacher = attending + `c.id IN (
	SELECT e.section FROM enrolment e JOIN section c ON c.district = e.district AND c.id = e.section
	JOIN person p ON p.district = e.district AND p.id = e.person AND NOT p.gone
	WHERE e.district = @district AND e.person = @teacher AND ` + teaches + `)` + theirSeats

// The next four narrow by one facet each; zero values do not.

func (q *search) inSchool(school uuid.UUID) {
	if school != uuid.Nil {
		q.args["school"] = school
		q.narrow(atSchool)
	}
}

func (q *search) inThatGrade(grade string) {
	if grade != "" {
		q.args["grade"] = kept(grade)
		q.and(inGrade)
	}
}

func (q *search) inThatCourse(title string) {
	if title != "" {
		q.args["course"] = kept(title)
		q.narrow(inCourse)
	}
}

func (q *search) inThatSection(section uuid.UUID) {
	if section != uuid.Nil {
		q.args["section"] = section
		q.narrow(inSection)
	}
}

// as narrows by all that is asked for.
func (q *search) as(want roster.StudentQuery) {
	if want.Student != uuid.Nil {
		q.args["student"] = want.Student
		q.narrow(`SELECT @student::uuid`)
	}
	q.inSchool(want.School)
	q.inThatGrade(want.Grade)
	q.inThatCourse(want.Course)
	q.inThatSection(want.Section)
	if want.Teacher != uuid.Nil {
		q.args["teacher"] = want.Teacher
		q.narrow(ofTeacher)
	}
	for i, word := range roster.WordBeginnings(want.Name) {
		q.named(i, strings.TrimPrefix(word, " "))
	}
}

// named narrows by the beginning of a word. In bytes all that begin with it
// stand between it and it with the last character of all.
func (q *search) named(i int, beginning string) {
	from, to := fmt.Sprint("from", i), fmt.Sprint("to", i)
	q.args[from], q.args[to] = beginning, beginning+"\U0010FFFF"
	named := `SELECT w.person FROM student_word w WHERE w.district = @district AND w.word >= @` + from + ` AND w.word < @` + to
	if q.lapsed {
		q.args[from+"_word"] = " " + beginning
		named += ` UNION ALL ` + noLongerBarred + ` AND strpos(p.words, @` + from + `_word) > 0`
	}
	q.among = append(q.among, named)
}

// noLongerBarred are the students of guardians p from whom no bar keeps them any
// more, since its day has come: their names are not yet among the student's.
const (
	hasLapsed = `b.district = @district AND b.ended_at IS NULL AND b.until <> 0 AND b.until <= @today`
	anyLapsed = `SELECT EXISTS (SELECT FROM bar b WHERE ` + hasLapsed + `)`

	noLongerBarred = `SELECT b.student FROM bar b JOIN guardianship g ON g.district = b.district AND g.guardian = b.guardian AND g.student = b.student
		JOIN person p ON p.district = b.district AND p.id = b.guardian AND NOT p.gone
		WHERE ` + hasLapsed + ` AND NOT EXISTS (
			SELECT FROM bar other WHERE other.district = b.district AND other.guardian = b.guardian AND other.student = b.student
				AND other.ended_at IS NULL AND (other.until = 0 OR @today < other.until))`
)

// students is everything of the query behind its SELECT, with what is joined to
// s. The first of the queries that name students is where it begins; in the
// others it looks each of them up. Left to itself, the planner would take it for
// granted that little is left after the first, and run the others again for
// every student: IS TRUE keeps it from that.
func (q *search) students(join string) string {
	query := ` FROM student s ` + join + ` WHERE s.district = @district`
	for i, named := range q.among {
		query += ` AND (s.person IN (` + named + `))`
		if i > 0 {
			query += ` IS TRUE`
		}
	}
	for _, condition := range q.where {
		query += ` AND ` + condition
	}
	return query
}

// given are the arguments of the query and some more, to be planned for.
func (q *search) given(more pgx.NamedArgs) []any {
	args := maps.Clone(q.args)
	maps.Copy(args, more)
	return []any{pgx.QueryExecModeCacheDescribe, args}
}
