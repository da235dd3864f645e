package sqlite

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

const putOrg = `INSERT INTO org (district, id, sourced_id, known, name, type, parent, gone) VALUES (?, ?, ?, 1, ?, ?, ?, ?)
	ON CONFLICT (district, id) DO UPDATE SET known = 1, name = excluded.name, type = excluded.type,
		parent = excluded.parent, gone = excluded.gone`

func (a *applying) putOrgs(c roster.Changes) error {
	for _, o := range c.PutOrgs {
		parent, err := a.orgs.reference(o.Parent)
		if err != nil {
			return fmt.Errorf("org %q: parent: %w", o.SourcedID, err)
		}
		id, _, _, err := a.orgs.put(o.SourcedID, o.Gone)
		if err == nil {
			err = a.exec(putOrg, key(a.district), key(id), o.SourcedID, o.Name, o.Type, parent, o.Gone)
		}
		if err != nil {
			return fmt.Errorf("org %q: %w", o.SourcedID, err)
		}
	}
	return nil
}

const putTerm = `INSERT INTO term (district, id, sourced_id, known, title, begin, end, gone) VALUES (?, ?, ?, 1, ?, ?, ?, ?)
	ON CONFLICT (district, id) DO UPDATE SET known = 1, title = excluded.title, begin = excluded.begin,
		end = excluded.end, gone = excluded.gone`

func (a *applying) putTerms(c roster.Changes) error {
	for _, t := range c.PutTerms {
		id, _, _, err := a.terms.put(t.SourcedID, t.Gone)
		if err == nil {
			err = a.exec(putTerm, key(a.district), key(id), t.SourcedID, t.Title, t.Begin, t.End, t.Gone)
		}
		if err != nil {
			return fmt.Errorf("term %q: %w", t.SourcedID, err)
		}
	}
	return nil
}

const (
	putSection = `INSERT INTO section (district, id, sourced_id, title, course, period, org, grades, gone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (district, id) DO UPDATE SET title = excluded.title, course = excluded.course,
			period = excluded.period, org = excluded.org, grades = excluded.grades, gone = excluded.gone`
	studentsOfSection = `SELECT person FROM section_roll WHERE district = ? AND section = ? AND role = 'student'`
)

func (a *applying) putSections(c roster.Changes) error {
	for _, s := range c.PutSections {
		if err := a.putSection(s); err != nil {
			return fmt.Errorf("section %q: %w", s.SourcedID, err)
		}
	}
	return nil
}

func (a *applying) putSection(s roster.SnapshotSection) error {
	org, err := a.orgs.reference(s.Org)
	if err != nil {
		return err
	}
	id, _, had, err := a.sections.put(s.SourcedID, s.Gone)
	if err != nil {
		return err
	}
	if err := a.exec(putSection, key(a.district), key(id), s.SourcedID, s.Title, s.Course, s.Period, org, listText(s.Grades), s.Gone); err != nil {
		return err
	}
	if had {
		if err := a.touchStudents(id); err != nil {
			return err
		}
		if err := a.exec(`DELETE FROM section_term WHERE district = ? AND section = ?`, key(a.district), key(id)); err != nil {
			return err
		}
	}
	for no, sourcedID := range s.Terms {
		term, err := a.terms.reference(sourcedID)
		if err == nil && term != nil {
			err = a.exec(`INSERT INTO section_term (district, section, no, term) VALUES (?, ?, ?, ?)`, key(a.district), key(id), no, term)
		}
		if err != nil {
			return fmt.Errorf("term %q: %w", sourcedID, err)
		}
	}
	return nil
}

// touchStudents touches those of a section, whose organisation may be another.
func (a *applying) touchStudents(section uuid.UUID) error {
	return each(a.ctx, a.tx, func(row scanner) error {
		var person uuid.UUID
		err := row.Scan(&person)
		a.touch(person)
		return err
	}, studentsOfSection, key(a.district), key(section))
}
