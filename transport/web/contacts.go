package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// facetView is one drop-down of the contact search.
type facetView struct {
	Name    string
	Options []optionView
	TooMany bool // narrow by the ones before it first
}

// foundAtOnce is how many students stand on a page: each has buttons for a whole
// family, and the letter stands below them on a phone.
const foundAtOnce = 10

// mostOptions is how long a drop-down may be to be of use.
const mostOptions = 300

// resultsView are the students found.
type resultsView struct {
	Found   int
	Rows    []foundView
	Next    string // cursor for the button that shows more
	After   string
	Student string // the one student that was asked for
	Some    bool   // somebody found is not a recipient yet
}

// foundView is a student with their guardians, each with a button (R19).
type foundView struct {
	Name, About string
	People      []contactView
}

type contactView struct {
	Value, Name, Part string
	Words             string // name and part: Ana Ruiz, parent of Leo
	Added             bool
}

// contactSearch fills the facets, and the students found where one searched.
func (s *Site) contactSearch(ctx context.Context, v *visitor, p *composePage) error {
	scope, err := s.scope(ctx, v)
	if err != nil {
		return err
	}
	if p.Granted, err = s.granted(ctx, v); err != nil {
		return err
	}
	q := p.Form.Search.query()
	facets, err := s.opts.Roster.Facets(ctx, v.district.ID, scope, q)
	if err != nil {
		return fmt.Errorf("contact search: %w", err)
	}
	p.Facets = facetViews(v.lang, facets, p.Form.Search)
	if !p.Form.Search.Searched {
		return nil
	}
	q.Limit = foundAtOnce
	found, err := s.opts.Roster.FindStudents(ctx, v.district.ID, scope, q)
	if err != nil {
		return fmt.Errorf("contact search: %w", err)
	}
	p.Results = &resultsView{Found: found.Total, Next: found.Next, After: p.Form.Search.After}
	if p.Form.Search.Student != uuid.Nil {
		p.Results.Student = p.Form.Search.Student.String()
	}
	for _, student := range found.Students {
		row := foundStudent(v.lang, p.Form, student)
		p.Results.Some = p.Results.Some || slices.ContainsFunc(row.People, func(c contactView) bool { return !c.Added })
		p.Results.Rows = append(p.Results.Rows, row)
	}
	return nil
}

func facetViews(lang *words.Language, f roster.Facets, chosen searchForm) []facetView {
	grades := slices.Clone(f.Grades)
	for i := range grades {
		grades[i].Label = gradeWords(lang, grades[i].Value)
	}
	facet := func(name string, choices []roster.Choice, value string) facetView {
		view := facetView{Name: name, TooMany: len(choices) > mostOptions}
		if view.TooMany {
			choices = slices.DeleteFunc(slices.Clone(choices), func(c roster.Choice) bool { return c.Value != value })
		}
		view.Options = options(choices, value)
		return view
	}
	return []facetView{
		facet("school", f.Schools, chosen.School), facet("grade", grades, chosen.Grade),
		facet("course", f.Courses, chosen.Course), facet("section", f.Sections, chosen.Section),
		facet("teacher", f.Teachers, chosen.Teacher),
	}
}

func foundStudent(lang *words.Language, form composeForm, student roster.FoundStudent) foundView {
	contact := func(p roster.Person, part string) contactView {
		to := roster.Recipient{Person: p.ID, Student: student.ID}
		return contactView{
			Value: recipientText(to), Name: p.Name(), Part: part, Added: slices.Contains(form.To, to),
			Words: personView{Name: p.Name(), Part: part}.words(lang),
		}
	}
	row := foundView{Name: student.Name(), About: aboutStudent(lang, student)}
	row.People = append(row.People, contact(student.Person, lang.Say("part_student")))
	for _, g := range student.Guardians {
		row.People = append(row.People, contact(g.Person, lang.Relation(g.Relation, student.FirstName())))
	}
	return row
}

// aboutStudent says grade and school: Grade 7, Lincoln Middle School.
func aboutStudent(lang *words.Language, student roster.FoundStudent) string {
	var said []string
	for _, g := range student.Grades {
		said = append(said, gradeWords(lang, g))
	}
	return strings.Join(append(said, student.Schools...), lang.Say("list_comma"))
}

// gradeWords says a grade of OneRoster (CEDS): 07 is grade 7, KG kindergarten.
func gradeWords(lang *words.Language, grade string) string {
	number := strings.TrimLeft(grade, "0")
	if number == "" {
		number = grade
	}
	return lang.Say(lang.Or("grade_"+strings.ToLower(grade), "grade"), "grade", number)
}

// mostCounted is how many found students are counted to say by how many they
// are too many.
const mostCounted = 1_000

// addAll adds everybody found, on all pages, or says by how many that are too
// many.
func (s *Site) addAll(r *http.Request, v *visitor, form *composeForm, guardiansOnly bool) ([]problem, error) {
	ctx := r.Context()
	form.Search.Searched = true
	scope, err := s.scope(ctx, v)
	if err != nil {
		return nil, err
	}
	all := *form
	all.To = slices.Clone(form.To)
	q := form.Search.query()
	q.Limit = 100
	for counted := 0; ; {
		page, err := s.opts.Roster.FindStudents(ctx, v.district.ID, scope, q)
		if err != nil {
			return nil, fmt.Errorf("contact search: %w", err)
		}
		for _, student := range page.Students {
			addFamily(&all, student, guardiansOnly)
		}
		counted += len(page.Students)
		if page.Next == "" || counted >= mostCounted {
			if wrong := tooMany(v, form.To, all.To, page.Next != ""); len(wrong) > 0 {
				return wrong, nil
			}
			*form = all
			return nil, nil
		}
		q.After = page.Next
	}
}

// tooMany says how many are chosen already, how many would come, and how many
// may be, where that is too many; open where not all that would come were
// counted.
func tooMany(v *visitor, had, all []roster.Recipient, open bool) []problem {
	before, now := roster.People(had), roster.People(all)
	if now <= roster.MaxRecipients && !open {
		return nil
	}
	more := strconv.Itoa(now - before)
	if open {
		more = v.lang.Say("at_least", "count", more)
	}
	return []problem{{Field: "recipients", Words: v.lang.Count("error_add_all", roster.MaxRecipients, "got", before, "more", more)}}
}

func addFamily(form *composeForm, student roster.FoundStudent, guardiansOnly bool) {
	if !guardiansOnly {
		form.add(roster.Recipient{Person: student.ID, Student: student.ID})
	}
	for _, g := range student.Guardians {
		form.add(roster.Recipient{Person: g.ID, Student: student.ID})
	}
}
