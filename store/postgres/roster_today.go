package postgres

import "github.com/homeline/homeline/hub/roster"

// What holds today, in SQL. These say the same as roster.RoleAt, roster.Enrolment
// and roster.Scope do in Go; a test holds them together. r is a row of
// person_role, e one of enrolment, c a section, s a row of student. Only fixed
// lists of roles are written into them: no word that anybody brought.
var (
	staffRoles    = `ANY ('{` + roleWords(roster.StaffRoles()) + `}')`
	teachingRoles = `ANY ('{` + roleWords(roster.TeachingRoles()) + `}')`

	isStudent = `(s.org IS NOT NULL OR EXISTS (SELECT FROM ` + studentRolesOf + `) OR (
		NOT EXISTS (
			SELECT FROM person_role r WHERE r.district = s.district AND r.person = s.person
				AND r.role = ` + staffRoles + ` AND ` + roleHolds + `)
		AND EXISTS (SELECT FROM ` + seatsOf + `)))`  // staff who take a course among colleagues remain staff

	// teaches: an aide who is enrolled as teacher remains an aide. meets says
	// whether the section does.
	teaches = `e.role = 'teacher' AND ` + seatHolds + ` AND EXISTS (
		SELECT FROM person_role r WHERE r.district = e.district AND r.person = e.person
			AND r.role = ` + teachingRoles + ` AND ` + roleHolds + `)`
)

const (
	roleHolds = `r.begin_day <= @today AND (r.end_day = 0 OR @today < r.end_day)`

	// barHolds is roster.Bar.Holds of a row b.
	barHolds = `b.ended_at IS NULL AND (b.until = 0 OR @today < b.until)`

	seatWithin = `e.begin_day <= @today AND (e.end_day = 0 OR @today < e.end_day)`
	seatDated  = `(e.begin_day <> 0 AND e.end_day <> 0)`

	// sectionMeets: a section that names terms, but none that the roster has,
	// does not meet.
	sectionMeets = `(NOT EXISTS (SELECT FROM section_term st WHERE st.district = c.district AND st.section = c.id)
		OR EXISTS (
			SELECT FROM section_term st JOIN term t ON t.district = st.district AND t.id = st.term
			WHERE st.district = c.district AND st.section = c.id AND t.known AND NOT t.gone
				AND t.begin_day <= @today AND (t.end_day = 0 OR @today < t.end_day)))`

	seatHolds = `NOT c.gone AND ` + seatWithin + ` AND (` + seatDated + ` OR ` + sectionMeets + `)`

	seatsOf = `enrolment e JOIN section c ON c.district = e.district AND c.id = e.section
		WHERE e.district = s.district AND e.person = s.person AND e.role = 'student' AND ` + seatHolds
	studentRolesOf = `person_role r
		WHERE r.district = s.district AND r.person = s.person AND r.role = 'student' AND ` + roleHolds
)

func roleWords(roles []roster.Role) string {
	var words string
	for i, r := range roles {
		if i > 0 {
			words += ","
		}
		words += string(r)
	}
	return words
}
