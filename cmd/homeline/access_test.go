package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// clinic are the files of lincoln with a nurse, as OneRoster 1.1 exports one, and
// an aide.
func clinic() map[string]string {
	files := smallRoster()
	files["users.csv"] += "nia,,,true,hs,teacher,nia,Nia,Nurse,nia@school.example,\nabe,,,true,hs,aide,abe,Abe,Aide,abe@school.example,\n"
	return files
}

// finds are the students whom somebody may write to, by a search of the API.
func (s *server) finds(who string) string {
	s.t.Helper()
	status, answer := s.call(http.MethodGet, "/api/v1/contacts?side=staff", s.token(who), "", "")
	var found struct{ Students []struct{ Name string } }
	if err := json.Unmarshal([]byte(answer), &found); err != nil || status != http.StatusOK {
		s.t.Fatalf("contacts of %s: %d %s", who, status, answer)
	}
	return fmt.Sprint(found.Students)
}

// starts tries to start a conversation about leo.
func (s *server) starts(from, side, to string) (status int, answer string) {
	s.t.Helper()
	body := fmt.Sprintf(`{"side":%q,"subject":"Leo","body":"A shot is due.","recipients":[{"person":%q,"student":%q}]}`, side, s.id(to), s.id("leo"))
	return s.call(http.MethodPost, "/api/v1/conversations", s.token(from), uuid.NewString(), body)
}

func (s *server) mayStart(from, to string, may bool) {
	s.t.Helper()
	status, answer := s.starts(from, "staff", to)
	if may && status != http.StatusCreated || !may && (status != http.StatusUnprocessableEntity && status != http.StatusForbidden || !strings.Contains(answer, "no_reach")) {
		s.t.Errorf("%s writes to %s: %d %s", from, to, status, answer)
	}
}

var grantSaid = regexp.MustCompile(`homeline access revoke ([0-9a-f-]{36})`)

func grantOf(t *testing.T, r result) string {
	t.Helper()
	m := grantSaid.FindStringSubmatch(r.out)
	if m == nil {
		t.Fatalf("no grant is named in\n%s", r.out)
	}
	return m[1]
}

func TestAGrantGivesANurseAccessUntilItIsRevokedWhateverIsImported(t *testing.T) {
	data := lincoln(t)
	must(t, "import", rosterFolder(t, clinic()), "--data", data)
	s := startServe(t, data)
	if found := s.finds("nia"); found != "[]" {
		t.Fatalf("without a grant she finds %s", found)
	}
	s.mayStart("nia", "rosa", false)

	given := run(t, "access", "grant", "--person", "nia", "--school", "hs", "--reason", "School nurse", "--by", "Dana Ortiz", "--data", data)
	given.expect(t, 0, "Nia Nurse (nia) may write to the students of High School (hs), and to their guardians.")
	if found := s.finds("nia"); found != "[{Leo Vega}]" {
		t.Errorf("with a grant she finds %s", found)
	}
	s.mayStart("nia", "rosa", true)
	s.mayStart("nia", "leo", true)
	if status, answer := s.starts("rosa", "family", "nia"); status == http.StatusCreated {
		t.Errorf("a family begins: %s", answer)
	}

	run(t, "import", rosterFolder(t, smallRoster()), "--data", data, "--dry-run").expect(t, statusLimits, "Staff, through access that the district gave them:", "Nia Nurse loses 1 student (High School)")
	must(t, "import", rosterFolder(t, smallRoster()), "--data", data, "--allow-large") // she is not in it
	run(t, "access", "list", "--data", data).expect(t, 0, "Nia Nurse (nia, no longer in the roster)", "High School (hs)", "Dana Ortiz", "School nurse")
	must(t, "import", rosterFolder(t, clinic()), "--data", data)
	s.mayStart("nia", "rosa", true)
	s.mayStart("abe", "rosa", false)

	id := grantOf(t, given)
	run(t, "access", "revoke", id, "--by", "Lee Hall", "--data", data).expect(t, 0, "is revoked")
	run(t, "access", "revoke", id, "--data", data).expect(t, statusFailed, "has been revoked before")
	s.mayStart("nia", "rosa", false)
	if found := s.finds("nia"); found != "[]" {
		t.Errorf("without the grant she finds %s", found)
	}
	if out := must(t, "access", "list", "--data", data); strings.Contains(out, id) {
		t.Errorf("it is listed still:\n%s", out)
	}
	run(t, "access", "list", "--all", "--data", data).expect(t, 0, id, "ENDED", "by Lee Hall")
	s.stop(os.Interrupt)
}

func TestAGrantIsToARoleForAClassOrForStudents(t *testing.T) {
	data := lincoln(t)
	must(t, "import", rosterFolder(t, clinic()), "--data", data)
	s := startServe(t, data)
	in := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	run(t, "access", "grant", "--role", "teacher-without-classes", "--at", "hs", "--class", "alg", "--reason", "x", "--until", in, "--data", data).
		expect(t, 0, "every teacher-without-classes of High School (hs) may write to the students of Algebra 1 · 3 (alg)", "until "+in)
	s.mayStart("nia", "rosa", true)
	s.mayStart("abe", "rosa", false)
	run(t, "access", "grant", "--role", "Aide", "--at", "hs", "--students", "leo", "--reason", "x", "--data", data).
		expect(t, 0, "every aide of High School (hs) may write to Leo Vega (leo), and to their guardians.")
	s.mayStart("abe", "rosa", true)
	s.stop(os.Interrupt)
}

func TestAGrantIsRefusedWhereAFlagIsMissingOrNamesNobody(t *testing.T) {
	data := lincoln(t)
	for said, flags := range map[string][]string{
		"--person or --role":               {"--school", "hs"},
		"--person and --role":              {"--person", "ana", "--role", "aide", "--at", "hs", "--school", "hs"},
		"--at: name the school":            {"--role", "aide", "--school", "hs"},
		"--at: it goes with --role":        {"--person", "ana", "--at", "hs", "--school", "hs"},
		"--school, --class or --students":  {"--person", "ana"},
		"--school, --class and --students": {"--person", "ana", "--school", "hs", "--class", "alg"},
		"--person nobody":                  {"--person", "nobody", "--school", "hs"},
		"rosa) holds no role of staff":     {"--person", "rosa", "--school", "hs"},
		"--role parent: not a role":        {"--role", "parent", "--at", "hs", "--school", "hs"},
		"--at x: no such organization":     {"--role", "aide", "--at", "x", "--school", "hs"},
		"--school x: no such organization": {"--person", "ana", "--school", "x"},
		"--class hs: no such class":        {"--person", "ana", "--class", "hs"},
		"--students nobody":                {"--person", "ana", "--students", "leo,nobody"},
		"rosa) is no student":              {"--person", "ana", "--students", "rosa"},
		"--until: 2020-01-01 is not after": {"--person", "ana", "--school", "hs", "--until", "2020-01-01"},
		"--until: not a date":              {"--person", "ana", "--school", "hs", "--until", "soon"},
	} {
		run(t, append([]string{"access", "grant", "--reason", "x", "--data", data}, flags...)...).expect(t, statusFailed, said)
	}
	run(t, "access", "grant", "--person", "ana", "--school", "hs", "--data", data).expect(t, 80, "--reason")
	run(t, "access", "revoke", "x", "--data", data).expect(t, 80)
	run(t, "access", "revoke", uuid.NewString(), "--data", data).expect(t, statusFailed, "no grant of lincoln")
	if out := must(t, "access", "list", "--all", "--data", data); strings.Count(out, "\n") != 1 {
		t.Errorf("grants were kept:\n%s", out)
	}
}

func TestAGrantHoldsAtEveryNodeAtOnce(t *testing.T) {
	all := sharing(t)
	all.run("district", "create", "lincoln").expect(t, 0)
	all.run("import", rosterFolder(t, clinic())).expect(t, 0)
	all.run("district", "enable").expect(t, 0)
	one, other := all.serve(), all.serve()
	given := runWith(t, one.env, "access", "grant", "--person", "nia", "--school", "hs", "--reason", "x", "--data", one.data)
	given.expect(t, 0)
	for _, s := range []*server{one, other} {
		s.mayStart("nia", "rosa", true)
	}
	all.run("access", "revoke", grantOf(t, given)).expect(t, 0)
	for _, s := range []*server{one, other} {
		s.mayStart("nia", "rosa", false)
		s.stop(os.Interrupt)
	}
}

func TestABarHasAnAuthorAnOrderAndAnEndAndStaysInTheListOfAll(t *testing.T) {
	data := lincoln(t)
	in := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	run(t, "roster", "bar", "--guardian", "rosa", "--student", "leo", "--reason", "No contact", "--order", "17/26", "--by", "Dana Ortiz",
		"--until", in, "--data", data).expect(t, 0, "Rosa Vega is barred from Leo Vega", "until "+in)
	run(t, "roster", "bars", "--data", data).expect(t, 0, "UNTIL", in, "17/26", "Dana Ortiz", "No contact")
	run(t, "roster", "unbar", "--guardian", "rosa", "--student", "leo", "--by", "Lee Hall", "--data", data).expect(t, 0, "no longer barred")
	if out := must(t, "roster", "bars", "--data", data); strings.Contains(out, "rosa") {
		t.Errorf("it is listed still:\n%s", out)
	}
	run(t, "roster", "bars", "--all", "--data", data).expect(t, 0, "ENDED", "17/26", "Dana Ortiz", "by Lee Hall")
	run(t, "roster", "bar", "--guardian", "rosa", "--student", "leo", "--reason", "x", "--until", "2020-01-01", "--data", data).
		expect(t, statusFailed, "--until: 2020-01-01 is not after today")
	run(t, "verify", "--data", data).expect(t, 0)
}

func TestTheDoctorNamesWhoReachesNoOneAndHowToGiveThemAccess(t *testing.T) {
	data := lincoln(t)
	must(t, "import", rosterFolder(t, clinic()), "--data", data)
	const said = "access: on the staff of lincoln, 2 can start no conversation (1 aide, 1 teacher-without-classes): Abe Aide (abe), Nia Nurse (nia)."
	run(t, "doctor", "--data", folder(t)).expect(t, 0)
	run(t, "doctor", "--data", data).expect(t, 0, said, "homeline access grant --district lincoln")
	s := startServe(t, data)
	run(t, "doctor", "--data", data).expect(t, 0, said)
	must(t, "access", "grant", "--person", "abe", "--class", "alg", "--reason", "x", "--data", data)
	must(t, "access", "grant", "--role", "teacher-without-classes", "--at", "hs", "--school", "hs", "--reason", "x", "--data", data)
	run(t, "doctor", "--data", data).expect(t, 0, "access: everyone on the staff of lincoln can reach students")
	s.stop(os.Interrupt)
}
