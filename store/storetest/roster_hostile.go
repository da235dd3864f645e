package storetest

import (
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

// hostile are words that a roster, or somebody who searches, may bring.
var hostile = []string{
	`Robert'); DROP TABLE person; --`, `"`, `'`, "%", "_", "\x00Nul", "Nul\x00inside", "bad\xff\xfeUTF-8", `["09"]`, `{"a":1}`,
	"\u202eright to left", "e\u0301\u0301\u0301", "?1 :district @x $y",
}

func hostileWords(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	var c roster.Changes
	for _, word := range hostile {
		c.PutPeople = append(c.PutPeople, roster.SnapshotPerson{
			SourcedID: "id " + word, Given: word, Family: word, Preferred: word, Email: word, Roles: as("north", roster.Student),
		})
	}
	long := strings.Repeat("Long ", 2<<20)
	c.PutPeople = append(c.PutPeople, roster.SnapshotPerson{SourcedID: "long", Given: long, Roles: as("south", roster.Student)})
	apply(t, s, d.ID, c)
	dan := person(t, s, d.ID, "dan")
	facts := given(s.Facts(t.Context(), d.ID, ids(dan), schoolNow))(t)
	for i, word := range hostile {
		got := person(t, s, d.ID, "id "+word)
		if got.Given != word || got.Family != word || got.Email != word {
			t.Errorf("hostile name %d came back changed", i)
		}
		q := roster.StudentQuery{Name: word, Grade: word, Course: word, Limit: 100}
		if page := given(s.FindStudents(t.Context(), d.ID, facts.Scope(dan.ID), q))(t); page.Total != 0 {
			t.Errorf("hostile word %d as a grade finds %d", i, page.Total)
		}
		given(s.Facets(t.Context(), d.ID, facts.Scope(dan.ID), q))(t)
		if _, _, err := s.FindPeople(t.Context(), d.ID, word, "", 10); err != nil {
			t.Errorf("hostile name %d: %v", i, err)
		}
		if _, err := s.FindStudents(t.Context(), d.ID, facts.Scope(dan.ID), roster.StudentQuery{After: word}); err == nil {
			t.Errorf("hostile word %d was taken for a cursor", i)
		}
	}
	if page := given(s.FindStudents(t.Context(), d.ID, facts.Scope(dan.ID), roster.StudentQuery{Name: "robert drop"}))(t); page.Total != 1 {
		t.Errorf("Robert is found %d times", page.Total)
	}
	page := given(s.FindStudents(t.Context(), d.ID, facts.Scope(dan.ID), roster.StudentQuery{Name: long}))(t)
	if page.Total != 1 || page.Students[0].Given != long {
		t.Errorf("a name of 10 MB is found %d times", page.Total)
	}
}
