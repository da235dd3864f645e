package oneroster

import (
	"slices"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

// R24: "A row that was refused, a file that was absent, a delta file mean
// unknown: nothing is taken from anybody."

func TestR24WhatARefusedRowIsAboutIsUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		file, row, finding string
		kind               roster.Kind
		id                 string
	}{
		"an organisation":  {"orgs.csv", "x,archived,,X,school,,", "orgs.csv line 4 (x): refused: the status", roster.KindOrg, "x"},
		"a term":           {"academicSessions.csv", "x,,,X,term,soon,2027-01-20,,", `academicSessions.csv line 3 (x): refused: "soon" is not a date`, roster.KindTerm, "x"},
		"a backward term":  {"academicSessions.csv", "x,,,X,term,2027-01-20,2026-01-20,,", "academicSessions.csv line 3 (x): refused: it ends", roster.KindTerm, "x"},
		"a section":        {"classes.csv", "x,,,,09,,,,,north,autumn,,,", "classes.csv line 3 (x): refused: it has no title", roster.KindSection, "x"},
		"a person":         {"users.csv", "x,,,maybe,,,X,X,,,,,,,,,,,", "users.csv line 6 (x): refused: enabledUser", roster.KindPerson, "x"},
		"a nameless one":   {"users.csv", "x,,,true,,,,,,,,,,,,,,,", "users.csv line 6 (x): refused: it has neither", roster.KindPerson, "x"},
		"a role":           {"roles.csv", "x,,,ana,secondary,janitor,,,d,", `roles.csv line 6 (ana): refused: the role "janitor"`, roster.KindRole, "ana"},
		"an enrolment":     {"enrollments.csv", "x,,,algebra,north,leo,student,,2026-13-01,", `enrollments.csv line 5 (x): refused: "2026-13-01" is no day`, roster.KindEnrolment, "x"},
		"nobody's":         {"enrollments.csv", "x,,,algebra,north,stranger,student,,,", `enrollments.csv line 5 (x): refused: its person "stranger" is not in users.csv`, roster.KindEnrolment, "x"},
		"in no class":      {"enrollments.csv", "x,,,botany,north,leo,student,,,", `enrollments.csv line 5 (x): refused: its class "botany" is not in classes.csv`, roster.KindEnrolment, "x"},
		"without a role":   {"enrollments.csv", "x,,,algebra,north,leo,,,,", "enrollments.csv line 5 (x): refused: it has no role", roster.KindEnrolment, "x"},
		"too few cells":    {"users.csv", "x,,,true,,,X", "users.csv line 6 (x): refused: it has 7 cells under 19 headers", roster.KindPerson, "x"},
		"too many cells":   {"users.csv", "x,,,true,,,X,Y, Jr.,,,,,,,,,,,,north", "users.csv line 6 (x): refused: it has 21 cells", roster.KindPerson, "x"},
		"text after quote": {"users.csv", `x,,,true,,,"Bob" B,Y,,,,,,,,,,,`, "users.csv line 6 (x): refused: something stands between", roster.KindPerson, "x"},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := lakeside().and(c.file, c.row).read(t)
			if len(r.Findings) == 0 || !strings.HasPrefix(r.Findings[0].String(), c.finding) {
				t.Fatalf("findings: %v", r.Findings)
			}
			if !s.Unknown[c.kind][c.id] || !s.Whole[c.kind] {
				t.Errorf("unknown %v, whole %v", s.Unknown, s.Whole)
			}
		})
	}
}

func TestR24ARowWithoutAnIdentifierLeavesItsFileInDoubt(t *testing.T) {
	for file, row := range map[string]string{
		"orgs.csv": ",,,X,school,,", "academicSessions.csv": ",,,X,term,2026-08-20,2027-01-20,,",
		"classes.csv": ",,,X,,,,,,north,autumn,,,", "users.csv": ",,,true,,,X,X,,,,,,,,,,,",
		"roles.csv": "x,,,,primary,student,,,north,", "enrollments.csv": ",,,algebra,north,leo,student,,,",
	} {
		s, r := lakeside().and(file, row).read(t)
		if r.Refused() != 1 {
			t.Errorf("%s: %v", file, r.Findings)
		}
		kind := map[string]roster.Kind{
			"orgs.csv": roster.KindOrg, "academicSessions.csv": roster.KindTerm, "classes.csv": roster.KindSection,
			"users.csv": roster.KindPerson, "roles.csv": roster.KindRole, "enrollments.csv": roster.KindEnrolment,
		}[file]
		if s.Whole[kind] {
			t.Errorf("%s: %s is whole", file, kind)
		}
		if ties := kind == roster.KindPerson || kind == roster.KindRole; ties == s.Whole[roster.KindGuardianship] {
			t.Errorf("%s: ties are whole: %v", file, s.Whole[roster.KindGuardianship])
		}
	}
}

func TestR24NothingFollowsFromAnAbsentFile(t *testing.T) {
	for file, kinds := range map[string][]roster.Kind{
		"orgs.csv": {roster.KindOrg}, "academicSessions.csv": {roster.KindTerm}, "classes.csv": {roster.KindSection},
		"users.csv": {roster.KindPerson, roster.KindGuardianship}, "roles.csv": {roster.KindRole, roster.KindGuardianship},
		"enrollments.csv": {roster.KindEnrolment},
	} {
		for _, manifest := range []string{"absent", "none"} {
			d := lakeside().without(file)
			if manifest == "none" {
				d = d.without("manifest.csv")
			} else {
				s, _ := specOf(file)
				d = d.with("manifest.csv", s.property()+",bulk", s.property()+",absent")
			}
			s, r := d.read(t)
			for _, k := range kinds {
				if s.Whole[k] {
					t.Errorf("%s (%s): %s is whole", file, manifest, k)
				}
			}
			if !strings.Contains(remarks(r), file) {
				t.Errorf("%s (%s): nobody says so: %s", file, manifest, remarks(r))
			}
		}
	}
}

func TestR24NothingFollowsFromADeltaFile(t *testing.T) {
	d := lakeside()
	d["manifest.csv"] = strings.ReplaceAll(d["manifest.csv"], ",bulk", ",delta")
	d = d.with("users.csv", "eva,,", "eva,tobedeleted,")
	// Who is not in this part of the roster may be in another.
	d = d.and("enrollments.csv", "x,,,botany,north,stranger,student,,,")
	s, r := d.read(t)
	expect(t, r)
	for _, k := range []roster.Kind{roster.KindOrg, roster.KindPerson, roster.KindRole, roster.KindEnrolment, roster.KindGuardianship} {
		if s.Whole[k] {
			t.Errorf("%s is whole", k)
		}
	}
	if !person(t, s, "eva").Gone {
		t.Error("what a delta file says is gone, is")
	}
	if e, ok := enrolment(s, "x"); !ok || e.Person != "stranger" || e.Section != "botany" {
		t.Errorf("the enrolment of somebody in another part is lost: %v", e)
	}
}

func TestR24WhoIsAGuardianInAnotherPartIsNotKnown(t *testing.T) {
	d := lakeside().with("manifest.csv", "file.users,bulk", "file.users,delta").
		with("users.csv", ",ana,09,", ",elsewhere,09,").with("users.csv", ",eva,,,", ",absent-child,,,")
	s, r := d.read(t)
	expect(t, r)
	want := []roster.SnapshotNamed{{Person: "leo", Agent: "elsewhere"}, {Person: "ana", Agent: "absent-child"}}
	if !slices.Equal(s.Named, want) || len(s.Guardianships) != 0 {
		t.Errorf("left to the store are %v, tied are %v", s.Named, s.Guardianships)
	}
}

func TestR24AnUnknownRoleEndsNoTie(t *testing.T) {
	s, _ := lakeside().with("roles.csv", "primary,parent", "primary,nanny").read(t)
	if len(s.Guardianships) != 0 || !s.Unknown[roster.KindGuardianship]["ana"] || !s.Unknown[roster.KindGuardianship]["leo"] {
		t.Errorf("%v %v", s.Guardianships, s.Unknown)
	}
}

func TestR24WithoutAColumnForItNoTieEnds(t *testing.T) {
	s, r := lakeside().with("users.csv", "agentSourcedIds", "x.relatives").read(t)
	if s.Whole[roster.KindGuardianship] || !strings.Contains(remarks(r), "no column agentSourcedIds") {
		t.Errorf("%v %s", s.Whole, remarks(r))
	}
}

func TestAFileThatTheManifestPromisedIsMissed(t *testing.T) {
	s, r := lakeside().without("roles.csv").read(t)
	if r.Refused() != 1 || !strings.HasPrefix(r.Findings[0].String(), "manifest.csv line 9: refused: it says bulk of roles.csv") {
		t.Errorf("%v", r.Findings)
	}
	if s.Whole[roster.KindRole] || len(s.Guardianships) > 0 || s.Whole[roster.KindGuardianship] {
		t.Errorf("%v", s.Whole)
	}
}

func TestR24AFileCutOffIsNotWhole(t *testing.T) {
	d := lakeside()
	d["enrollments.csv"] = d["enrollments.csv"][:len(d["enrollments.csv"])-10]
	s, r := d.read(t)
	expect(t, r, "enrollments.csv line 4 (e3): refused: the file ends after 7 of 10 cells")
	if s.Whole[roster.KindEnrolment] {
		t.Error("it may have had more rows")
	}
}

// A quote that is closed by the next one swallows the rows between.
func TestR24ARowThatMayHaveSwallowedOthersLeavesItsFileInDoubt(t *testing.T) {
	d := lakeside().with("users.csv", "Ruiz,,,Clara", `"Ruiz,,,Clara`).with("users.csv", ",Eva,", `,"Eva",`)
	s, r := d.read(t)
	if s.Whole[roster.KindPerson] || s.Whole[roster.KindGuardianship] || !s.Unknown[roster.KindPerson]["ruiz"] {
		t.Errorf("%v %v", s.Whole, s.Unknown)
	}
	if !strings.HasPrefix(r.Findings[0].String(), "users.csv lines 2-4 (ruiz): refused: something stands between") {
		t.Errorf("%v", r.Findings)
	}
}

// Files that were put together without a line end between them have one row of two.
func TestR24ARowWithTheCellsOfTwoLeavesItsFileInDoubt(t *testing.T) {
	s, r := lakeside().with("users.csv", "north\nleo,", "northleo,").read(t)
	if s.Whole[roster.KindPerson] || s.Whole[roster.KindGuardianship] || !s.Unknown[roster.KindPerson]["ruiz"] {
		t.Errorf("%v %v", s.Whole, s.Unknown)
	}
	if !strings.HasPrefix(r.Findings[0].String(), "users.csv line 2 (ruiz): refused: it has 37 cells under 19 headers") {
		t.Errorf("%v", r.Findings)
	}
}

// A comma is missing in such a row, and all behind it stands under other headers. An
// exporter that leaves out empty cells at the end leaves none there, or leaves out as
// many in each row.
func TestR24AShortRowThatEndsInAnEmptyCellIsRefused(t *testing.T) {
	d := lakeside().with("users.csv", "leo,,,true,,,Leonardo,Diaz,,,,,,ana,09,S3cret,,Leo,north", "leo,,,true,,,Leonardo,Diaz,,,,,ana,09,S3cret,,Leo,")
	s, r := d.read(t)
	if r.Refused() == 0 || !strings.HasPrefix(r.Findings[0].String(), "users.csv line 3 (leo): refused: it has 18 cells under 19 headers") || !s.Unknown[roster.KindPerson]["leo"] {
		t.Errorf("%v", r.Findings)
	}
	d = lakeside()
	d["users.csv"] = strings.ReplaceAll(d["users.csv"], ",north\n", "\n")
	d["users.csv"] = strings.ReplaceAll(d["users.csv"], ",,,,d\n", ",,,\n")
	_, r = d.read(t)
	expect(t, r)
}

func TestADeltaFileEndsRolesByTheirSourcedIdsAlone(t *testing.T) {
	d := lakeside().with("manifest.csv", "file.roles,bulk", "file.roles,delta")
	d["roles.csv"] = "sourcedId,status\nr3,tobedeleted\nr4,active\n"
	s, r := d.read(t)
	expect(t, r, "roles.csv line 3: refused: it names nobody")
	if !slices.Equal(s.EndedRoles, []string{"r3"}) {
		t.Errorf("ended are %v", s.EndedRoles)
	}
	d["manifest.csv"] = strings.Replace(d["manifest.csv"], "file.roles,delta", "file.roles,bulk", 1)
	if e := d.refusal(t, "roles.csv", 1); !strings.HasPrefix(e.Reason, `there is no column userSourcedId: the first row is "sourcedId", "status"`) {
		t.Errorf("got %v", e)
	}
}

func TestTwoRowsOfOneIdentifier(t *testing.T) {
	s, r := lakeside().and("enrollments.csv", "e3,,,algebra,north,eva,student,,,").read(t)
	expect(t, r, "enrollments.csv line 5 (e3): mended: it repeats line 4")
	if len(s.Enrolments) != 3 {
		t.Errorf("%v", s.Enrolments)
	}
	s, r = lakeside().and("enrollments.csv", "e3,,,algebra,north,leo,student,,,").and("enrollments.csv", "e3,,,algebra,north,eva,student,,,").read(t)
	expect(t, r, "enrollments.csv line 4 (e3): refused: another row of the same sourcedId was refused",
		"enrollments.csv line 5 (e3): refused: line 4 has the same sourcedId and says otherwise",
		"enrollments.csv line 6 (e3): refused: the row of the same sourcedId in line 5 was refused")
	if _, ok := enrolment(s, "e3"); ok || !s.Unknown[roster.KindEnrolment]["e3"] || len(s.Enrolments) != 2 {
		t.Errorf("%v %v", s.Enrolments, s.Unknown)
	}
}

func TestWhatNamesARefusedRowIsRefusedWithIt(t *testing.T) {
	s, r := lakeside().with("users.csv", "leo,,,true", "leo,,,perhaps").read(t)
	expect(t, r, "users.csv line 3 (leo): refused", "roles.csv line 3 (leo): refused: the row of its person was refused (users.csv line 3)",
		`enrollments.csv line 3 (e2): refused: the row of its person "leo" was refused (users.csv line 3)`)
	if len(s.Guardianships) != 1 || !s.Unknown[roster.KindPerson]["leo"] || !s.Unknown[roster.KindEnrolment]["e2"] {
		t.Errorf("%v %v", s.Guardianships, s.Unknown)
	}
}
