package oneroster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

func TestRefusalsComeBeforeCorrections(t *testing.T) {
	_, r := lakeside().with("orgs.csv", "North School,school", "North School,campus").
		and("enrollments.csv", "e9,,,algebra,north,nobody,student,,,").read(t)
	expect(t, r, "enrollments.csv line 5 (e9): refused: ", "orgs.csv line 3 (north): mended: ")
	if r.Refused() != 1 || r.Mended() != 1 {
		t.Errorf("%d refused, %d mended", r.Refused(), r.Mended())
	}
}

func TestEqualCorrectionsAreOneFinding(t *testing.T) {
	d := lakeside()
	for n := range 30 {
		d = d.and("classes.csv", fmt.Sprintf("s%d,,,Class %d,09,c1,,,,north,q1,,,", n, n))
		if n%2 == 0 {
			d = d.and("classes.csv", fmt.Sprintf("x%d,,,Class %d,09,c1,,,,north,autumn,,,", n, n))
		}
	}
	_, r := d.read(t)
	expect(t, r, `classes.csv lines 3, 5-6, 8-9, `)
	if all := r.Findings[0].String(); !strings.HasSuffix(all, `, 44-45, 47: mended: its term "q1" is not in academicSessions.csv: it has no days`) {
		t.Errorf("the report says %s", all)
	}
	if brief := r.Findings[0].Brief(); !strings.Contains(brief, ", 35-36 and 7 more: mended: its term") {
		t.Errorf("printed is %s", brief)
	}
}

func TestCorrectionsNeverEndAnImport(t *testing.T) {
	s, _ := specOf(usersFile)
	r := newReading(t.Context(), &Source{}, Options{Today: today})
	table := &table{reading: r, spec: s, kinds: []roster.Kind{roster.KindPerson}}
	for n := range MaxCorrections + 3 {
		table.mendAt("x", Span{n + 2, n + 2}, fmt.Sprint("reason ", n))
	}
	if n := len(r.report.Findings); n != MaxCorrections+1 {
		t.Fatalf("%d findings", n)
	}
	last := r.report.Findings[MaxCorrections]
	if want := (Span{MaxCorrections + 2, MaxCorrections + 4}); len(last.Lines) != 1 || last.Lines[0] != want || last.SourcedID != "" {
		t.Errorf("the others are named as %+v", last)
	}
}

func TestRolesOfADistrictsOwnAreNotRefused(t *testing.T) {
	s, r := lakeside().and("roles.csv", "r5,,,ruiz,secondary,ext:nurse,,,north,").and("roles.csv", "r6,,,ana,secondary,EXT:coach,,,north,").
		and("enrollments.csv", "e4,,,algebra,north,ana,ext:helper,,,").read(t)
	expect(t, r, "roles.csv lines 6-7: mended: a role of the district's own (ext:)", "enrollments.csv line 5: mended: a role of its own (ext:)")
	if !s.Whole[roster.KindRole] || len(person(t, s, "ruiz").Roles) != 1 || len(s.Enrolments) != 3 {
		t.Errorf("got %+v", s)
	}
	_, r = lakeside().and("roles.csv", "r5,,,ruiz,secondary,ext,,,north,").read(t)
	expect(t, r, `roles.csv line 6 (ruiz): refused: the role "ext" is not one of OneRoster's`)
}

func TestTheAgentsOfVersion10AreRead(t *testing.T) {
	s, r := lakeside().with("users.csv", "agentSourcedIds", "agents").read(t)
	expect(t, r, `users.csv line 1: mended: the header "agents" is read as agentSourcedIds`)
	if len(s.Guardianships) != 2 {
		t.Errorf("ties: %v", s.Guardianships)
	}
}

func TestATermThatWasRefusedIsNamedAsThat(t *testing.T) {
	s, r := lakeside().with("academicSessions.csv", "2026-08-20", "soon").read(t)
	expect(t, r, "academicSessions.csv line 2 (autumn): refused",
		`classes.csv line 2 (algebra): mended: the row of its term "autumn" was refused (academicSessions.csv line 2): the term stays as it is stored`)
	if !s.Unknown[roster.KindTerm]["autumn"] || len(s.Sections[0].Terms) != 1 {
		t.Errorf("got %+v", s)
	}
}

func TestVersionsOfTheManifest(t *testing.T) {
	for version, remarked := range map[string]bool{"1.0": false, "1.1": false, "1.2": false, "1.2.1": false, "1.1.2": false, "2.0": true, "1.20": true, "": true} {
		_, r := lakeside().with("manifest.csv", "oneroster.version,1.2", "oneroster.version,"+version).read(t)
		if strings.Contains(remarks(r), "names the OneRoster version") != remarked {
			t.Errorf("%q: %s", version, remarks(r))
		}
	}
}

func TestWhatNobodySeesIsNoPartOfAnIdentifier(t *testing.T) {
	for _, hidden := range []string{
		"\uFEFF", "\u200B", "\u200C", "\u200D", "\u200E", "\u2060", "\u2064", "\u00AD", "\u034F", "\u061C", "\u180E", "\uFE0F", "\u3164", "\U000E0041",
	} {
		s, r := lakeside().with("users.csv", "leo,", "le"+hidden+"o"+hidden+",").with("users.csv", "ana@example.com", hidden+"ana@example.com"+hidden).
			with("users.csv", ",ana,09", ",a"+hidden+"na,09").with("roles.csv", "student", hidden+"student").
			with("enrollments.csv", "e2,", hidden+" e2,").read(t)
		expect(t, r)
		if person(t, s, "ana").Email != "ana@example.com" || len(s.Guardianships) != 2 || len(s.People) != 4 {
			t.Errorf("%+q: %+v", hidden, s)
		}
		if _, ok := enrolment(s, "e2"); !ok {
			t.Errorf("%+q: %v", hidden, s.Enrolments)
		}
	}
	_, r := lakeside().with("users.csv", "Eva,Diaz", "\u200B,\u00AD").read(t)
	expect(t, r, "users.csv line 4 (eva): refused: it has neither a givenName nor a familyName",
		"roles.csv line 4 (eva): refused", "enrollments.csv line 4 (e3): refused", "users.csv line 5 (ana): mended")
	// A sign that one does see is part of it.
	if ignorable('\u0600') || ignorable('a') || ignorable('é') || ignorable('字') {
		t.Error("what is seen is left out")
	}
}

func TestMarksAreLeftOutWhereverTheyStand(t *testing.T) {
	d := lakeside()
	for name := range d {
		d[name] = "\uFEFF" + strings.ReplaceAll(d[name], "\n", "\r\n\uFEFF")
	}
	d["users.csv"] = strings.Replace(d["users.csv"], "\uFEFFleo,", "\uFEFF\"leo\",", 1)
	s, r := d.read(t)
	expect(t, r)
	if person(t, s, "leo").Given != "Leonardo" || len(s.People) != 4 || len(s.Enrolments) != 3 {
		t.Errorf("got %+v", s)
	}
}

// What is shown of many corrections are a few of each kind, after what was refused.
func TestOfManyCorrectionsAFewOfEachKindAreShown(t *testing.T) {
	d := lakeside().and("users.csv", "x,,,maybe,,,X,X,,,,,,,,,,,")
	for n := range 100 {
		d = d.and("users.csv", fmt.Sprintf(`s%d,,,true,,,S,S,,,,,,"ghost %d",09,,,,`, n, n))
	}
	_, r := d.and("enrollments.csv", "x4,,,algebra,north,ana,guardian,,,").read(t)
	var shown []string
	for _, f := range r.Shown(40) {
		shown = append(shown, f.String())
	}
	if len(shown) != 5 || !strings.Contains(shown[0], "refused") || !strings.Contains(shown[3], `"ghost 2"`) || !strings.Contains(shown[4], "guardians are not enrolled") {
		t.Errorf("shown are\n%s", strings.Join(shown, "\n"))
	}
	if len(r.Findings) != 102 || len(r.Shown(1)) != 1 {
		t.Errorf("%d findings", len(r.Findings))
	}
}
