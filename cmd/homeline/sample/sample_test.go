package sample

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/oneroster"
)

// days are some on which calendars are odd.
var days = []roster.Date{
	roster.NewDate(2026, time.November, 24), roster.NewDate(2026, time.December, 31), roster.NewDate(2027, time.January, 1),
	roster.NewDate(2028, time.February, 29), roster.NewDate(2029, time.March, 31), roster.NewDate(2030, time.July, 15),
}

// read reads the roster as of a day and fails where a row is refused or mended.
func read(t *testing.T, today roster.Date) roster.Snapshot {
	t.Helper()
	source, err := oneroster.OpenFS(Roster(today), "sample")
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	s, report, err := oneroster.Read(t.Context(), source, oneroster.Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		t.Error(f)
	}
	for _, r := range report.Remarks {
		if strings.Contains(r, "No enrolment is current") {
			t.Error(r)
		}
	}
	return s
}

func TestTheRosterIsSoundOnEveryDay(t *testing.T) {
	for _, today := range days {
		s := read(t, today)
		if len(s.People) < 400 || len(s.Orgs) != 5 || len(s.Guardianships) < 250 {
			t.Errorf("%s: %d people, %d organisations, %d ties", today, len(s.People), len(s.Orgs), len(s.Guardianships))
		}
		for _, term := range s.Terms {
			current := term.Begin <= today && today < term.End
			if current == (term.SourcedID == "quarter-1") {
				t.Errorf("%s: %s goes from %s to %s", today, term.Title, term.Begin, term.End)
			}
		}
	}
}

func TestEverybodyOfTheCastIsInTheRoster(t *testing.T) {
	people := map[string]bool{}
	for _, p := range read(t, days[0]).People {
		people[p.SourcedID] = !p.Gone
	}
	for _, m := range Cast {
		if !people[m.SourcedID] {
			t.Errorf("%s (%s) is not there", m.SourcedID, m.Note)
		}
	}
}

func TestSeparatedGuardiansAreTiedToTheirOwnChildrenOnly(t *testing.T) {
	ties := map[string]string{}
	for _, g := range read(t, days[0]).Guardianships {
		ties[g.Student] += g.Guardian + " "
	}
	for student, want := range map[string]string{
		"maya-brooks-nair": "daniel-brooks priya-nair ", "owen-brooks": "daniel-brooks kelly-brooks ", "asha-nair": "priya-nair ",
		"leo-ruiz": "ana-ruiz marco-ruiz ", "eva-ruiz": "ana-ruiz marco-ruiz ", "chidi-okafor": "grace-okafor ",
	} {
		if ties[student] != want {
			t.Errorf("%s has %q, want %q", student, ties[student], want)
		}
	}
}

func TestAddressesLeadNowhere(t *testing.T) {
	byAddress := map[string]int{}
	without := 0
	for _, p := range read(t, days[0]).People {
		switch {
		case p.Email == "":
			without++
		case !strings.HasSuffix(p.Email, "@example.org") && !strings.HasSuffix(p.Email, "@example.com"):
			t.Errorf("%s might reach somebody", p.Email)
		}
		byAddress[p.Email]++
	}
	if without == 0 || byAddress["gia.dinh.nguyen@example.com"] != 2 {
		t.Errorf("%d without an address, %d share one", without, byAddress["gia.dinh.nguyen@example.com"])
	}
}

// The folder is the generator's: whoever wants to change it changes that.
func TestTheFolderIsWhatTheGeneratorWrites(t *testing.T) {
	folder := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "run", "./generate", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files, err := os.ReadDir("roster")
	if err != nil || len(files) != 8 {
		t.Fatal(len(files), err)
	}
	for _, f := range files {
		want, err := os.ReadFile(filepath.Join("roster", f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(folder, f.Name())); err != nil || string(got) != string(want) {
			t.Errorf("%s differs: go run ./cmd/homeline/sample/generate", f.Name())
		}
	}
}

func TestTheFirstTwoOfTheCastMayWriteToEachOther(t *testing.T) {
	for _, day := range days {
		s := read(t, day)
		sections, students := map[string]bool{}, map[string]bool{}
		for _, g := range s.Guardianships {
			students[g.Student] = students[g.Student] || g.Guardian == Cast[1].SourcedID
		}
		for _, e := range s.Enrolments {
			sections[e.Section] = sections[e.Section] || e.Person == Cast[0].SourcedID && e.Role == roster.Teacher
		}
		shared := 0
		for _, e := range s.Enrolments {
			if e.Role == roster.Student && sections[e.Section] && students[e.Person] {
				shared++
			}
		}
		if shared == 0 {
			t.Errorf("on %v %s teaches no child of %s", day, Cast[0].SourcedID, Cast[1].SourcedID)
		}
	}
}
