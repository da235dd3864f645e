package storetest

import (
	"slices"
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

var grantSearchTests = []rosterTest{
	{"a search finds whom a grant gives, and its choices are theirs", aGrantIsSearched},
	{"a search finds nobody once a grant has ended", anEndedGrantFindsNobody},
}

func aGrantIsSearched(t *testing.T, s roster.Store) {
	d := withNurse(t, s, "lincoln")
	nurse := person(t, s, d.ID, "nurse").ID
	if page := search(t, s, d, "nurse", roster.StudentQuery{}); page.Total != 0 {
		t.Fatalf("without a grant: %v", foundNames(page))
	}
	list := roster.Grant{Person: nurse, Students: ids(person(t, s, d.ID, "zoe"), person(t, s, d.ID, "eva"), person(t, s, d.ID, "kim"))}
	grant(t, s, d, list)
	for name, want := range map[string][]string{"": {"zoe", "eva"}, "ana": {"eva"}, "leo": {}, "kim": {"zoe"}} {
		if got := foundNames(search(t, s, d, "nurse", roster.StudentQuery{Name: name})); !slices.Equal(got, want) {
			t.Errorf("by %q: %v, want %v", name, got, want)
		}
	}
	facets := given(s.Facets(t.Context(), d.ID, scopeOf(t, s, d, "nurse"), roster.StudentQuery{}))(t)
	expectLabels(t, "schools", facets.Schools, "North High", "South High")
	expectLabels(t, "grades", facets.Grades, "09", "10")
	expectLabels(t, "sections", facets.Sections, "Algebra 1, A · 3", "History, B · 1")
	grant(t, s, d, roster.Grant{Person: nurse, Section: entry(t, s, d, roster.KindSection, "alg")})
	if got := foundNames(search(t, s, d, "nurse", roster.StudentQuery{})); !slices.Equal(got, []string{"zoe", "eva", "leo"}) {
		t.Errorf("with a class as well: %v", got)
	}
	bar(t, s, d, "nurse", "eva")
	if got := foundNames(search(t, s, d, "nurse", roster.StudentQuery{})); !slices.Equal(got, []string{"zoe", "leo"}) {
		t.Errorf("kept from Eva: %v", got)
	}
}

func expectLabels(t *testing.T, what string, got []roster.Choice, want ...string) {
	t.Helper()
	var labels []string
	for _, c := range got {
		labels = append(labels, c.Label)
	}
	if !slices.Equal(labels, want) {
		t.Errorf("%s: %q, want %q", what, labels, want)
	}
}

func anEndedGrantFindsNobody(t *testing.T, s roster.Store) {
	d := withNurse(t, s, "lincoln")
	north := entry(t, s, d, roster.KindOrg, "north")
	g := grant(t, s, d, roster.Grant{Person: person(t, s, d.ID, "nurse").ID, Org: north})
	grant(t, s, d, roster.Grant{Role: roster.Aide, RoleOrg: entry(t, s, d, roster.KindOrg, "south"), Org: north, Until: schoolToday})
	if got := foundNames(search(t, s, d, "nurse", roster.StudentQuery{})); len(got) != 3 {
		t.Errorf("while it holds: %v", got)
	}
	must(t, s.Revoke(t.Context(), d.ID, g.ID, "x", schoolNow))
	for _, who := range []string{"nurse", "aide"} {
		if got := foundNames(search(t, s, d, who, roster.StudentQuery{})); len(got) != 0 {
			t.Errorf("%s finds %v", who, got)
		}
	}
}
