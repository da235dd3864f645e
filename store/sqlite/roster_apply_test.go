package sqlite

import (
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/storetest"
)

func TestRosterSeals(t *testing.T) {
	storetest.RosterSeals(t, func(t *testing.T) storetest.RosterSealsStore { return openTemp(t) })
}

// The three tables of enrolments say the same.
func TestEnrolmentsStandTheSameInTheirThreeTables(t *testing.T) {
	s := openTemp(t)
	district, _ := storetest.Family(t, s)
	seat := func(id, person, section string) roster.SnapshotEnrolment {
		return roster.SnapshotEnrolment{SourcedID: id, Person: person, Section: section, Role: roster.Student, End: 9}
	}
	for base, c := range []roster.Changes{
		{PutSections: []roster.SnapshotSection{{SourcedID: "alg"}, {SourcedID: "bio"}},
			PutEnrolments: []roster.SnapshotEnrolment{seat("1", "leo", "alg"), seat("2", "eva", "bio"), seat("3", "leo", "bio")}},
		{PutEnrolments: []roster.SnapshotEnrolment{seat("1", "eva", "bio"), seat("4", "tom", "alg")}, RemoveEnrolments: []string{"2"}},
	} {
		c.Base = int64(base + 1)
		if _, err := s.Apply(t.Context(), district, c, time.Now()); err != nil {
			t.Fatal(err)
		}
		const columns = `district, person, section, sourced_id, role, begin, end`
		const keyColumns = `district, person, section, sourced_id, role`
		for _, pair := range [][2]string{
			{`SELECT ` + columns + ` FROM enrolment`, `SELECT ` + columns + ` FROM section_roll`},
			{`SELECT ` + keyColumns + ` FROM enrolment`, `SELECT ` + keyColumns + ` FROM enrolment_key`},
		} {
			var rows, apart int
			err := s.reader.QueryRow(`SELECT (SELECT count(*) FROM (`+pair[0]+`)), (SELECT count(*) FROM (`+pair[0]+` EXCEPT `+pair[1]+`)) + (SELECT count(*) FROM (`+pair[1]+` EXCEPT `+pair[0]+`))`).Scan(&rows, &apart)
			if err != nil || rows != 3 || apart != 0 {
				t.Errorf("import %d: %d enrolments, %d apart (%v)", base, rows, apart, err)
			}
		}
	}
}
