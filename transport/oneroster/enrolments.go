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
	gone, ok := t.gone(c.status, id)
	switch {
	case !ok:
		return
	case gone:
		take(t, &t.enrolments, id, roster.SnapshotEnrolment{SourcedID: id, Gone: true})
		return
	}
	e := roster.SnapshotEnrolment{SourcedID: id, Silent: t.silent(roster.KindEnrolment)}
	says := func(f roster.Fields) bool { return e.Silent&f == 0 }
	if says(roster.FieldRole) {
		var foreign bool
		if e.Role, foreign, ok = t.role(c.role, id); !ok {
			return
		}
		if foreign {
			t.mend("", "a role of its own (ext:) lets nobody teach or learn in a class: left out")
			return
		}
	}
	if e.Begin, e.End, ok = t.span(c.begin, c.end, id); !ok {
		return
	}
	if e.Role.GuardianLike() {
		t.mend("", "guardians are not enrolled in classes: left out")
		return
	}
	var person *roster.SnapshotPerson
	reason := ""
	if says(roster.FieldPerson) {
		person, reason = t.enrolled(t.cell(c.person), &e)
	}
	if reason == "" && says(roster.FieldSection) {
		e.Section, reason = t.sectionOf(t.cell(c.section))
	}
	if reason != "" {
		t.refuse(id, reason)
		return
	}
	t.contradiction(e, person)
	take(t, &t.enrolments, id, e)
}

// enrolled fills in the person whom the row enrols. p is nil where they are in
// another part of the roster; reason is why the row cannot be taken.
func (t *table) enrolled(cell []byte, e *roster.SnapshotEnrolment) (p *roster.SnapshotPerson, reason string) {
	p, ok := t.people.find(cell)
	switch {
	case ok:
		e.Person = p.SourcedID
	case !isID(cell):
		return nil, "it names nobody"
	case t.people.isRefused(cell):
		return nil, fmt.Sprintf("the row of its person %s was refused (%s line %d)", quote(cell), usersFile, t.people.line(string(cell)))
	case t.whole[roster.KindPerson]:
		return nil, fmt.Sprintf("its person %s is not in %s", quote(cell), usersFile)
	default:
		e.Person = t.arena.keep(cell)
	}
	return p, ""
}

// contradiction names an enrolment that is otherwise than the roles of its
// person. It is kept, and by the rules of reach it lets nobody write to anybody:
// staff who take a course remain staff, a student who is enrolled as teacher
// remains a student.
func (t *table) contradiction(e roster.SnapshotEnrolment, p *roster.SnapshotPerson) {
	if p == nil || p.Gone || e.Role == "" || len(p.Roles) == 0 || !t.rolesKnown(p) {
		return
	}
	for _, held := range p.Roles {
		if held.Role == e.Role || held.Role.Staff() && e.Role.Staff() {
			return
		}
	}
	t.mend(e.SourcedID, fmt.Sprintf("somebody who is %s in %s is enrolled as %s: kept, and who reaches whom goes by the role",
		p.Roles[0].Role, t.rolesFrom, e.Role))
}

func (t *table) sectionOf(cell []byte) (id, reason string) {
	section, ok := t.sections.find(cell)
	switch {
	case ok:
		return section.SourcedID, ""
	case !isID(cell):
		return "", "it names no class"
	case t.sections.isRefused(cell):
		return "", fmt.Sprintf("the row of its class %s was refused (%s line %d)", quote(cell), classesFile, t.sections.line(string(cell)))
	case t.whole[roster.KindSection]:
		return "", fmt.Sprintf("its class %s is not in %s", quote(cell), classesFile)
	}
	return t.idIn(cell), ""
}
