package sample

import (
	"context"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/oneroster"
)

// read imports the roster as of a day and fails where a row is refused or mended.
func read(t *testing.T, today roster.Date) roster.Snapshot {
	t.Helper()
	source, err := oneroster.OpenFS(Roster(today), "sample")
	if err != nil {
		t.Fatal(err)
	}
	snapshot, report, err := oneroster.Read(context.Background(), source, oneroster.Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		t.Errorf("%s", f)
	}
	for _, r := range report.Remarks {
		t.Log(r)
	}
	return snapshot
}

func TestTheRosterIsReadWithoutARemarkOnARow(t *testing.T) {
	s := read(t, roster.NewDate(2026, time.November, 24))
	t.Log(len(s.People), len(s.Enrolments), len(s.Guardianships), len(s.Sections))
	for _, k := range []roster.Kind{
		roster.KindOrg, roster.KindTerm, roster.KindSection, roster.KindPerson, roster.KindRole, roster.KindEnrolment,
		roster.KindGuardianship,
	} {
		if !s.Whole[k] {
			t.Errorf("the %ss are not whole", k)
		}
	}
}
