package main

import (
	"strings"
	"testing"
)

func TestABarOfWhoIsNoGuardianOrNoStudentIsRefusedAndNamesTheFlag(t *testing.T) {
	data := lincoln(t)
	bar := func(guardian, student string) result {
		return run(t, "roster", "bar", "--guardian", guardian, "--student", student, "--reason", "x", "--data", data)
	}
	bar("ana", "leo").expect(t, statusFailed, "--guardian: Ana Ruiz (ana) is no guardian, parent or relative")
	bar("leo", "rosa").expect(t, statusFailed, "--guardian: Leo Vega (leo)")
	bar("rosa", "ana").expect(t, statusFailed, "--student: Ana Ruiz (ana) is no student")
	bar("leo", "leo").expect(t, statusFailed, "--guardian and --student are both leo")
	listed := run(t, "roster", "bars", "--data", data)
	listed.expect(t, 0, "GUARDIAN")
	if lines := strings.Count(listed.out, "\n"); lines != 1 {
		t.Errorf("bars were kept: %s", listed.out)
	}
}

func TestABarOfWhoIsNotTheirGuardianTodayIsSaidToWait(t *testing.T) {
	files := smallRoster()
	files["users.csv"] += "tom,,,true,hs,parent,tom,Tom,Vega,,\n"
	data := lincoln(t)
	must(t, "import", rosterFolder(t, files), "--data", data)
	run(t, "roster", "bar", "--guardian", "tom", "--student", "leo", "--reason", "x", "--data", data).
		expect(t, 0, "Tom Vega is barred from Leo Vega", "Tom Vega is not a guardian of Leo Vega today; the bar waits")
	tied := run(t, "roster", "bar", "--guardian", "rosa", "--student", "leo", "--reason", "x", "--data", data)
	tied.expect(t, 0, "Rosa Vega is barred from Leo Vega")
	if strings.Contains(tied.out, "waits") {
		t.Errorf("a bar that holds is said to wait: %s", tied.out)
	}
}
