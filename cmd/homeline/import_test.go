package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// oddRosters are rosters with what test sets of vendors have.
const oddRosters = "../../transport/oneroster/testdata"

func TestOddRostersAreTaken(t *testing.T) {
	for name, says := range map[string][]string{
		"odd11":  {"users.csv", "6 rows", "orgs.csv line 2 (dept-sci): mended", "No enrolment is current", "people: 6 new"},
		"bare11": {"people: ", " new", "have no e-mail address"},
		"odd12":  {"roles.csv", "people: ", " new"},
	} {
		t.Run(name, func(t *testing.T) {
			path, data := filepath.Join(oddRosters, name), folder(t)
			must(t, "district", "create", "other", "--data", data)
			first := run(t, "import", path, "--data", data)
			if first.status != 0 && first.status != statusRefused {
				t.Errorf("it ended with %d:\n%s", first.status, first.err)
			}
			first.expect(t, first.status, says...)
			again := run(t, "import", path, "--data", data)
			if strings.Contains(again.out, " new") || strings.Contains(again.out, "changed,") || again.status != first.status {
				t.Errorf("imported again it changes something:\n%s", again.out)
			}
		})
	}
}

func TestARefusedRowIsNamedAndTheRestImported(t *testing.T) {
	data, report := lincoln(t), filepath.Join(t.TempDir(), "report.txt")
	files := smallRoster()
	files["users.csv"] += "tom,,,true,hs,wizard,tom,Tom,Vega,,\nnia,,,true,hs,student,nia,Nia,Vega,,\n"
	files["enrollments.csv"] += "e3,,,alg,hs,nia,student\n,,,alg,hs,leo,student\n"
	r := run(t, "import", rosterFolder(t, files), "--data", data, "--report", report)
	r.expect(t, statusRefused, "enrollments.csv line 5", "refused", "people: 1 new")
	written, err := os.ReadFile(report)
	if err != nil || !strings.Contains(string(written), "enrollments.csv line 5") {
		t.Errorf("the report file: %v\n%s", err, written)
	}
	if info, err := os.Stat(report); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the report file: %v %v", info.Mode(), err)
	}
}

func TestAFlagThatCannotBeFollowedEndsAnImportBeforeItChangesAnything(t *testing.T) {
	data := lincoln(t)
	files := smallRoster()
	files["users.csv"] += "nia,,,true,hs,student,nia,Nia,Vega,,\n"
	path := rosterFolder(t, files)
	for said, flags := range map[string][]string{
		"--report: open ": {"--report", filepath.Join(t.TempDir(), "nowhere", "report.txt")},
		"--same-person and --new-person both name leo": {"--same-person", "ana,leo", "--new-person", "leo"},
		"--same-person and --new-person both say all":  {"--same-person", "all", "--new-person", "all"},
	} {
		run(t, append([]string{"import", path, "--data", data}, flags...)...).expect(t, statusFailed, said)
	}
	run(t, "import", path, "--data", data).expect(t, 0, "people: 1 new")
}

func TestADryRunSaysWhoLosesReachAndChangesNothing(t *testing.T) {
	data := lincoln(t)
	files := smallRoster()
	files["enrollments.csv"] = strings.Replace(files["enrollments.csv"], "e2,,,alg,hs,leo,student\n", "", 1)
	path := rosterFolder(t, files)
	for range 2 {
		run(t, "import", path, "--data", data, "--dry-run").
			expect(t, 0, "Nothing was changed", "enrolments: 1 gone", "Ana Ruiz loses 1 student (Algebra 1)")
	}
}

func TestADryRunNamesTheGuardiansWhoLoseReach(t *testing.T) {
	data := lincoln(t)
	files := smallRoster()
	files["users.csv"] = strings.Replace(files["users.csv"], "rosa@mail.example,leo", "rosa@mail.example,", 1)
	run(t, "import", rosterFolder(t, files), "--data", data, "--dry-run").
		expect(t, 0, "Guardians whose ties end: 1", "Rosa Vega (rosa) loses Leo Vega (leo)", "It would seal 0 conversations")
	files["users.csv"] = strings.Replace(files["users.csv"], "rosa,,,true", "rosa,,,false", 1)
	run(t, "import", rosterFolder(t, files), "--data", data, "--dry-run").expect(t, 0, "People who become inactive: 1", "Rosa Vega (rosa), parent")
}

func TestWhoHasGoneIsNotCountedAsTheyWere(t *testing.T) {
	data := lincoln(t)
	files := smallRoster()
	files["users.csv"] = strings.Replace(files["users.csv"], "rosa,,,true", "rosa,,,false", 1)
	path := rosterFolder(t, files)
	run(t, "import", path, "--data", data).expect(t, 0, "people: 1 gone, 2 as they were")
	run(t, "import", path, "--data", data).expect(t, 0, "people: 2 as they were")
}

// The example of the handbook has four files, each after its name.
func TestTheExampleOfTheHandbookIsImported(t *testing.T) {
	text, err := os.ReadFile("../../docs/importing.md")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)\n`([a-z]+\\.csv)`[^\n]*\n\n```csv\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		files[m[1]] = m[2]
	}
	if len(files) != 4 {
		t.Fatalf("%d files: %v", len(files), files)
	}
	data := folder(t)
	must(t, "district", "create", "lincoln", "--data", data)
	run(t, "import", rosterFolder(t, files), "--data", data).
		expect(t, 0, "organisations: 2 new", "people: 3 new", "enrolments: 2 new", "ties of guardians: 1 new")
}

func TestAnImportOverALimitChangesNothingUnlessTold(t *testing.T) {
	data := lincoln(t)
	files := smallRoster()
	files["users.csv"] = strings.SplitAfter(files["users.csv"], "\n")[0]
	files["enrollments.csv"] = strings.SplitAfter(files["enrollments.csv"], "\n")[0]
	path := rosterFolder(t, files)
	run(t, "import", path, "--data", data).expect(t, statusLimits, "nothing was changed", "3 of 3 people", "--allow-large")
	must(t, "token", "--data", data, "--person", "leo") // he is still there
	run(t, "import", path, "--data", data, "--allow-large").expect(t, 0, "people: 3 gone")
	run(t, "token", "--data", data, "--person", "leo").expect(t, statusFailed, "out")
}

func TestAFileThatIsBrokenImportsNothing(t *testing.T) {
	data := lincoln(t)
	files := smallRoster()
	files["users.csv"] += strings.Repeat("x", 2<<20) + "\n"
	run(t, "import", rosterFolder(t, files), "--data", data).expect(t, statusFailed, "users.csv line 5")
	run(t, "import", filepath.Join(t.TempDir(), "absent.zip"), "--data", data).expect(t, statusFailed, "absent.zip")
	run(t, "import", t.TempDir(), "--data", data).expect(t, statusFailed, "no OneRoster CSV file")
}

func TestAnImportThroughTheRunningServerClosesThePagesOfWhoIsGone(t *testing.T) {
	s := startServe(t, lincoln(t))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	rosa, ana := s.dial(ctx, "rosa"), s.dial(ctx, "ana")
	s.send(ctx, rosa, `{"id":2,"type":"subscribe","channel":"user"}`)
	s.hear(ctx, rosa, `"id":2`)
	token := s.token("rosa")
	files := smallRoster()
	files["users.csv"] = strings.Replace(files["users.csv"], "rosa,,,true", "rosa,,,false", 1)
	must(t, "import", rosterFolder(t, files), "--data", s.data)

	if _, _, err := rosa.Read(ctx); err == nil || !strings.Contains(err.Error(), "4502") {
		t.Errorf("her page heard %v", err)
	}
	if status, answer := s.call(http.MethodGet, "/api/v1/unread", token, "", ""); status != http.StatusUnauthorized {
		t.Errorf("her token answers %d %s", status, answer)
	}
	s.send(ctx, ana, `{"id":2,"type":"ping"}`)
	s.hear(ctx, ana, `"id":2`) // nobody else's page was closed
	s.stop(os.Interrupt)
}

func TestWhereThereAreSeveralDistrictsAnImportNamesItsOwn(t *testing.T) {
	data := lincoln(t)
	must(t, "district", "create", "adams", "--data", data)
	path := rosterFolder(t, smallRoster())
	run(t, "import", path, "--data", data).expect(t, statusFailed, "--district", "adams", "lincoln")
	run(t, "import", path, "--data", data, "--district", "nowhere").expect(t, statusFailed, `"nowhere"`)
	run(t, "import", path, "--data", data, "--district", "adams").expect(t, 0, "people: 3 new")
}

func TestAnImportIsReadAsOfTheDayThatOneNames(t *testing.T) {
	data := lincoln(t)
	path := rosterFolder(t, smallRoster())
	run(t, "import", path, "--data", data, "--today", "2026-02-30").expect(t, statusFailed, "--today")
	files := smallRoster()
	files["academicSessions.csv"] = "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n" +
		"t1,,,Spring,term,2022-01-10,2022-06-10,,2022\n"
	files["classes.csv"] = strings.Replace(files["classes.csv"], ",hs,,,,3", ",hs,t1,,,3", 1)
	path = rosterFolder(t, files)
	run(t, "import", path, "--data", data, "--dry-run", "--today", "2022-03-01").expect(t, 0, "No staff would gain or lose reach")
	run(t, "import", path, "--data", data, "--dry-run", "--today", "2022-07-01").expect(t, 0, "No enrolment is current on 2022-07-01")
}
