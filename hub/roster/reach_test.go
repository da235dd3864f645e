package roster

import (
	"fmt"
	"slices"
	"testing"
)

func reachLines(changes []ReachChange) []string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = c.String()
	}
	return lines
}

func expectLines(t *testing.T, what string, got []ReachChange, want ...string) {
	t.Helper()
	if lines := reachLines(got); !slices.Equal(lines, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, lines, want)
	}
}

func withPrincipals(names ...string) func(*Snapshot) {
	return func(s *Snapshot) {
		for _, name := range names {
			s.People = append(s.People, SnapshotPerson{SourcedID: name, Given: name, Roles: []SnapshotRole{{Org: "north", Role: Principal}}})
		}
	}
}

func TestTheReportOfTheFirstImportSaysWhoReachesWhom(t *testing.T) {
	first := but(withPrincipals("Abe", "Bea", "Cy", "Dan"))
	r := ReachDiff(State{}, Compare(State{}, first), today, 10)
	expectLines(t, "by section", r.BySection, "ruiz gains 2 students (Algebra 1)")
	expectLines(t, "by organisation", r.ByOrg, "Abe, Bea, Cy and 1 more gain 2 students (North School)")
	if r.Taught != 1 {
		t.Errorf("%d people teach, want one", r.Taught)
	}
}

func TestTheReportSaysWhoWouldGainAndLose(t *testing.T) {
	state := made(State{}, Compare(State{}, but(withPrincipals("Abe"))))
	next := but(both(withPrincipals("Abe"), withoutPerson("leo"), func(s *Snapshot) {
		for _, id := range []string{"mia", "noa"} {
			s.People = append(s.People, SnapshotPerson{SourcedID: id, Given: id, Roles: []SnapshotRole{{Org: "north", Role: Student}}})
		}
		s.Enrolments = append(s.Enrolments[:1:1], s.Enrolments[2],
			SnapshotEnrolment{SourcedID: "e4", Person: "mia", Section: "algebra", Role: Student},
			SnapshotEnrolment{SourcedID: "e5", Person: "mia", Section: "algebra", Role: Student})
	}))
	r := ReachDiff(state, Compare(state, next), today, 10)
	expectLines(t, "by section", r.BySection, "ruiz gains 1 and loses 1 students (Algebra 1)")
	expectLines(t, "by organisation", r.ByOrg, "Abe gains 2 and loses 1 students (North School)")
}

func TestAnImportThatChangesNothingGivesAnEmptyReport(t *testing.T) {
	state := imported()
	r := ReachDiff(state, Compare(state, lakeside()), today, 10)
	if len(r.BySection)+len(r.ByOrg)+r.MoreBySection+r.MoreByOrg != 0 || r.Taught != 1 {
		t.Errorf("got %+v", r)
	}
}

func TestWhereTheTermsHaveEndedNobodyIsTaught(t *testing.T) {
	ended := but(func(s *Snapshot) { s.Terms[0].End = today })
	r := ReachDiff(State{}, Compare(State{}, ended), today, 10)
	if r.Taught != 0 || len(r.BySection) != 0 {
		t.Errorf("got %+v", r)
	}
	state := imported()
	r = ReachDiff(state, Compare(state, ended), today, 10)
	expectLines(t, "by section", r.BySection, "ruiz loses 2 students (Algebra 1)")
}

func TestTheReportListsTheLargestChangesFirstAndCountsTheRest(t *testing.T) {
	many := but(func(s *Snapshot) {
		for n := range 5 {
			teacher, section := fmt.Sprint("t", n), fmt.Sprint("s", n)
			s.People = append(s.People, SnapshotPerson{SourcedID: teacher, Given: teacher, Roles: []SnapshotRole{{Org: "north", Role: Teacher}}})
			s.Sections = append(s.Sections, SnapshotSection{SourcedID: section, Title: section})
			s.Enrolments = append(s.Enrolments, SnapshotEnrolment{SourcedID: teacher, Person: teacher, Section: section, Role: Teacher})
			for m := range n {
				student := fmt.Sprint("p", n, m)
				s.People = append(s.People, SnapshotPerson{SourcedID: student, Roles: []SnapshotRole{{Org: "north", Role: Student}}})
				s.Enrolments = append(s.Enrolments, SnapshotEnrolment{SourcedID: student, Person: student, Section: section, Role: Student})
			}
		}
	})
	state := imported()
	r := ReachDiff(state, Compare(state, many), today, 2)
	expectLines(t, "by section", r.BySection, "t4 gains 4 students (s4)", "t3 gains 3 students (s3)")
	if r.MoreBySection != 2 {
		t.Errorf("%d more, want those of t2 and t1", r.MoreBySection)
	}
}

func TestAnEnrolmentThatEndsIsReachLost(t *testing.T) {
	state := imported()
	r := ReachDiff(state, Compare(state, but(func(s *Snapshot) { s.Enrolments = s.Enrolments[:2] })), today, 10)
	expectLines(t, "by section", r.BySection, "ruiz loses 1 student (Algebra 1)")
	expectLines(t, "by organisation", r.ByOrg)
}

// R6: staff who take a course among colleagues remain staff.
func TestStaffWhoTakeACourseAreNobodysReach(t *testing.T) {
	state := imported()
	r := ReachDiff(state, Compare(state, but(func(s *Snapshot) {
		s.People = append(s.People, SnapshotPerson{SourcedID: "kay", Roles: []SnapshotRole{{Org: "north", Role: Teacher}}})
		s.Enrolments = append(s.Enrolments, SnapshotEnrolment{SourcedID: "e4", Person: "kay", Section: "algebra", Role: Student})
	})), today, 10)
	expectLines(t, "by section", r.BySection)
}

func TestWhoIsGoneOrAnAideHasNoReachInTheReport(t *testing.T) {
	state := made(State{}, Compare(State{}, but(withPrincipals("Abe"))))
	r := ReachDiff(state, Compare(state, but(both(withoutPerson("ruiz"), func(s *Snapshot) { // and without Abe
		s.People = append(s.People, SnapshotPerson{SourcedID: "pat", Roles: []SnapshotRole{{Org: "north", Role: Aide}}})
		s.Enrolments = append(s.Enrolments, SnapshotEnrolment{SourcedID: "e4", Person: "pat", Section: "algebra", Role: Teacher})
	}))), today, 10)
	expectLines(t, "by section", r.BySection, "ruiz loses 2 students (Algebra 1)")
	expectLines(t, "by organisation", r.ByOrg, "Abe loses 2 students (North School)")
	if r.Taught != 0 {
		t.Errorf("%d people teach, want none", r.Taught)
	}
}
