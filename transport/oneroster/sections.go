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
		term := roster.SnapshotTerm{SourcedID: sourcedID, Title: t.line(title), Silent: t.silent(roster.KindTerm)}
		if term.Gone, ok = t.gone(status, sourcedID); !ok {
			return nil
		}
		if term.Begin, term.End, ok = t.span(begin, end, sourcedID); !ok && !term.Gone {
			return nil
		}
		if !term.Gone && (term.Begin == roster.NoDate && term.Silent&roster.FieldBegin == 0 ||
			term.End == roster.NoDate && term.Silent&roster.FieldEnd == 0) {
			t.refuse(sourcedID, "it has no startDate or no endDate")
			return nil
		}
		take(t, &r.terms, sourcedID, term)
		return nil
	})
}

// course is what is kept of a row of courses.csv while classes.csv is read.
type course struct {
	id, title string
	gone      bool
}

func (r *reading) readCourses() error {
	t, err := r.openTable(coursesFile, kindCourse)
	if t == nil || err != nil {
		return err
	}
	id, status, title := t.col("sourcedId"), t.col("status"), t.col("title")
	if title < 0 {
		r.whole[kindCourse] = false
	}
	return t.each(func() error {
		sourcedID, ok := t.id(id)
		if !ok {
			return nil
		}
		gone, ok := t.gone(status, sourcedID)
		if ok && (title >= 0 || gone) {
			take(t, &r.courses, sourcedID, course{id: sourcedID, title: t.line(title), gone: gone})
		}
		return nil
	})
}

// courseOf is the title of the course that a cell names; known is false if it
// cannot be told: its row was refused, or courses.csv does not hold all there is.
func (t *table) courseOf(cell []byte) (title string, known bool) {
	if len(cell) == 0 {
		return "", true
	}
	if c, ok := t.courses.find(cell); ok {
		if c.gone {
			return "", true
		}
		return c.title, true
	}
	return "", t.whole[kindCourse] && !t.courses.isRefused(cell)
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
		SourcedID: id, Title: t.line(c.title), Period: t.line(c.periods), Grades: t.grades(c.grades), Gone: gone,
		Silent: t.silent(roster.KindSection),
	}
	var known bool
	if s.Course, known = t.courseOf(t.cell(c.course)); !known {
		s.Silent |= roster.FieldCourse
	}
	switch {
	case gone, s.Title != "", s.Silent&roster.FieldTitle != 0:
	case s.Course == "":
		t.refuse(id, "it has no title")
		return
	default:
		s.Title = s.Course
		t.mend(id, "it has no title: that of its course stands for it")
	}
	s.Org = t.orgOf(t.cell(c.school), id)
	if s.Terms, ok = t.termsOf(c.terms, id); !ok {
		s.Silent |= roster.FieldTerms
	}
	take(t, &t.sections, id, s)
}

// termsOf are the terms that a section names, those too that are in no file:
// they have no days. ok is false if not all that it names is known.
func (t *table) termsOf(col int, id string) (terms []string, ok bool) {
	cells, ok := t.ids(col, id)
	for _, cell := range cells {
		if term, there := t.terms.find(cell); there {
			terms = append(terms, term.SourcedID)
			continue
		}
		terms = append(terms, t.arena.keep(cell))
		switch {
		case t.terms.isRefused(cell):
			t.mend(id, fmt.Sprintf("the row of its term %s was refused (%s line %d): the term stays as it is stored",
				quote(cell), sessionsFile, t.terms.line(string(cell))))
		case t.whole[roster.KindTerm]:
			t.mend(id, fmt.Sprintf("its term %s is not in %s: it has no days", quote(cell), sessionsFile))
		}
	}
	return terms, ok
}
