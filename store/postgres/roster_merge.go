package postgres

import "github.com/homeline/homeline/hub/roster"

// The statements that take what was staged into the tables. $1 is the district.
// What names a person or a section that the roster does not have is not kept;
// what names such an organisation or term is.
const (
	// selectOut are those who are gone and were not.
	selectOut = `SELECT p.id FROM pg_temp.put_person n JOIN person p ON p.district = $1 AND p.sourced_id = n.sourced_id
		WHERE n.gone AND NOT p.gone ORDER BY p.id`

	nameOrgs = `INSERT INTO org (district, id, sourced_id, known)
		SELECT $1, n.id, n.sourced_id, false FROM pg_temp.named_org n ON CONFLICT (district, sourced_id) DO NOTHING`
	putOrgs = `INSERT INTO org (district, id, sourced_id, known, name, type, parent, gone)
		SELECT $1, n.id, n.sourced_id, true, n.name, n.type, o.id, n.gone
		FROM pg_temp.put_org n LEFT JOIN org o ON o.district = $1 AND o.sourced_id = n.parent AND n.parent <> ''
		ON CONFLICT (district, sourced_id) DO UPDATE SET known = true, name = excluded.name, type = excluded.type,
			parent = excluded.parent, gone = excluded.gone`

	nameTerms = `INSERT INTO term (district, id, sourced_id, known)
		SELECT $1, n.id, n.sourced_id, false FROM pg_temp.named_term n ON CONFLICT (district, sourced_id) DO NOTHING`
	putTerms = `INSERT INTO term (district, id, sourced_id, known, title, begin_day, end_day, gone)
		SELECT $1, n.id, n.sourced_id, true, n.title, n.begin_day, n.end_day, n.gone FROM pg_temp.put_term n
		ON CONFLICT (district, sourced_id) DO UPDATE SET known = true, title = excluded.title,
			begin_day = excluded.begin_day, end_day = excluded.end_day, gone = excluded.gone`

	// touchSections touches the students of sections that were there, whose
	// organisation may be another.
	touchSections = `INSERT INTO pg_temp.touched (person)
		SELECT e.person FROM pg_temp.put_section n JOIN section c ON c.district = $1 AND c.sourced_id = n.sourced_id
		JOIN enrolment e ON e.district = c.district AND e.section = c.id AND e.role = 'student'`
	putSections = `INSERT INTO section (district, id, sourced_id, title, course, period, org, grades, gone)
		SELECT $1, n.id, n.sourced_id, n.title, n.course, n.period, o.id, n.grades, n.gone
		FROM pg_temp.put_section n LEFT JOIN org o ON o.district = $1 AND o.sourced_id = n.org AND n.org <> ''
		ON CONFLICT (district, sourced_id) DO UPDATE SET title = excluded.title, course = excluded.course,
			period = excluded.period, org = excluded.org, grades = excluded.grades, gone = excluded.gone`
	dropTermsOf = `DELETE FROM section_term st USING pg_temp.put_section n, section c
		WHERE c.district = $1 AND c.sourced_id = n.sourced_id AND st.district = c.district AND st.section = c.id`
	putTermsOf = `INSERT INTO section_term (district, section, no, term)
		SELECT $1, c.id, named.no, t.id FROM pg_temp.put_section n
		JOIN section c ON c.district = $1 AND c.sourced_id = n.sourced_id
		CROSS JOIN LATERAL unnest(n.terms) WITH ORDINALITY AS named (sourced_id, no)
		JOIN term t ON t.district = $1 AND t.sourced_id = named.sourced_id WHERE named.sourced_id <> ''`

	// lockPeople locks who was there in the order of their keys, as whoever gives
	// or ends a session does.
	lockPeople = `SELECT count(*) FROM (
		SELECT FROM pg_temp.put_person n JOIN person p ON p.district = $1 AND p.sourced_id = n.sourced_id
		ORDER BY p.id FOR NO KEY UPDATE OF p) locked`
	putPeople = `INSERT INTO person (district, id, sourced_id, given, family, preferred, email, address, grades, gone, sort_key, words, shown)
		SELECT $1, n.id, n.sourced_id, n.given, n.family, n.preferred, n.email, n.address, n.grades, n.gone, n.sort_key, n.words, n.shown
		FROM pg_temp.put_person n
		ON CONFLICT (district, sourced_id) DO UPDATE SET given = excluded.given, family = excluded.family,
			preferred = excluded.preferred, email = excluded.email,
			address = coalesce((SELECT c.address FROM chosen_address c WHERE c.district = person.district AND c.person = person.id), excluded.address),
			grades = excluded.grades, gone = excluded.gone, sort_key = excluded.sort_key, words = excluded.words, shown = excluded.shown`
	touchPeople = `INSERT INTO pg_temp.touched (person)
		SELECT p.id FROM pg_temp.put_person n JOIN person p ON p.district = $1 AND p.sourced_id = n.sourced_id`
	dropRoles = `DELETE FROM person_role r USING pg_temp.put_person n, person p
		WHERE p.district = $1 AND p.sourced_id = n.sourced_id AND r.district = p.district AND r.person = p.id`
	putRoles = `INSERT INTO person_role (district, person, no, org, role, begin_day, end_day, sourced_id)
		SELECT $1, p.id, n.no, o.id, n.role, n.begin_day, n.end_day, n.role_sourced_id
		FROM pg_temp.put_role n JOIN person p ON p.district = $1 AND p.sourced_id = n.person
		LEFT JOIN org o ON o.district = $1 AND o.sourced_id = n.org AND n.org <> ''`

	// dropEnrolments also drops those that come anew: one that is gone, or names
	// whom nobody knows, is not there any more.
	dropEnrolments = `WITH dropped AS (
			DELETE FROM enrolment e USING (
				SELECT sourced_id FROM pg_temp.removed_enrolment UNION ALL SELECT sourced_id FROM pg_temp.put_enrolment
			) n WHERE e.district = $1 AND e.sourced_id = n.sourced_id RETURNING e.person)
		INSERT INTO pg_temp.touched (person) SELECT person FROM dropped`
	// putEnrolments lays those of a section side by side.
	putEnrolments = `INSERT INTO enrolment (district, sourced_id, person, section, role, begin_day, end_day)
		SELECT $1, n.sourced_id, p.id, c.id, n.role, n.begin_day, n.end_day
		FROM pg_temp.put_enrolment n JOIN person p ON p.district = $1 AND p.sourced_id = n.person
		JOIN section c ON c.district = $1 AND c.sourced_id = n.section
		WHERE NOT n.gone ORDER BY c.id, p.id`
	touchEnrolled = `INSERT INTO pg_temp.touched (person)
		SELECT p.id FROM person p WHERE p.district = $1 AND p.sourced_id IN (
			SELECT person FROM pg_temp.put_enrolment WHERE role = 'student' AND NOT gone)`

	dropTies = `WITH dropped AS (
			DELETE FROM guardianship t USING pg_temp.removed_tie n, person g, person s
			WHERE g.district = $1 AND g.sourced_id = n.guardian AND s.district = $1 AND s.sourced_id = n.student
				AND t.district = $1 AND t.student = s.id AND t.guardian = g.id RETURNING t.guardian, t.student),
		noted AS (INSERT INTO pg_temp.touched (person) SELECT student FROM dropped)
		INSERT INTO pg_temp.ended (guardian, student) SELECT guardian, student FROM dropped`
	putTies = `WITH tied AS (
			INSERT INTO guardianship (district, student, guardian, relation)
			SELECT $1, s.id, g.id, n.relation FROM pg_temp.put_tie n
			JOIN person g ON g.district = $1 AND g.sourced_id = n.guardian
			JOIN person s ON s.district = $1 AND s.sourced_id = n.student
			ON CONFLICT (district, student, guardian) DO UPDATE SET relation = excluded.relation RETURNING student)
		INSERT INTO pg_temp.touched (person) SELECT student FROM tied`
)

// merges are the statements for what there is of changes, in their order.
func merges(c roster.Changes) []string {
	var all []string
	add := func(n int, statements ...string) {
		if n > 0 {
			all = append(all, statements...)
		}
	}
	people, sections := len(c.PutPeople), len(c.PutSections)
	enrolments := len(c.PutEnrolments)
	add(len(c.PutOrgs)+sections+people, nameOrgs)
	add(len(c.PutOrgs), putOrgs)
	add(sections, nameTerms)
	add(len(c.PutTerms), putTerms)
	add(sections, touchSections, putSections, dropTermsOf, putTermsOf)
	add(people, lockPeople, putPeople, touchPeople, dropRoles, putRoles)
	add(enrolments+len(c.RemoveEnrolments), dropEnrolments)
	add(enrolments, putEnrolments, touchEnrolled)
	add(len(c.RemoveGuardianships), dropTies)
	add(len(c.PutGuardianships), putTies)
	return all
}
