package storetest

import (
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

var barSearchTests = []rosterTest{
	{"a barred guardian is neither shown with the student nor found by name", aBarredGuardianIsNotShown},
	{"a guardian is shown and found again from the day on which a bar ends", aBarIsOverInASearch},
}

func aBarredGuardianIsNotShown(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	byMarco := func() int { return len(search(t, s, d, "dan", roster.StudentQuery{Name: "rossi"}).Students) }
	if byMarco() != 1 {
		t.Fatal("Leo is not found by his father's name")
	}
	b := bar(t, s, d, "marco", "leo")
	if byMarco() != 0 {
		t.Error("Leo is found by the name of the barred")
	}
	for _, student := range search(t, s, d, "dan", roster.StudentQuery{Name: "leo"}).Students {
		if len(student.Guardians) != 1 || student.Guardians[0].Given != "Ana" {
			t.Errorf("guardians shown: %+v", student.Guardians)
		}
	}
	must(t, s.Unbar(t.Context(), d.ID, b.Guardian, b.Student, "x", schoolNow))
	if byMarco() != 1 {
		t.Error("Leo is not found by his father's name after the bar was taken away")
	}
}

func aBarIsOverInASearch(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	byMarco := func(days roster.Date) int {
		scope := scopeOf(t, s, d, "dan")
		scope.Today += days
		page := given(s.FindStudents(t.Context(), d.ID, scope, roster.StudentQuery{Name: "ross marco"}))(t)
		for _, student := range page.Students {
			if len(student.Guardians) != 2 {
				t.Errorf("in %d days %s has the guardians %+v", days, student.Given, student.Guardians)
			}
		}
		return page.Total
	}
	b := bar(t, s, d, "marco", "leo")
	b.ID, b.Until = newID(), schoolToday+2
	given(s.Bar(t.Context(), d.ID, b, schoolNow))(t)
	for days, want := range []int{0, 0, 1, 1} {
		if got := byMarco(roster.Date(days)); got != want {
			t.Errorf("in %d days he finds %d students, want %d", days, got, want)
		}
	}
	later := schoolNow.AddDate(0, 0, 3)
	b.ID, b.Since, b.Until = newID(), schoolToday+3, roster.NoDate
	given(s.Bar(t.Context(), d.ID, b, later))(t)
	if got := byMarco(4); got != 0 {
		t.Errorf("barred again, he finds %d students", got)
	}
}
