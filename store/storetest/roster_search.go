package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

var searchTests = []rosterTest{
	{"a name is found by the beginnings of its words", aNameIsFound},
	{"students come by family name, page by page, each once", studentsComePageByPage},
	{"a found student is shown with schools and guardians", aFoundStudentIsShown},
	{"who is gone is not found, and not by the name of a guardian who is", whoIsGoneIsNotFound},
	{"names that change are found as they are now", changedNamesAreFound},
	{"choices are those of the scope, each narrowed by the ones before", choicesAreNarrowed},
	{"grades are offered by age, the youngest first", gradesAreOfferedByAge},
	{"the teachers of a student come by name with section and end", teachersOfAStudent},
	{"people are picked by any part of a name, page by page", peopleArePicked},
}

// search is what somebody of the school finds.
func search(t *testing.T, s roster.Store, d roster.District, who string, q roster.StudentQuery) roster.StudentPage {
	t.Helper()
	return given(s.FindStudents(t.Context(), d.ID, scopeOf(t, s, d, who), q))(t)
}

func scopeOf(t *testing.T, s roster.Store, d roster.District, who string) roster.Scope {
	t.Helper()
	p := person(t, s, d.ID, who)
	return given(s.Facts(t.Context(), d.ID, ids(p), schoolNow))(t).Scope(p.ID)
}

func foundNames(page roster.StudentPage) []string {
	names := make([]string, len(page.Students))
	for i, student := range page.Students {
		names[i] = student.SourcedID
	}
	return names
}

func aNameIsFound(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	for name, want := range map[string][]string{
		"":              {"zoe", "eva", "leo"},
		"zoe":           {"zoe"},
		"ZOË nun":       {"zoe"},
		"NÚÑEZ":         {"zoe"},
		"núñez,  zoe!":  {"zoe"},
		"leon":          {"leo"}, // the given name where one goes by another
		"leo ruiz":      {"leo"},
		"ohara":         {"zoe"}, // her guardian
		"o'hara":        {"zoe"},
		"o’hara kim":    {"zoe"},
		"ana ruiz":      {"eva", "leo"},
		"ruiz marco":    {"leo"},
		"eo":            {},
		"zoe nobody":    {},
		"%":             {"zoe", "eva", "leo"}, // no letter, no word
		"teal":          {},                    // his teacher is no guardian
		"leo\x00 ruiz_": {"leo"},
	} {
		if got := foundNames(search(t, s, d, "dan", roster.StudentQuery{Name: name})); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", name, got, want)
		}
	}
}

func studentsComePageByPage(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	var c roster.Changes
	for i, family := range []string{"Li", "Lima", "Li", "de la Cruz", "De León", "Ångström", "Zhu", "Øster", "王", "li", "Li"} {
		c.PutPeople = append(c.PutPeople, roster.SnapshotPerson{SourcedID: fmt.Sprint("s", i), Given: strings.Repeat("Z", i%3), Family: family, Roles: as("south", roster.Student)})
	}
	apply(t, s, d.ID, c)
	all := foundNames(search(t, s, d, "dan", roster.StudentQuery{Limit: 100}))
	if len(all) != len(c.PutPeople)+3 {
		t.Fatalf("found %v", all)
	}
	var families []string
	for _, student := range search(t, s, d, "dan", roster.StudentQuery{Limit: 100}).Students {
		families = append(families, student.Family)
	}
	if want := "Ångström,de la Cruz,De León,Li,li,Li,Li,Lima,Núñez,Øster,Ruiz,Ruiz,Zhu,王"; !strings.EqualFold(strings.Join(families, ","), want) {
		t.Errorf("order %v, want %s", families, want)
	}
	for limit := 1; limit <= 5; limit++ {
		var paged []string
		q := roster.StudentQuery{Limit: limit}
		for {
			page := search(t, s, d, "dan", q)
			paged = append(paged, foundNames(page)...)
			if page.Total != len(all) || len(page.Students) > limit {
				t.Fatalf("a page of %d with total %d", len(page.Students), page.Total)
			}
			if q.After = page.Next; page.Next == "" {
				break
			}
		}
		if !slices.Equal(paged, all) {
			t.Errorf("in pages of %d: %v, want %v", limit, paged, all)
		}
	}
}

func aFoundStudentIsShown(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	leo := search(t, s, d, "dan", roster.StudentQuery{Name: "leo"}).Students[0]
	if !reflect.DeepEqual(leo.Person, person(t, s, d.ID, "leo")) || !slices.Equal(leo.Schools, []string{"North High"}) {
		t.Errorf("Leo: %+v", leo)
	}
	want := []roster.GuardianOf{{Person: person(t, s, d.ID, "marco"), Relation: roster.Parent}, {Person: person(t, s, d.ID, "ana"), Relation: roster.Parent}}
	if !reflect.DeepEqual(leo.Guardians, want) {
		t.Errorf("Leo's guardians, by family name: %+v", leo.Guardians)
	}
	zoe := search(t, s, d, "teal", roster.StudentQuery{Name: "zoe"}).Students[0]
	if !slices.Equal(zoe.Schools, []string{"North High", "South High"}) {
		t.Errorf("Zoë belongs to her school and to that of her section: %v", zoe.Schools)
	}
}

func whoIsGoneIsNotFound(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	leave(t, s, d.ID, "eva", "marco")
	page := search(t, s, d, "dan", roster.StudentQuery{})
	if got := foundNames(page); !slices.Equal(got, []string{"zoe", "leo"}) || page.Total != 2 {
		t.Errorf("found %v, total %d", got, page.Total)
	}
	if guardians := page.Students[1].Guardians; len(guardians) != 1 || guardians[0].SourcedID != "ana" {
		t.Errorf("Leo's guardians: %+v", guardians)
	}
	if got := foundNames(search(t, s, d, "dan", roster.StudentQuery{Name: "rossi"})); len(got) != 0 {
		t.Errorf("by the name of who is gone: %v", got)
	}
}

func changedNamesAreFound(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	apply(t, s, d.ID, roster.Changes{
		PutPeople:           []roster.SnapshotPerson{{SourcedID: "ana", Given: "Ana", Family: "Bauer"}},
		RemoveGuardianships: []roster.SnapshotGuardianship{{Guardian: "marco", Student: "leo"}},
		PutGuardianships:    []roster.SnapshotGuardianship{{Guardian: "kim", Student: "leo", Relation: roster.Relative}},
	})
	for name, want := range map[string][]string{"bauer": {"eva", "leo"}, "rossi": {}, "kim": {"zoe", "leo"}} {
		if got := foundNames(search(t, s, d, "dan", roster.StudentQuery{Name: name})); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", name, got, want)
		}
	}
}

func labels(choices []roster.Choice) string {
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = c.Label
	}
	return strings.Join(words, ", ")
}

func gradesAreOfferedByAge(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	change := roster.Changes{}
	for _, grade := range []string{"12", "KG", "01", "PK", "UG"} {
		change.PutPeople = append(change.PutPeople, roster.SnapshotPerson{
			SourcedID: "of-" + grade, Given: "Of", Family: grade, Grades: []string{grade}, Roles: as("north", roster.Student),
		})
	}
	apply(t, s, d.ID, change)
	f := given(s.Facets(t.Context(), d.ID, scopeOf(t, s, d, "dan"), roster.StudentQuery{}))(t)
	if got, want := labels(f.Grades), "PK, KG, 01, 09, 10, 12, UG"; got != want {
		t.Errorf("grades are %s, want %s", got, want)
	}
}

func choicesAreNarrowed(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	value := func(choices []roster.Choice, label string) uuid.UUID {
		for _, c := range choices {
			if c.Label == label {
				return uuid.MustParse(c.Value)
			}
		}
		t.Fatalf("no choice %q among %v", label, choices)
		return uuid.Nil
	}
	ask := func(who string, q roster.StudentQuery) (roster.Facets, string) {
		f := given(s.Facets(t.Context(), d.ID, scopeOf(t, s, d, who), q))(t)
		return f, strings.Join([]string{labels(f.Schools), labels(f.Grades), labels(f.Courses), labels(f.Sections), labels(f.Teachers)}, " | ")
	}
	all, got := ask("dan", roster.StudentQuery{})
	if want := "North High, South High | 09, 10 | Algebra 1, History | Algebra 1, A · 3, History, B · 1 | Tom Teal"; got != want {
		t.Errorf("the district: %s, want %s", got, want)
	}
	south := value(all.Schools, "South High")
	if _, got := ask("dan", roster.StudentQuery{School: south}); got != "North High, South High | 09 | Algebra 1 | Algebra 1, A · 3 | Tom Teal" {
		t.Errorf("at South High: %s", got)
	}
	if _, got := ask("dan", roster.StudentQuery{Course: "History"}); got != "North High, South High | 09, 10 | Algebra 1, History | History, B · 1 | " {
		t.Errorf("in History, whose teacher has left: %s", got)
	}
	if _, got := ask("teal", roster.StudentQuery{}); got != "North High, South High | 09 | Algebra 1 | Algebra 1, A · 3 | Tom Teal" {
		t.Errorf("a teacher: %s", got)
	}
	if _, got := ask("gray", roster.StudentQuery{}); got != " |  |  |  | " {
		t.Errorf("a teacher whose section ended: %s", got)
	}
}

func teachersOfAStudent(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	apply(t, s, d.ID, roster.Changes{PutEnrolments: []roster.SnapshotEnrolment{
		{SourcedID: "e9", Person: "pia", Section: "alg", Role: roster.Teacher, End: schoolToday + 3},
	}})
	students := ids(person(t, s, d.ID, "zoe"), person(t, s, d.ID, "leo"), person(t, s, d.ID, "eva"))
	var got []string
	for _, pair := range given(s.TeachersOf(t.Context(), d.ID, students, schoolToday))(t) {
		student := given(s.Person(t.Context(), d.ID, pair.Student))(t)
		got = append(got, fmt.Sprint(student.Given, ": ", pair.Teacher.Family, ", ", pair.Section.Title, " until ", pair.Until))
	}
	want := []string{
		"Zoë: Quinn, Algebra 1, A until 2026-10-16", "Zoë: Teal, Algebra 1, A until 2026-10-16",
		"Leonardo: Quinn, Algebra 1, A until 2026-10-18", "Leonardo: Teal, Algebra 1, A until 2026-12-20",
	}
	if !slices.Equal(got, want) {
		t.Errorf("teachers\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func peopleArePicked(t *testing.T, s roster.Store) {
	d := newSchool(t, s, "lincoln")
	for name, want := range map[string]string{"": "dan gray zoe kim pia marco ana eva leo teal", "uiz": "ana eva leo", "RUIZ l": "leo", "nobody": "", "_": "dan gray zoe kim pia marco ana eva leo teal"} {
		var got []string
		for after := ""; ; {
			people, next, err := s.FindPeople(t.Context(), d.ID, name, after, 3)
			must(t, err)
			if people != nil && len(people) == 0 {
				t.Errorf("%q: nobody is an empty list, not nil", name)
			}
			for _, p := range people {
				got = append(got, p.SourcedID)
			}
			if after = next; next == "" {
				break
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q picks %v, want %s", name, got, want)
		}
	}
}
