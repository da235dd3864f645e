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

// span reads a begin and an end; where it cannot, it refuses the row under id.
func (t *table) span(begin, end int, id string) (from, to roster.Date, ok bool) {
	if from, ok = t.date(begin, id); !ok {
		return from, to, false
	}
	if to, ok = t.date(end, id); !ok {
		return from, to, false
	}
	if from != roster.NoDate && to != roster.NoDate && to < from {
		t.refuse(id, fmt.Sprintf("it ends, on %s, before it begins, on %s", to, from))
		return from, to, false
	}
	return from, to, true
}

// readCourses keeps nothing of courses but their titles.
func (r *reading) readCourses() error {
	t, err := r.openTable(coursesFile)
	if t == nil || err != nil {
		return err
	}
	id, title := t.col("sourcedId"), t.col("title")
	return t.each(func() error {
		if sourcedID := t.validID(t.cell(id)); sourcedID != "" {
			r.courses[sourcedID] = t.line(title)
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
		Period: t.word(c.periods), Grades: t.grades(c.grades), Gone: gone,
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
	for _, term := range t.ids(c.terms) {
		s.Terms = append(s.Terms, t.intern(term))
	}
	if missing := t.missingTerms(s.Terms); len(missing) > 0 && t.bulk(sessionsFile) {
		t.mend(id, fmt.Sprintf("its term %s is not in %s: it has no days", quote([]byte(missing[0])), sessionsFile))
	}
	take(t, &t.sections, id, s)
}

func (r *reading) missingTerms(terms []string) []string {
	var missing []string
	for _, id := range terms {
		if _, ok := r.terms.find([]byte(id)); !ok {
			missing = append(missing, id)
		}
	}
	return missing
}
