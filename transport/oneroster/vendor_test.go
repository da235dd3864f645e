package oneroster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// others is where rosters written by others are kept, beside the repository:
// their licence is another, so they are not in it.
const others = "../../../shared/data/oneroster"

func readOther(t *testing.T, name string, day roster.Date) (roster.Snapshot, Report) {
	t.Helper()
	source, err := Open(filepath.Join(others, name))
	if err != nil {
		if _, there := os.Stat(others); there != nil && os.Getenv("CI") == "" {
			t.Skip("the rosters of others are not here: ", there)
		}
		t.Fatal(err)
	}
	defer source.Close()
	s, r, err := Read(t.Context(), source, Options{Today: day})
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

func TestTheFull11SetIsTaken(t *testing.T) {
	s, r := readOther(t, "catalyst-Test_full_data_set.zip", today)
	expect(t, r,
		"orgs.csv line 2 (org-sch-222-456): mended: its parent org-sch-222-3456 is not in the file",
		`users.csv line 3 (usr-222-66778899): mended: its agentSourcedIds name "usr-222-123456": a tie needs a student and a guardian, these are student and teacher`,
		"users.csv line 5 (usr-222-987654): mended: its agentSourcedIds name",
		"users.csv line 6 (usr-222-1234561232): mended: its agentSourcedIds name",
		"users.csv line 7 (usr-222-567891): mended: its agentSourcedIds name",
		"enrollments.csv line 3 (enr-s-222-12345-987654): mended: somebody who is teacher in users.csv is enrolled as student",
		"enrollments.csv line 6 (enr-s-222-12345-987532): mended: somebody who is teacher in users.csv is enrolled as student")
	if len(s.People) != 6 || len(s.Enrolments) != 6 || len(s.Sections) != 2 || !s.Sections[1].Gone {
		t.Errorf("got %+v", s)
	}
	want := roster.SnapshotGuardianship{Guardian: "usr-222-1234561", Student: "usr-222-66778899", Relation: roster.Parent}
	if len(s.Guardianships) != 1 || s.Guardianships[0] != want {
		t.Errorf("ties: %v", s.Guardianships)
	}
	if !strings.Contains(remarks(r), "No enrolment is current on 2026-11-24: nobody may write to anybody through a section.") {
		t.Errorf("an operator would wonder: %s", remarks(r))
	}
}

func TestInItsOwnTimeTheFull11SetIsCurrent(t *testing.T) {
	_, r := readOther(t, "catalyst-Test_full_data_set.zip", roster.NewDate(2022, time.April, 1))
	if strings.Contains(remarks(r), "No enrolment is current") {
		t.Errorf("got %s", remarks(r))
	}
}

func TestTheMinimal11SetIsTaken(t *testing.T) {
	s, r := readOther(t, "catalyst-Test_minimal_data_set.zip", today)
	if r.Refused() > 0 || len(s.People) != 6 || len(s.Enrolments) != 6 || len(s.Terms) != 5 {
		t.Errorf("%v\n%+v", r.Findings, s)
	}
	if !strings.Contains(remarks(r), "6 of 6 people have no e-mail address") {
		t.Errorf("remarks: %s", remarks(r))
	}
}

func TestTheFull12SetIsTaken(t *testing.T) {
	s, r := readOther(t, "catalyst-v1p2_full_dataset.zip", roster.NewDate(2025, time.May, 1))
	expect(t, r,
		"orgs.csv line 2 (org-sch-222-456): mended: its parent",
		`users.csv line 1: mended: the header "prefferedGivenName" is read as preferredGivenName`,
		`users.csv line 4 (usr-222-1234561): mended: its agentSourcedIds name "usr-222-66778899": a tie needs a student and a guardian, these are siteAdministrator and student`,
		"users.csv line 5 (usr-222-987654): mended: its agentSourcedIds name",
		"users.csv line 7 (usr-222-567891): mended: its agentSourcedIds name",
		"enrollments.csv line 3 ", "enrollments.csv line 6 ")
	if got := person(t, s, "usr-222-66778899"); got.Preferred != "MJ" {
		t.Errorf("Mary goes by %q", got.Preferred)
	}
	// The teacher's second role, guardian, ties him to the students that name him.
	if len(s.Guardianships) != 2 || s.Guardianships[0].Guardian != "usr-222-123456" {
		t.Errorf("ties: %v", s.Guardianships)
	}
}

func TestARoleOfGuardianThatEndedTiesNobody(t *testing.T) {
	s, r := readOther(t, "catalyst-v1p2_full_dataset.zip", today)
	if len(s.Guardianships) > 0 || !strings.Contains(r.Findings[2].Reason, "the role of guardian ended on 2025-09-23") {
		t.Errorf("%v\n%v", s.Guardianships, r.Findings)
	}
	if !strings.Contains(remarks(r), "6 of 6 people hold no role today.") {
		t.Errorf("remarks: %s", remarks(r))
	}
}
