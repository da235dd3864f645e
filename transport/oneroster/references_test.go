package oneroster

import (
	"slices"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

func TestOrganisationsWithoutASoundParent(t *testing.T) {
	d := lakeside().and("orgs.csv", "math,,,Mathematics,department,,nowhere").
		and("orgs.csv", "a,,,A,SCHOOL,,b").and("orgs.csv", "b,,,B,campus,,a").and("orgs.csv", "n,,,,school,,d")
	s, r := d.read(t)
	expect(t, r,
		"orgs.csv line 4 (math): mended: its parent nowhere is not in the file",
		"orgs.csv line 5 (a): mended: its parent b is below it",
		`orgs.csv line 6 (b): mended: the type "campus" is not OneRoster's: taken for a school`,
		"orgs.csv line 7 (n): mended: it has no name")
	want := []roster.SnapshotOrg{
		{SourcedID: "math", Name: "Mathematics", Type: "department"}, {SourcedID: "a", Name: "A", Type: "school"},
		{SourcedID: "b", Name: "B", Type: "school", Parent: "a"}, {SourcedID: "n", Name: "n", Type: "school", Parent: "d"},
	}
	if !slices.Equal(s.Orgs[2:], want) {
		t.Errorf("got %+v", s.Orgs[2:])
	}
}

func TestARoleAtAnOrganisationThatIsNotThereIsARoleWithoutOne(t *testing.T) {
	s, r := lakeside().with("roles.csv", "teacher,,,north", "teacher,,,south").read(t)
	expect(t, r, `roles.csv line 2 (ruiz): mended: the organisation "south" is not in orgs.csv: left out`)
	if got := person(t, s, "ruiz").Roles; !slices.Equal(got, []roster.SnapshotRole{{SourcedID: "r1", Role: roster.Teacher}}) {
		t.Errorf("got %v", got)
	}
}

func TestASectionWhoseTermIsNotThereNamesItAllTheSame(t *testing.T) {
	s, r := lakeside().with("classes.csv", "north,autumn", "north,spring").read(t)
	expect(t, r, `classes.csv line 2 (algebra): mended: its term "spring" is not in academicSessions.csv: it has no days`)
	if !slices.Equal(s.Sections[0].Terms, []string{"spring"}) {
		t.Errorf("a section without terms would always meet: %v", s.Sections[0].Terms)
	}
	if !strings.Contains(remarks(r), "1 of 1 sections name terms, and none of them is known") {
		t.Errorf("remarks: %s", remarks(r))
	}
	// Leo's enrolment has dates of its own.
	if strings.Contains(remarks(r), "No enrolment is current") {
		t.Errorf("remarks: %s", remarks(r))
	}
}

func TestATermThatIsGoneHasNoDays(t *testing.T) {
	_, r := lakeside().with("academicSessions.csv", "autumn,,", "autumn,tobedeleted,").
		with("enrollments.csv", "2026-08-20,2027-01-20", ",").read(t)
	if !strings.Contains(remarks(r), "No enrolment is current") {
		t.Errorf("remarks: %s", remarks(r))
	}
}

func TestTheDayAfterTheLastATermIsOver(t *testing.T) {
	d := lakeside().with("enrollments.csv", "2026-08-20,2027-01-20", ",")
	for day, current := range map[roster.Date]bool{
		roster.NewDate(2026, 8, 19): false, roster.NewDate(2026, 8, 20): true,
		roster.NewDate(2027, 1, 19): true, roster.NewDate(2027, 1, 20): false,
	} {
		_, r := d.read(t, func(o *Options) { o.Today = day })
		if strings.Contains(remarks(r), "No enrolment is current") == current {
			t.Errorf("%s: %s", day, remarks(r))
		}
	}
}

func TestWhoIsGone(t *testing.T) {
	for _, change := range [][2]string{{"eva,,,true", "eva,,,false"}, {"eva,,", "eva,tobedeleted,"}, {"eva,,", "eva,inactive,"}, {"eva,,,true", "eva,,,0"}} {
		s, _ := lakeside().with("users.csv", change[0], change[1]).read(t)
		if !person(t, s, "eva").Gone {
			t.Errorf("%v: Eva is still here", change)
		}
	}
	s, r := lakeside().with("enrollments.csv", "e3,,", "e3,tobedeleted,").and("enrollments.csv", "e4,inactive,,algebra,north,stranger,student,,,").read(t)
	expect(t, r)
	if e, _ := enrolment(s, "e3"); !e.Gone || len(s.Enrolments) != 4 {
		t.Errorf("%+v", s.Enrolments)
	}
}

func TestEnrolmentsAgainstTheRoles(t *testing.T) {
	s, r := lakeside().
		and("enrollments.csv", "x1,,,algebra,north,ruiz,student,,,").and("enrollments.csv", "x2,,,algebra,north,leo,Teacher,,,").
		and("enrollments.csv", "x3,,,algebra,north,ruiz,aide,,,").and("enrollments.csv", "x4,,,algebra,north,ana,guardian,,,").read(t)
	expect(t, r,
		"enrollments.csv line 5 (x1): mended: somebody who is teacher in roles.csv is enrolled as student: kept",
		"enrollments.csv line 6 (x2): mended: somebody who is student in roles.csv is enrolled as teacher: kept",
		"enrollments.csv line 8: mended: guardians are not enrolled in classes: left out")
	if len(s.Enrolments) != 6 {
		t.Errorf("%v", s.Enrolments)
	}
}

func TestAgentsThatAreNoGuardians(t *testing.T) {
	s, r := lakeside().with("users.csv", ",ana,09,", `,"ana, ruiz; leo,ana,ghost",09,`).read(t)
	expect(t, r,
		`users.csv line 3 (leo): mended: its agentSourcedIds name "ruiz": a tie needs a student and a guardian, these are student and teacher`,
		"users.csv line 3 (leo): mended: its agentSourcedIds name itself",
		`users.csv line 3 (leo): mended: its agentSourcedIds name "ghost", who is not in the file`)
	if len(s.Guardianships) != 2 {
		t.Errorf("ties: %v", s.Guardianships)
	}
}

func TestARoleOfGuardianCountsOnlyWhileItLasts(t *testing.T) {
	for dates, want := range map[string]struct {
		ties   int
		reason string
	}{
		"2026-01-01,2026-11-24": {0, "the role of parent ended on 2026-11-24"},
		"2026-11-25,":           {0, "the role of parent begins only on 2026-11-25"},
		"2026-11-24,2026-11-25": {2, ""},
	} {
		s, r := lakeside().with("roles.csv", "primary,parent,,", "primary,parent,"+dates).read(t)
		if len(s.Guardianships) != want.ties || want.reason != "" && !strings.Contains(r.Findings[0].Reason, want.reason) {
			t.Errorf("%s: %v %v", dates, s.Guardianships, r.Findings)
		}
	}
}

// Some 1.1 exports have a row for each role of a person.
func TestRowsOfOnePersonThatDifferInRolesAreUnited(t *testing.T) {
	d := lakeside().without("roles.csv", "manifest.csv", "enrollments.csv")
	d["users.csv"] = lines("sourcedId,orgSourcedIds,role,givenName,familyName,agentSourcedIds,grades",
		"p,north,teacher,Pat,Moss,,", "p,d,parent,Pat,Moss,kid,", "kid,north,student,Kit,Moss,,03", "p,d,parent,Pat,Fern,,")
	_, before := d.read(t)
	expect(t, before, "users.csv line 2 (p): refused: another row",
		"users.csv line 5 (p): refused: line 2 has the same sourcedId and says otherwise", "users.csv line 3 (p): mended: its roles")
	d["users.csv"] = strings.Replace(d["users.csv"], "p,d,parent,Pat,Fern,,\n", "", 1)
	s, r := d.read(t)
	expect(t, r, "users.csv line 3 (p): mended: its roles and grades are added to those of line 2")
	if got := person(t, s, "p").Roles; !slices.Equal(got, []roster.SnapshotRole{{Org: "north", Role: roster.Teacher}, {Org: "d", Role: roster.Parent}}) {
		t.Errorf("got %v", got)
	}
	if len(s.Guardianships) != 1 {
		t.Errorf("ties: %v", s.Guardianships)
	}
}

func TestWhatIsWrittenOddlyIsMended(t *testing.T) {
	d := lakeside().with("users.csv", "Clara.Ruiz@Example.org", "\" Clara.Ruiz@Example.org \"").
		with("users.csv", "ana@example.com", "ana@example.com;ana@home").
		with("users.csv", "eva,,,true", "eva,,,yes").with("users.csv", "Eva,Diaz,,,,,,,09", "\"Eva\nMaria\",Diaz,,,,,,,\"9,K\"").
		with("users.csv", "Leonardo", strings.Repeat("Leo", 100)).with("roles.csv", "primary,teacher", "primary,School_Counsellor").
		with("roles.csv", "School_", "").with("orgs.csv", "Lakeside District", "Lakeside\u202e District")
	s, r := d.read(t)
	expect(t, r, "users.csv line 3: mended: a text of more than 200 characters was cut",
		"users.csv lines 4-5: mended: enabledUser is not written true or false", "users.csv lines 4-5: mended: grades are read",
		"users.csv line 6 (ana): mended: its e-mail is not one address")
	if got := person(t, s, "ruiz"); got.Email != "clara.ruiz@example.org" || got.Roles[0].Role != roster.Counselor {
		t.Errorf("%+v", got)
	}
	if got := person(t, s, "eva"); got.Given != "Eva Maria" || !slices.Equal(got.Grades, []string{"09", "KG"}) || got.Gone {
		t.Errorf("%+v", got)
	}
	if got := []rune(person(t, s, "leo").Given); len(got) != maxText || got[maxText-1] != '…' {
		t.Errorf("%d characters", len(got))
	}
	if s.Orgs[0].Name != "Lakeside District" {
		t.Errorf("%q", s.Orgs[0].Name)
	}
}
