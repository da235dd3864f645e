package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The students who can be found are worked out again for those whom a change
// may have touched, and for the students of guardians among them, whose names
// are searched with theirs. Whom it touched stands in the temporary table
// touched, as often as one likes.
const (
	makeTouched = `CREATE TEMP TABLE touched (person uuid NOT NULL) ON COMMIT DROP;
		CREATE TEMP TABLE relisted (person uuid NOT NULL, listed boolean NOT NULL, org uuid) ON COMMIT DROP;`

	// relistAll keeps of who is listed the organisation of their one student role
	// where it has no dates.
	relistAll = `INSERT INTO pg_temp.relisted (person, listed, org)
		SELECT p.id, NOT p.gone AND (r.roles > 0 OR EXISTS (
				SELECT FROM enrolment e WHERE e.district = p.district AND e.person = p.id AND e.role = 'student')),
			CASE WHEN r.roles = 1 AND NOT r.dated THEN r.orgs[1] END
		FROM (
			SELECT person FROM pg_temp.touched
			UNION SELECT g.student FROM pg_temp.touched t JOIN guardianship g ON g.district = $1 AND g.guardian = t.person
		) t
		JOIN person p ON p.district = $1 AND p.id = t.person
		CROSS JOIN LATERAL (
			SELECT count(*) AS roles, array_agg(r.org) AS orgs, bool_or(r.begin_day <> 0 OR r.end_day <> 0) AS dated
			FROM person_role r WHERE r.district = p.district AND r.person = p.id AND r.role = 'student'
		) r`
	// noteWanderers takes it from those with a section of another organisation.
	noteWanderers = `UPDATE pg_temp.relisted x SET org = NULL WHERE x.org IS NOT NULL AND EXISTS (
		SELECT FROM enrolment e JOIN section c ON c.district = e.district AND c.id = e.section
		WHERE e.district = $1 AND e.person = x.person AND e.role = 'student' AND c.org <> x.org)`
	unlistStudents = `DELETE FROM student s USING pg_temp.relisted x WHERE s.district = $1 AND s.person = x.person`
	unlistWords    = `DELETE FROM student_word w USING pg_temp.relisted x WHERE w.district = $1 AND w.person = x.person`
	listStudents   = `INSERT INTO student (district, person, sort_key, org, grades)
		SELECT p.district, p.id, p.sort_key, x.org, p.grades
		FROM pg_temp.relisted x JOIN person p ON p.district = $1 AND p.id = x.person WHERE x.listed ORDER BY p.sort_key, p.id`
	listWords = `INSERT INTO student_word (district, word, person)
		SELECT DISTINCT $1::uuid, w.word, n.person FROM (
			SELECT x.person, p.words FROM pg_temp.relisted x JOIN person p ON p.district = $1 AND p.id = x.person WHERE x.listed
			UNION ALL
			SELECT x.person, g.words FROM pg_temp.relisted x
			JOIN guardianship t ON t.district = $1 AND t.student = x.person
			JOIN person g ON g.district = t.district AND g.id = t.guardian AND NOT g.gone
			WHERE x.listed AND NOT EXISTS (
				SELECT FROM bar b WHERE b.district = t.district AND b.guardian = t.guardian AND b.student = t.student AND b.ended_at IS NULL)
		) n CROSS JOIN LATERAL unnest(string_to_array(ltrim(n.words), ' ')) AS w (word)
		ORDER BY 2, 3`
)

// relist works one student out again.
func relist(ctx context.Context, tx pgx.Tx, district, student uuid.UUID) error {
	_, err := tx.Exec(ctx, makeTouched)
	if err == nil {
		_, err = tx.Exec(ctx, `INSERT INTO pg_temp.touched (person) VALUES ($1)`, student)
	}
	if err != nil {
		return fmt.Errorf("listing students: %w", err)
	}
	return relistTouched(ctx, tx, district)
}

// relistTouched asks the server to look at how much there is before it plans
// each step: next to nothing by a bar, everybody by a first import.
func relistTouched(ctx context.Context, tx pgx.Tx, district uuid.UUID) error {
	return inOrder(ctx, tx, district,
		`ANALYZE pg_temp.touched`, relistAll, `ANALYZE pg_temp.relisted`, noteWanderers,
		unlistWords, unlistStudents, listStudents, listWords)
}

// inOrder runs statements about a district, planned for what is there now.
func inOrder(ctx context.Context, tx pgx.Tx, district uuid.UUID, statements ...string) error {
	for _, statement := range statements {
		var args []any
		if strings.Contains(statement, "$1") {
			args = []any{pgx.QueryExecModeCacheDescribe, district}
		}
		if _, err := tx.Exec(ctx, statement, args...); err != nil {
			return fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	return nil
}
