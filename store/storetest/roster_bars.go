package storetest

import (
	"errors"
	"reflect"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

var barTests = []rosterTest{
	{"a bar is kept, changed and taken away", aBarIsKept},
	{"no import undoes a bar", noImportUndoesABar},
	{"a barred guardian is neither shown with the student nor found by name", aBarredGuardianIsNotShown},
	{"a bar needs two people of the district", aBarNeedsTwoPeople},
}

// bar keeps a guardian of the school from a student.
func bar(t *testing.T, s roster.Store, d roster.District, guardian, student string) roster.Bar {
	t.Helper()
	b := roster.Bar{Guardian: person(t, s, d.ID, guardian).ID, Student: person(t, s, d.ID, student).ID, Since: schoolToday, Reason: "Court order 7"}
	given(s.Bar(t.Context(), d.ID, b, schoolNow))(t)
	return b
}

func aBarIsKept(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	b := bar(t, s, d, "marco", "leo")
	if bars := given(s.Bars(t.Context(), d.ID))(t); !reflect.DeepEqual(bars, []roster.Bar{b}) {
		t.Errorf("bars: %+v", bars)
	}
	b.Reason, b.Since = "Court order 8", b.Since-1
	given(s.Bar(t.Context(), d.ID, b, schoolNow))(t)
	if bars := given(s.Bars(t.Context(), d.ID))(t); !reflect.DeepEqual(bars, []roster.Bar{b}) {
		t.Errorf("bars after a change: %+v", bars)
	}
	state := given(s.State(t.Context(), d.ID))(t)
	if want := []roster.StateBar{{Guardian: "marco", Student: "leo", Since: b.Since, Reason: b.Reason}}; !reflect.DeepEqual(state.Bars, want) {
		t.Errorf("bars of the state: %+v", state.Bars)
	}
	if state.Version != 3 {
		t.Errorf("version %d after an import and two bars", state.Version)
	}
	must(t, s.Unbar(t.Context(), d.ID, b.Guardian, b.Student))
	if err := s.Unbar(t.Context(), d.ID, b.Guardian, b.Student); !errors.Is(err, roster.ErrNoBar) {
		t.Errorf("taking it away again: %v", err)
	}
	if bars := given(s.Bars(t.Context(), d.ID))(t); len(bars) != 0 {
		t.Errorf("bars at the end: %+v", bars)
	}
}

func noImportUndoesABar(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	b := bar(t, s, d, "marco", "leo")
	leave(t, s, d.ID, "marco", "leo")
	apply(t, s, d.ID, schoolChanges())
	facts := given(s.Facts(t.Context(), d.ID, ids(person(t, s, d.ID, "leo")), schoolNow))(t)
	for _, id := range ids(person(t, s, d.ID, "leo"), person(t, s, d.ID, "marco")) {
		if got := facts.People[id].Bars; !reflect.DeepEqual(got, []roster.Bar{b}) {
			t.Errorf("bars in the facts of %s: %+v", facts.People[id].Given, got)
		}
	}
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
	must(t, s.Unbar(t.Context(), d.ID, b.Guardian, b.Student))
	if byMarco() != 1 {
		t.Error("Leo is not found by his father's name after the bar was taken away")
	}
}

func aBarNeedsTwoPeople(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	leo, abroad := person(t, s, d.ID, "leo"), person(t, s, newSchool(t, s, "adams").ID, "ana")
	for says, b := range map[string]roster.Bar{
		"an unknown guardian": {Guardian: newID(), Student: leo.ID},
		"an unknown student":  {Guardian: leo.ID, Student: newID()},
		"a stranger":          {Guardian: abroad.ID, Student: leo.ID},
	} {
		if _, err := s.Bar(t.Context(), d.ID, b, schoolNow); !errors.Is(err, roster.ErrNoPerson) {
			t.Errorf("a bar of %s: %v", says, err)
		}
	}
	if _, err := s.Bar(t.Context(), d.ID, roster.Bar{Guardian: leo.ID, Student: leo.ID}, schoolNow); err == nil {
		t.Error("Leo was barred from himself")
	}
}
