package oneroster

import (
	"fmt"

	"github.com/homeline/homeline/hub/roster"
)

func (r *reading) readTerms() error {
	t, err := r.openTable(sessionsFile, roster.KindTerm)
	if t == nil || err != nil {
		return err
	}
	id, status, title := t.col("sourcedId"), t.col("status"), t.col("title")
	begin, end := t.col("startDate"), t.col("endDate")
	return t.each(func() error {
		sourcedID, ok := t.id(id)
		if !ok {
			return nil
		}
		term := roster.SnapshotTerm{SourcedID: sourcedID, Title: t.line(title)}
		if term.Gone, ok = t.gone(status, sourcedID); !ok {
			return nil
		}
		if term.Begin, term.End, ok = t.span(begin, end, sourcedID); !ok {
			return nil
		}
		if term.Begin == roster.NoDate || term.End == roster.NoDate {
			t.refuse(sourcedID, "it has no startDate or no endDate")
			return nil
		}
		take(t, &r.terms, sourcedID, term)
		return nil
	})
}

// readCourses keeps nothing of courses but their titles.
func (r *reading) readCourses() error {
	t, err := r.openTable(coursesFile)
	if t == nil || err != nil {
		return err
	}
	id, title := t.col("sourcedId"), t.col("title")
	return t.each(func() error {
		if cell := t.cell(id); isID(cell) {
			r.courses[string(cell)] = t.line(title)
		}
		return nil
	})
}

// sectionColumns are where a section's cells stand.
type sectionColumns struct{ id, status, title, grades, course, school, terms, periods int }

func (r *reading) readSections() error {
	t, err := r.openTable(classesFile, roster.KindSection)
	if t == nil || err != nil {
		return err
	}
	c := sectionColumns{
		id: t.col("sourcedId"), status: t.col("status"), title: t.col("title"), grades: t.col("grades"),
		course: t.col("courseSourcedId"), school: t.col("schoolSourcedId"), terms: t.col("termSourcedIds"),
		periods: t.col("periods"),
	}
	return t.each(func() error {
		t.section(c)
		return nil
	})
}

func (t *table) section(c sectionColumns) {
	id, ok := t.id(c.id)
	if !ok {
		return
	}
	gone, ok := t.gone(c.status, id)
	if !ok {
		return
	}
	s := roster.SnapshotSection{
		SourcedID: id, Title: t.line(c.title), Course: t.courses[string(t.cell(c.course))],
		Period: t.line(c.periods), Grades: t.grades(c.grades), Gone: gone,
	}
	switch {
	case s.Title == "" && s.Course == "":
		t.refuse(id, "it has no title")
		return
	case s.Title == "":
		s.Title = s.Course
		t.mend(id, "it has no title: that of its course stands for it")
	}
	s.Org = t.orgOf(t.cell(c.school), id)
	s.Terms = t.termsOf(c.terms, id)
	take(t, &t.sections, id, s)
}

// termsOf are the terms that a section names, those too that are in no file:
// they have no days.
func (t *table) termsOf(col int, id string) []string {
	var terms []string
	for _, cell := range t.ids(col) {
		if term, ok := t.terms.find(cell); ok {
			terms = append(terms, term.SourcedID)
			continue
		}
		terms = append(terms, t.arena.keep(cell))
		if t.bulk(sessionsFile) {
			t.mend(id, fmt.Sprintf("its term %s is not in %s: it has no days", quote(cell), sessionsFile))
		}
	}
	return terms
}
