package oneroster

import (
	"fmt"

	"github.com/homeline/homeline/hub/roster"
)

// enrolmentColumns are where the cells of an enrolment stand.
type enrolmentColumns struct{ id, status, section, person, role, begin, end int }

func (r *reading) readEnrolments() error {
	t, err := r.openTable(enrollmentsFile, roster.KindEnrolment)
	if t == nil || err != nil {
		return err
	}
	c := enrolmentColumns{
		id: t.col("sourcedId"), status: t.col("status"), section: t.col("classSourcedId"),
		person: t.col("userSourcedId"), role: t.col("role"), begin: t.col("beginDate"), end: t.col("endDate"),
	}
	return t.each(func() error {
		t.enrolment(c)
		return nil
	})
}

func (t *table) enrolment(c enrolmentColumns) {
	id, ok := t.id(c.id)
	if !ok {
		return
	}
	e := roster.SnapshotEnrolment{SourcedID: id}
	if e.Gone, ok = t.gone(c.status, id); !ok {
		return
	}
	if e.Role, ok = t.role(c.role, id); !ok {
		return
	}
	if e.Begin, e.End, ok = t.span(c.begin, c.end, id); !ok {
		return
	}
	person, reason := t.enrolled(c, e.Role)
	if reason == "" {
		e.Person = person
		e.Section, reason = t.sectionOf(t.cell(c.section))
	}
	switch {
	case reason == "":
		take(t, &t.enrolments, id, e)
	case e.Gone && t.file.Mode == Bulk: // ended, and so did what it names
	default:
		t.refuse(id, reason)
	}
}

// enrolled is the person whom the row enrols, or why they cannot be in that role.
func (t *table) enrolled(c enrolmentColumns, role roster.Role) (id, reason string) {
	cell := t.cell(c.person)
	person, ok := t.people.find(cell)
	switch {
	case len(cell) == 0:
		return "", "it names nobody"
	case ok:
		return person.SourcedID, t.contradiction(person, role)
	case t.people.isRefused(cell):
		return "", fmt.Sprintf("the row of its person %s was refused (%s line %d)", quote(cell), usersFile, t.people.line(string(cell)))
	case t.bulk(usersFile):
		return "", fmt.Sprintf("its person %s is not in %s", quote(cell), usersFile)
	}
	return t.intern([]byte(t.validID(cell))), ""
}

// contradiction is why somebody of these roles is not enrolled in that one:
// staff who are no students are not enrolled as students, and a student or
// guardian not as staff, which would let them reach a whole section.
func (t *table) contradiction(p *roster.SnapshotPerson, role roster.Role) string {
	if role.GuardianLike() {
		return fmt.Sprintf("nobody is enrolled as %s", role)
	}
	if len(p.Roles) == 0 || t.rolesUnknown(p) {
		return ""
	}
	for _, held := range p.Roles {
		if held.Role == role || held.Role.Staff() && role.Staff() {
			return ""
		}
	}
	return fmt.Sprintf("somebody who is %s in %s is enrolled as %s", roleOf(p), t.rolesFrom, role)
}

func (t *table) sectionOf(cell []byte) (id, reason string) {
	section, ok := t.sections.find(cell)
	switch {
	case len(cell) == 0:
		return "", "it names no class"
	case ok:
		return section.SourcedID, ""
	case t.sections.isRefused(cell):
		return "", fmt.Sprintf("the row of its class %s was refused (%s line %d)", quote(cell), classesFile, t.sections.line(string(cell)))
	case t.bulk(classesFile):
		return "", fmt.Sprintf("its class %s is not in %s", quote(cell), classesFile)
	}
	return t.intern([]byte(t.validID(cell))), ""
}
