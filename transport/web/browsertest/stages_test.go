package browsertest

import (
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// closedForFamilies are the pages once a family has changed (R26): one guardian
// by the roster, the other by a bar.
func closedForFamilies(s *school, say *words.Language) []visit {
	left := s.letter("ortiz", "Reading list", "Three books for the winter.", s.to("paul", "sam"), s.to("sam", "sam"))
	barred := s.letter("ortiz", "Swimming on Thursdays, and what to bring", "A towel.", s.to("petra", "sam"), s.to("sam", "sam"))
	s.ends("paul", "sam")
	s.bars("petra", "sam", "Order of the family court of 3 November, "+
		"see https://court.example/a/very/long/address/of/a/decision/that/does/not/break")
	toStaff := func(w *window) { w.sees(say.Say("sealed_family"), say.Say("sealed_staff_only")) }
	toFamily := func(w *window) {
		w.sees(say.Say("sealed_family"))
		w.misses(say.Say("sealed_staff_only"))
	}
	closed := func(w *window) { w.sees(say.Say("closed_words"), "Reading list", "Swimming") }
	return []visit{
		{"dashboard, with what was closed", "ortiz", "/dashboard", closed},
		{"inbox, with what was closed", "ortiz", "/inbox", closed},
		{"conversation, sealed by the roster, as staff", "ortiz", at(left), toStaff},
		{"conversation, sealed by a bar, as staff", "ortiz", at(barred), toStaff},
		{"conversation, sealed by the roster, as family", "sam", at(left), toFamily},
		{"conversation, sealed by a bar, as family", "sam", at(barred), toFamily},
		{"conversation, sealed by a bar, as who is barred", "petra", at(barred), toFamily},
	}
}

// messagingOff are the pages of a district that has switched messaging off (R1).
func messagingOff(s *school, say *words.Language) []visit {
	conversation := s.letter("ortiz", "Before it was off", "The last one.", s.to("ana", "leo"))
	s.district.Enabled = false
	if err := s.store.SaveDistrict(s.t.Context(), s.district); err != nil {
		s.t.Fatal(err)
	}
	off := func(w *window) { w.sees(say.Say("off_words")) }
	return []visit{
		{"dashboard, messaging off", "ortiz", "/dashboard", off},
		{"students, messaging off", "ortiz", "/students", off},
		{"inbox, messaging off, as staff", "ortiz", "/inbox", off},
		{"conversation, messaging off, as staff", "ortiz", at(conversation), off},
		{"compose, messaging off", "ortiz", "/compose", off},
		{"inbox, messaging off, as family", "ana", "/inbox", off},
		{"conversation, messaging off, as family", "ana", at(conversation), off},
		{"compose, messaging off, as family", "ana", "/compose", off},
	}
}

// ends takes a tie out of the roster.
func (s *school) ends(guardian, student string) {
	s.t.Helper()
	state, err := s.store.State(s.t.Context(), s.district.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	tie := roster.SnapshotGuardianship{Guardian: guardian, Student: student}
	changes := roster.Changes{Base: state.Version, RemoveGuardianships: []roster.SnapshotGuardianship{tie}}
	if _, err := s.hub.ApplyRoster(s.t.Context(), s.district.ID, changes); err != nil {
		s.t.Fatal(err)
	}
}

// bars keeps a guardian from a student from today on.
func (s *school) bars(guardian, student, reason string) {
	s.t.Helper()
	bar := roster.Bar{
		Guardian: s.person(guardian).ID, Student: s.person(student).ID,
		Since: s.district.Today(time.Now()), Reason: reason, By: "Dana Ortiz",
	}
	if _, err := s.hub.Bar(s.t.Context(), s.district.ID, bar); err != nil {
		s.t.Fatal(err)
	}
}

// preferring saves what no page of ours offers in a field.
func preferring(say *words.Language, field string) func(w *window) {
	return func(w *window) {
		w.expects("400")
		js[bool](w, `(() => {
			const field = document.querySelector('form[action="/preferences"]').elements[%s];
			for (const choice of field.options || field) choice.value = "nowhere";
			return true;
		})()`, field)
		w.follow("button", say.Say("preferences_save"))
		w.sees(say.Count("problems_heading", 1))
	}
}
