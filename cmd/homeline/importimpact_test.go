package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stored is a school with what a case holds before its delivery.
func stored(t *testing.T, name string) (data, delivery string) {
	t.Helper()
	data = folder(t)
	must(t, "district", "create", "lincoln", "--data", data)
	must(t, "import", filepath.Join("testdata", "rosters", name, "before"), "--data", data)
	return data, filepath.Join("testdata", "rosters", name, "delivery")
}

func TestAddressesThatAreMovedByARowStopAnImport(t *testing.T) {
	data, delivery := stored(t, "shifted")
	for _, args := range [][]string{{"--dry-run"}, {}} {
		run(t, append([]string{"import", delivery, "--data", data}, args...)...).expect(t, statusLimits,
			"change 9 of 9 addresses", "give 9 of 9 addresses to other people",
			"ben@school.example: from Ben Moor (a2) to Ada Lind (a1)", "--allow-large")
	}
	run(t, "import", delivery, "--data", data, "--allow-large").expect(t, 0, "people: 9 changed")
}

func TestARecycledSourcedIDIsNamedByItsLineAndTakenOnlyWhenToldWhoItIs(t *testing.T) {
	data, delivery := stored(t, "recycled")
	says := []string{
		"users.csv line 10 (g3): refused: it was Guy Moor, guy@home.example and is Zoe Ferrari, zoe@other.example",
		"--same-person g3", "people: 9 as they were",
	}
	run(t, "import", delivery, "--data", data, "--dry-run").expect(t, statusRefused, says...)
	run(t, "import", delivery, "--data", data).expect(t, statusRefused, says...)
	run(t, "import", delivery, "--data", data, "--dry-run", "--same-person", "g3").expect(t, 0, "people: 1 changed, 8 as they were")
	run(t, "import", delivery, "--data", data, "--new-person", "all").expect(t, 0,
		"people: 1 new, 1 gone, 8 as they were", "ties of guardians: 1 new", "Guy Moor (g3~until-")
	run(t, "import", delivery, "--data", data).expect(t, 0, "people: 9 as they were")
}

func TestGuardiansWhoAreNotEnabledAreCountedAndNamedInTheReport(t *testing.T) {
	data, report := folder(t), filepath.Join(t.TempDir(), "report.txt")
	must(t, "district", "create", "lincoln", "--data", data)
	run(t, "import", filepath.Join("testdata", "rosters", "notenabled", "delivery"), "--data", data, "--report", report).expect(t, 0,
		"Of 3 guardians, not enabled (enabledUser is false) and so not here: 3", "Active students whom this leaves without any guardian: 2",
		"  … 2 lines: --report FILE writes all", "Gone, and signed out wherever they were: 0.")
	written, err := os.ReadFile(report)
	for _, line := range []string{"Guy Moor (g3)", "Ben Moor (a2)"} {
		if err != nil || !strings.Contains(string(written), line) {
			t.Errorf("%s is not in the report (%v):\n%s", line, err, written)
		}
	}
}

// A teacher who is a parent under a second sourcedId, with the same address.
func TestR28ATeacherKeepsTheAddressThatAGuardianComesWith(t *testing.T) {
	data := lincoln(t)
	files := smallRoster()
	files["users.csv"] += "anap,,,true,hs,parent,anap,Ana,Ruiz,ana@school.example,leo\n"
	path := rosterFolder(t, files)
	says := "ana@school.example: Ana Ruiz (ana) keeps it, having had it first; Ana Ruiz (anap) is not opened"
	run(t, "import", path, "--data", data, "--dry-run").expect(t, 0, says)
	run(t, "import", path, "--data", data).expect(t, 0, says)
	again := run(t, "import", path, "--data", data)
	again.expect(t, 0, says, "people: 4 as they were")
	doctor := []string{"doctor", "--data", data, "--no-idle"}
	run(t, doctor...).expect(t, 0, "NOTE   address of several in lincoln: "+says, "homeline district confirm-address ana@school.example")

	must(t, "district", "confirm-address", "ana@school.example", "--person", "anap", "--data", data)
	if r := run(t, append(doctor, "--data", data)...); strings.Contains(r.out, "NOTE") {
		t.Errorf("what the district has confirmed is listed:\n%s", r.out)
	}
	if r := run(t, "import", path, "--data", data); strings.Contains(r.out, "ana@school.example") {
		t.Errorf("an import undoes what the district has confirmed:\n%s", r.out)
	}
}

func TestR28OfTwoWhoComeWithOneAddressNeitherGetsIt(t *testing.T) {
	data := folder(t)
	must(t, "district", "create", "lincoln", "--data", data)
	files := smallRoster()
	files["users.csv"] = strings.Replace(files["users.csv"], "rosa@mail.example", "ana@school.example", 1)
	run(t, "import", rosterFolder(t, files), "--data", data).
		expect(t, 0, "ana@school.example: Ana Ruiz (ana) is not opened; Rosa Vega (rosa) is not opened")
}

func TestTheReportHasTheLinesThatAreNotPrinted(t *testing.T) {
	data, report := lincoln(t), filepath.Join(t.TempDir(), "report.txt")
	files := smallRoster()
	files["enrollments.csv"] = strings.SplitAfter(files["enrollments.csv"], "\n")[0]
	files["users.csv"] = strings.Replace(files["users.csv"], "rosa,,,true", "rosa,,,false", 1)
	run(t, "import", rosterFolder(t, files), "--data", data, "--allow-large", "--report", report).expect(t, 0,
		"Active teachers without a class: 1", "Active students without a class: 1")
	written, err := os.ReadFile(report)
	for _, line := range []string{"  Ana Ruiz (ana)", "  Leo Vega (leo)", "  Rosa Vega (rosa), parent"} {
		if err != nil || !strings.Contains(string(written), line+"\n") {
			t.Errorf("%q is not in the report (%v):\n%s", line, err, written)
		}
	}
}
