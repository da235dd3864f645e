package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

var barTests = []accessTest{
	{"a bar is kept whole, ends once, and its row stays", aBarIsKept},
	{"a bar ends on its day in the time zone of the district", aBarEndsOnItsDay},
	{"no import undoes a bar", noImportUndoesABar},
	{"a bar is stronger than a grant", aBarIsStronger},
	{"a bar needs two people of the district", aBarNeedsTwoPeople},
}

// bar keeps a guardian of the school from a student.
func bar(t *testing.T, s AccessStore, d roster.District, guardian, student string) roster.Bar {
	t.Helper()
	b := roster.Bar{
		ID: newID(), Guardian: person(t, s, d.ID, guardian).ID, Student: person(t, s, d.ID, student).ID, Since: schoolToday,
		Reason: "Court order 7", Order: "7/26", By: "Dana Ortiz", MadeAt: schoolNow,
	}
	given(s.Bar(t.Context(), d.ID, b, schoolNow))(t)
	return b
}

func aBarIsKept(t *testing.T, s AccessStore) {
	d := newSchool(t, s, "lincoln")
	first := bar(t, s, d, "marco", "leo")
	expect := func(when string, want ...roster.Bar) {
		t.Helper()
		if bars := given(s.Bars(t.Context(), d.ID))(t); !reflect.DeepEqual(bars, want) {
			t.Errorf("%s:\n%+v, want\n%+v", when, bars, want)
		}
	}
	expect("kept", first)
	second := first
	second.ID, second.MadeAt = newID(), schoolNow.Add(time.Hour)
	second.Reason, second.Since, second.Until, second.By = "Court order 8", first.Since-1, schoolToday+9, "Superintendent"
	given(s.Bar(t.Context(), d.ID, second, second.MadeAt))(t)
	first.EndedAt, first.EndedBy = second.MadeAt, second.By
	expect("another in its place", first, second)
	state := given(s.State(t.Context(), d.ID))(t)
	if want := []roster.StateBar{{Guardian: "marco", Student: "leo", Since: second.Since, Reason: second.Reason}}; !reflect.DeepEqual(state.Bars, want) {
		t.Errorf("bars of the state: %+v", state.Bars)
	}
	if state.Version != 3 {
		t.Errorf("version %d after an import and two bars", state.Version)
	}
	lifted := schoolNow.Add(2 * time.Hour)
	must(t, s.Unbar(t.Context(), d.ID, first.Guardian, first.Student, "Judge Hall", lifted))
	if err := s.Unbar(t.Context(), d.ID, first.Guardian, first.Student, "x", lifted); !errors.Is(err, roster.ErrNoBar) {
		t.Errorf("lifting it again: %v", err)
	}
	second.EndedAt, second.EndedBy = lifted, "Judge Hall"
	expect("at the end", first, second)
}

func aBarEndsOnItsDay(t *testing.T, s AccessStore) {
	d := newSchool(t, s, "lincoln") // in New York, whose 20 October begins at four o'clock UTC
	b := bar(t, s, d, "marco", "leo")
	b.ID, b.Until = newID(), roster.NewDate(2026, 10, 20)
	given(s.Bar(t.Context(), d.ID, b, schoolNow))(t)
	end := time.Date(2026, 10, 20, 4, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time][2]roster.Code{
		end.Add(-time.Microsecond): {roster.Barred, roster.NotYourStudent},
		end:                        {roster.BySection, roster.ByTeacherOf},
	} {
		got := [2]roster.Code{
			judged(t, s, d, "teal", roster.AsWorker, "marco", "leo", at), judged(t, s, d, "marco", roster.AsFamily, "teal", "leo", at),
		}
		if got != want {
			t.Errorf("at %s to and from him: %v, want %v", at, got, want)
		}
	}
	if err := s.Unbar(t.Context(), d.ID, b.Guardian, b.Student, "x", end); !errors.Is(err, roster.ErrNoBar) {
		t.Errorf("lifting what is over: %v", err)
	}
	b.ID, b.Until = newID(), roster.NoDate
	given(s.Bar(t.Context(), d.ID, b, end))(t)
	if got := judged(t, s, d, "teal", roster.AsWorker, "marco", "leo", end); got != roster.Barred {
		t.Errorf("barred again: %s", got)
	}
	if bars := given(s.Bars(t.Context(), d.ID))(t); len(bars) != 3 || !bars[1].EndedAt.IsZero() {
		t.Errorf("what ended by its day was ended again: %+v", bars)
	}
}

func noImportUndoesABar(t *testing.T, s AccessStore) {
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

func aBarIsStronger(t *testing.T, s AccessStore) {
	d := withNurse(t, s, "lincoln")
	grant(t, s, d, roster.Grant{Person: person(t, s, d.ID, "nurse").ID, Org: entry(t, s, d, roster.KindOrg, "north")})
	bar(t, s, d, "marco", "leo")
	bar(t, s, d, "nurse", "leo")
	bar(t, s, d, "kim", "zoe")
	for to, want := range map[[2]string]roster.Code{
		{"ana", "leo"}: roster.NoReach, {"leo", "leo"}: roster.NoReach, {"kim", "zoe"}: roster.Barred, {"zoe", "zoe"}: roster.ByGrant,
	} {
		if got := judged(t, s, d, "nurse", roster.AsWorker, to[0], to[1], schoolNow); got != want {
			t.Errorf("to %s about %s: %s, want %s", to[0], to[1], got, want)
		}
	}
}

func aBarNeedsTwoPeople(t *testing.T, s AccessStore) {
	d := newSchool(t, s, "lincoln")
	leo, abroad := person(t, s, d.ID, "leo"), person(t, s, newSchool(t, s, "adams").ID, "ana")
	for says, b := range map[string]roster.Bar{
		"an unknown guardian": {ID: newID(), Guardian: newID(), Student: leo.ID},
		"an unknown student":  {ID: newID(), Guardian: leo.ID, Student: newID()},
		"a stranger":          {ID: newID(), Guardian: abroad.ID, Student: leo.ID},
	} {
		if _, err := s.Bar(t.Context(), d.ID, b, schoolNow); !errors.Is(err, roster.ErrNoPerson) {
			t.Errorf("a bar of %s: %v", says, err)
		}
	}
	if _, err := s.Bar(t.Context(), d.ID, roster.Bar{ID: newID(), Guardian: leo.ID, Student: leo.ID}, schoolNow); err == nil {
		t.Error("Leo was barred from himself")
	}
}
