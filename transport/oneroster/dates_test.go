package oneroster

import (
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

func TestDatesAreReadAsTheyAreWritten(t *testing.T) {
	for cell, want := range map[string]string{
		"2026-08-20": "2026-08-20", "2026-8-2": "2026-08-02", "20260820": "2026-08-20", "2026/08/20": "2026-08-20",
		"2026-08-20T18:25:43.511Z": "2026-08-20", "2026-08-20 00:00:00": "2026-08-20", "20.8.2026": "2026-08-20",
		"2028-02-29": "2028-02-29", "1970-01-01": "1969-12-31", "9999-12-31": "9999-12-31",
		"2026-02-29": "", "2026-00-10": "", "0000-01-01": "", "26-08-20": "", "20/08/26": "", "soon": "", "2026-08": "",
		"2026-08-20-1": "", "2026--08": "", "-2026-08-20": "", "12345-01-01": "", "20.13.2026": "",
	} {
		got := ""
		if w, ok := parseWritten([]byte(cell)); ok && !w.either {
			if d, ok := w.date(); ok {
				got = d.String()
			}
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

// slashes is lakeside with the dates of its second enrolment otherwise.
func slashes(begin, end string) delivery {
	return lakeside().with("enrollments.csv", "2026-08-20,2027-01-20", begin+","+end)
}

func TestTheOrderOfADateWithSlashesIsDecidedByItsFile(t *testing.T) {
	s, r := slashes("1/05/2026", "15/06/2027").read(t)
	expect(t, r, "enrollments.csv line 3: mended: dates with slashes are read with the day first, by that in line 3")
	if e, _ := enrolment(s, "e2"); e.Begin != roster.NewDate(2026, 5, 1) || e.End != roster.NewDate(2027, 6, 15) {
		t.Errorf("got %v to %v", e.Begin, e.End)
	}
	s, r = slashes("1/5/2026", "6-15-2027").and("enrollments.csv", "e4,,,algebra,north,leo,student,,2/3/2026,").read(t)
	expect(t, r, "enrollments.csv lines 3, 5: mended: dates with slashes are read with the month first, by that in line 3")
	if e, _ := enrolment(s, "e4"); e.Begin != roster.NewDate(2026, 2, 3) {
		t.Errorf("got %v", e.Begin)
	}
}

func TestAFileWithoutADecisiveDateGoesByTheOthers(t *testing.T) {
	d := slashes("1/5/2026", "").with("users.csv", "ana,,,true", "ana,,15/06/2023,true")
	s, r := d.read(t)
	expect(t, r, "enrollments.csv line 3: mended: dates with slashes are read with the day first, by that in users.csv line 5")
	if e, _ := enrolment(s, "e2"); e.Begin != roster.NewDate(2026, 5, 1) {
		t.Errorf("got %v", e.Begin)
	}
}

func TestWhereNothingDecidesTheRowIsRefusedUnlessToldOtherwise(t *testing.T) {
	s, r := slashes("1/5/2026", "").read(t)
	expect(t, r, `enrollments.csv line 3 (e2): refused: "1/5/2026" may be two days: no date of the delivery says`)
	if _, ok := enrolment(s, "e2"); ok || !s.Unknown[roster.KindEnrolment]["e2"] {
		t.Error("it was guessed")
	}
	for order, want := range map[DateOrder]roster.Date{DayFirst: roster.NewDate(2026, 5, 1), MonthFirst: roster.NewDate(2026, 1, 5)} {
		s, r := slashes("1/5/2026", "").read(t, func(o *Options) { o.Dates = order })
		expect(t, r, "enrollments.csv line 3: mended: dates with slashes are read")
		if e, _ := enrolment(s, "e2"); e.Begin != want {
			t.Errorf("got %v, want %v", e.Begin, want)
		}
	}
	if s, _ := slashes("5/5/2026", "").read(t); len(s.Enrolments) != 3 {
		t.Error("the fifth of May is the fifth of May")
	}
}

func TestAFileThatContradictsItselfIsNotGuessed(t *testing.T) {
	_, r := slashes("15/6/2026", "6/15/2027").read(t)
	expect(t, r, `enrollments.csv line 3 (e2): refused: "15/6/2026" may be two days: the file has the day first in line 3 and the month first in line 3`)
	_, r = slashes("1/5/2026", "").with("users.csv", "ana,,,true", "ana,,15/06/2023,true").with("roles.csv", "r4,,,", "r4,,06/15/2023,").read(t)
	if r.Refused() != 1 || !strings.Contains(r.Findings[0].Reason, "no date of the delivery says") {
		t.Errorf("two files contradict each other: %v", r.Findings)
	}
}
