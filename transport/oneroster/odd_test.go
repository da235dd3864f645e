package oneroster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// readOdd reads a roster of testdata that has what test sets of vendors have:
// agents who are teachers, teachers who are students, a parent that is in no
// file, misspelt headers, dates of other years.
func readOdd(t *testing.T, name string, day roster.Date) (roster.Snapshot, Report) {
	t.Helper()
	d := delivery{}
	all, err := os.ReadDir(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		b, err := os.ReadFile(filepath.Join("testdata", name, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		d[f.Name()] = string(b)
	}
	return d.read(t, func(o *Options) { o.Today = day })
}

func TestAnOdd11SetIsTaken(t *testing.T) {
	s, r := readOdd(t, "odd11", today)
	expect(t, r,
		"orgs.csv line 2 (dept-sci): mended: its parent school-unknown is not in the file",
		`users.csv lines 3, 6: mended: its agentSourcedIds name "vera": a tie needs a student and a guardian, these are student and teacher`,
		`users.csv line 5 (karl): mended: its agentSourcedIds name "vera": a tie needs a student and a guardian, these are teacher and teacher`,
		`users.csv line 7 (nils): mended: its agentSourcedIds name "karl"`,
		"enrollments.csv lines 3, 6: mended: somebody who is teacher in users.csv is enrolled as student")
	if len(s.People) != 6 || len(s.Enrolments) != 6 || len(s.Sections) != 2 || !s.Sections[1].Gone {
		t.Errorf("got %+v", s)
	}
	want := roster.SnapshotGuardianship{Guardian: "paul", Student: "lena", Relation: roster.Parent}
	if len(s.Guardianships) != 1 || s.Guardianships[0] != want {
		t.Errorf("ties: %v", s.Guardianships)
	}
	if !strings.Contains(remarks(r), "No enrolment is current on 2026-11-24: nobody may write to anybody through a section.") {
		t.Errorf("an operator would wonder: %s", remarks(r))
	}
}

func TestInItsOwnTimeAnOdd11SetIsCurrent(t *testing.T) {
	_, r := readOdd(t, "odd11", roster.NewDate(2024, time.April, 1))
	if strings.Contains(remarks(r), "No enrolment is current") {
		t.Errorf("got %s", remarks(r))
	}
}

func TestABare11SetIsTaken(t *testing.T) {
	s, r := readOdd(t, "bare11", today)
	if r.Refused() > 0 || len(s.People) != 6 || len(s.Enrolments) != 6 || len(s.Terms) != 5 {
		t.Errorf("%v\n%+v", r.Findings, s)
	}
	if !strings.Contains(remarks(r), "6 of 6 people have no e-mail address") {
		t.Errorf("remarks: %s", remarks(r))
	}
}

func TestAnOdd12SetIsTaken(t *testing.T) {
	s, r := readOdd(t, "odd12", roster.NewDate(2025, time.May, 1))
	expect(t, r,
		"orgs.csv line 2 (dept-sci): mended: its parent",
		`users.csv line 1: mended: the header "prefferedGivenName" is read as preferredGivenName`,
		`users.csv line 4 (paul): mended: its agentSourcedIds name "lena": a tie needs a student and a guardian, these are siteAdministrator and student`,
		"users.csv line 5 (karl): mended: its agentSourcedIds name",
		"users.csv line 7 (nils): mended: its agentSourcedIds name",
		"enrollments.csv lines 3, 6: ")
	if got := person(t, s, "lena"); got.Preferred != "Leni" {
		t.Errorf("Lena goes by %q", got.Preferred)
	}
	// The teacher's second role, guardian, ties her to the students that name her.
	if len(s.Guardianships) != 2 || s.Guardianships[0].Guardian != "vera" {
		t.Errorf("ties: %v", s.Guardianships)
	}
}

func TestARoleOfGuardianThatEndedTiesNobody(t *testing.T) {
	s, r := readOdd(t, "odd12", today)
	if len(s.Guardianships) > 0 || !strings.Contains(r.Findings[2].Reason, "the role of guardian ended on 2025-09-23") {
		t.Errorf("%v\n%v", s.Guardianships, r.Findings)
	}
	if !strings.Contains(remarks(r), "6 of 6 people hold no role today.") {
		t.Errorf("remarks: %s", remarks(r))
	}
}
