package storetest

import (
	"slices"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/roster"
)

// A search narrows as Go would.
func (r *reach) aSearchNarrowsAsGoWould() {
	for range 4 {
		sender, q := r.someone(), r.query()
		var want []uuid.UUID
		for _, id := range idsOf(r.find(sender, roster.StudentQuery{Limit: 100})) {
			if narrowedTo(r.facts, q, r.facts.People[id]) {
				want = append(want, id)
			}
		}
		if got := idsOf(r.find(sender, q)); !sameSet(got, want) {
			r.Errorf("%s asks %+v: finds %v, want %v", r.name(sender), q, r.names(got), r.names(want))
		}
	}
}

// someone is uuid.Nil where the one drawn has never come.
func (r *reach) someone() uuid.UUID {
	sourcedID := numbered("person", randomPeople).Draw(r.T, "someone")
	for id, p := range r.facts.People {
		if p.SourcedID == sourcedID {
			return id
		}
	}
	return uuid.Nil
}

func (r *reach) query() roster.StudentQuery {
	q := roster.StudentQuery{Limit: 100}
	if rapid.IntRange(0, 3).Draw(r.T, "by student") == 0 {
		q.Student = r.someone()
	}
	if rapid.Bool().Draw(r.T, "by school") {
		sourcedID := numbered("org", 4).Draw(r.T, "school")
		for _, o := range r.facts.Orgs {
			if o.SourcedID == sourcedID {
				q.School = o.ID
			}
		}
	}
	if rapid.Bool().Draw(r.T, "by grade") {
		q.Grade = someGrade.Draw(r.T, "grade")
	}
	if rapid.Bool().Draw(r.T, "by course") {
		q.Course = someCourse.Draw(r.T, "course")
	}
	if seats := r.facts.People[r.someone()].Enrolments; len(seats) > 0 {
		q.Section = seats[0].Section.ID
	}
	if rapid.Bool().Draw(r.T, "by teacher") {
		q.Teacher = r.someone()
	}
	return q
}

// narrowedTo says, from facts and not from tables, whether a search that is
// narrowed like that finds a student of its scope.
func narrowedTo(f roster.Facts, q roster.StudentQuery, p roster.PersonFacts) bool {
	inSchool, inCourse, inSection, ofTeacher := q.School == uuid.Nil, q.Course == "", q.Section == uuid.Nil, q.Teacher == uuid.Nil
	for _, r := range p.Roles {
		current := (r.Begin == 0 || r.Begin <= f.Today) && (r.End == 0 || f.Today < r.End)
		inSchool = inSchool || current && r.Role == roster.Student && r.Org == q.School
	}
	for _, e := range p.Enrolments {
		if _, current := e.Current(f.Today); !current || e.Role != roster.Student {
			continue
		}
		inSchool = inSchool || e.Section.Org == q.School
		inCourse = inCourse || e.Section.Course == q.Course
		inSection = inSection || e.Section.ID == q.Section
		ofTeacher = ofTeacher || slices.ContainsFunc(f.Taught(q.Teacher), func(c roster.Section) bool { return c.ID == e.Section.ID })
	}
	thisOne := q.Student == uuid.Nil || q.Student == p.ID
	return thisOne && inSchool && inCourse && inSection && ofTeacher && (q.Grade == "" || slices.Contains(p.Grades, q.Grade))
}

// facets are in the order in which each narrows those behind it.
var facets = []struct {
	name string
	of   func(roster.Facets) []roster.Choice
	by   func(*roster.StudentQuery, string)
}{
	{"school", func(f roster.Facets) []roster.Choice { return f.Schools }, func(q *roster.StudentQuery, v string) { q.School = uuid.MustParse(v) }},
	{"grade", func(f roster.Facets) []roster.Choice { return f.Grades }, func(q *roster.StudentQuery, v string) { q.Grade = v }},
	{"course", func(f roster.Facets) []roster.Choice { return f.Courses }, func(q *roster.StudentQuery, v string) { q.Course = v }},
	{"section", func(f roster.Facets) []roster.Choice { return f.Sections }, func(q *roster.StudentQuery, v string) { q.Section = uuid.MustParse(v) }},
	{"teacher", func(f roster.Facets) []roster.Choice { return f.Teachers }, func(q *roster.StudentQuery, v string) { q.Teacher = uuid.MustParse(v) }},
}

// Every choice that a facet offers finds somebody.
func (r *reach) facetsAgreeWithTheSearch() {
	sender := r.someone()
	q := roster.StudentQuery{Limit: 100}
	for _, facet := range facets {
		offered, err := r.store.Facets(r.ctx, r.facts.District.ID, r.facts.Scope(sender), q)
		r.must(err)
		choices := facet.of(offered)
		for _, c := range choices {
			narrowed := q
			facet.by(&narrowed, c.Value)
			if r.find(sender, narrowed).Total == 0 {
				r.Errorf("%s is offered the %s %q, which finds nobody after %+v", r.name(sender), facet.name, c.Label, q)
			}
		}
		if len(choices) > 0 {
			facet.by(&q, choices[rapid.IntRange(0, len(choices)-1).Draw(r.T, facet.name)].Value)
		}
	}
}
