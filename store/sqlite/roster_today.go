package sqlite

// What holds today, in SQL. These say the same as roster.RoleAt, roster.Enrolment
// and roster.Scope do in Go; a test holds them together. r is a row of
// person_role, e one of enrolment with its section c, s one of student.
const (
	roleHolds = `(r.begin = 0 OR r.begin <= :today) AND (r.end = 0 OR :today < r.end)`

	// barHolds is roster.Bar.Holds of a row b.
	barHolds = `b.ended_at IS NULL AND (b.until = 0 OR :today < b.until)`

	enrolmentWithin = `(e.begin = 0 OR e.begin <= :today) AND (e.end = 0 OR :today < e.end)`
	enrolmentDated  = `(e.begin <> 0 AND e.end <> 0)`

	// sectionMeets: a section that names terms, but none that the roster has,
	// does not meet.
	sectionMeets = `(NOT EXISTS (SELECT 1 FROM section_term st WHERE st.district = c.district AND st.section = c.id)
		OR EXISTS (
			SELECT 1 FROM section_term st JOIN term t ON t.district = st.district AND t.id = st.term
			WHERE st.district = c.district AND st.section = c.id AND t.known = 1 AND t.gone = 0
				AND (t.begin = 0 OR t.begin <= :today) AND (t.end = 0 OR :today < t.end)))`

	enrolmentCurrent = `c.gone = 0 AND ` + enrolmentWithin + ` AND (` + enrolmentDated + ` OR ` + sectionMeets + `)`

	enrolmentsOf = `enrolment e JOIN section c ON c.district = e.district AND c.id = e.section
		WHERE e.district = s.district AND e.person = s.person AND e.role = 'student' AND ` + enrolmentCurrent
	studentRolesOf = `person_role r
		WHERE r.district = s.district AND r.person = s.person AND r.role = 'student' AND ` + roleHolds

	// isStudent: staff who take a course among colleagues remain staff.
	isStudent = `(s.org IS NOT NULL OR EXISTS (SELECT 1 FROM ` + studentRolesOf + `) OR (
		NOT EXISTS (
			SELECT 1 FROM person_role r WHERE r.district = s.district AND r.person = s.person
				AND r.role IN (SELECT value FROM json_each(:staff)) AND ` + roleHolds + `)
		AND EXISTS (SELECT 1 FROM ` + enrolmentsOf + `)))`

	// teaches: an aide who is enrolled as teacher remains an aide. r is any role
	// of the teacher e.person.
	teaches = `e.role = 'teacher' AND ` + enrolmentCurrent + ` AND EXISTS (
		SELECT 1 FROM person_role r WHERE r.district = e.district AND r.person = e.person
			AND r.role IN (SELECT value FROM json_each(:teaching)) AND ` + roleHolds + `)`
)
