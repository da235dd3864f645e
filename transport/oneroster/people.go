package oneroster

import (
	"bytes"
	"fmt"
	"reflect"

	"github.com/homeline/homeline/hub/roster"
)

// userColumns are where a person's cells stand. The password is not among them.
type userColumns struct {
	id, status, enabled, orgs, role, given, family, preferred, email, agents, grades int
}

func (r *reading) readPeople() error {
	t, err := r.openTable(usersFile, roster.KindPerson, roster.KindGuardianship, roster.KindRole)
	if t == nil || err != nil {
		return err
	}
	c := userColumns{
		id: t.col("sourcedId"), status: t.col("status"), enabled: t.col("enabledUser"), orgs: t.col("orgSourcedIds"),
		role: t.col("role"), given: t.col("givenName"), family: t.col("familyName"),
		preferred: t.col("preferredGivenName"), email: t.col("email"), agents: t.col("agentSourcedIds"),
		grades: t.col("grades"),
	}
	r.whole[roster.KindRole] = false // roles.csv is still to come
	switch {
	case r.source.has(rolesFile):
		r.rolesFrom = rolesFile
		c.role = -1
	case c.role >= 0:
		r.rolesFrom = usersFile
		r.whole[roster.KindRole] = t.file.Mode == Bulk // each row has the roles of its person with it
	}
	if c.agents < 0 {
		r.whole[roster.KindGuardianship] = false
		if t.file.Mode == Bulk {
			r.report.Remarks = append(r.report.Remarks, "users.csv has no column agentSourcedIds: nobody is tied to anybody, and no tie ends.")
		}
	}
	return t.each(func() error {
		t.person(c)
		return nil
	})
}

// person takes a row. Of one that says that its person is gone nothing but the
// sourcedId needs to be right.
func (t *table) person(c userColumns) {
	id, ok := t.id(c.id)
	if !ok {
		return
	}
	gone, ok := t.gone(c.status, id)
	if !ok {
		return
	}
	enabled, ok := t.enabled(c.enabled)
	if !ok && !gone {
		t.refuse(id, "enabledUser is neither true nor false")
		return
	}
	t.over = gone || !enabled
	p := roster.SnapshotPerson{
		SourcedID: id, Given: t.line(c.given), Family: t.line(c.family), Preferred: t.line(c.preferred),
		Grades: t.grades(c.grades), Gone: t.over, Silent: t.silent(roster.KindPerson),
	}
	if !p.Gone && p.Given == "" && p.Family == "" && p.Silent&(roster.FieldGiven|roster.FieldFamily) == 0 {
		t.refuse(id, "it has neither a givenName nor a familyName")
		return
	}
	if p.Email, ok = t.address(c.email, id); !ok {
		p.Silent |= roster.FieldEmail
	}
	if c.role >= 0 {
		if p.Roles, ok = t.rolesOfRow(c, id); !ok && !p.Gone {
			return
		}
	}
	t.takePerson(p)
	if !gone && !enabled {
		t.notEnabled = append(t.notEnabled, id)
	}
	at := t.people.positionOf(id)
	agents, ok := t.ids(c.agents, id)
	if !ok {
		t.markUnknown(roster.KindGuardianship, id)
	}
	for _, agent := range agents {
		t.reading.agents = append(t.reading.agents, agentRef{person: int32(at), line: int32(t.row.line), agent: t.arena.keep(agent)})
	}
}

// takePerson takes a person. Early exports have a row for each role of somebody:
// where nothing but roles and grades differs, the rows are united.
func (t *table) takePerson(p roster.SnapshotPerson) {
	if at := t.people.positionOf(p.SourcedID); at >= 0 {
		earlier := &t.people.list[at]
		a, b := *earlier, p
		a.Roles, b.Roles, a.Grades, b.Grades = nil, nil, nil, nil
		a.Silent, b.Silent = a.Silent&^roster.FieldGrades, b.Silent&^roster.FieldGrades
		if reflect.DeepEqual(a, b) && !reflect.DeepEqual(*earlier, p) {
			earlier.Roles = union(earlier.Roles, p.Roles)
			earlier.Grades = union(earlier.Grades, p.Grades)
			earlier.Silent &= p.Silent | ^roster.FieldGrades
			t.mend(p.SourcedID, fmt.Sprintf("its roles and grades are added to those of line %d", t.people.line(p.SourcedID)))
			return
		}
	}
	take(t, &t.people, p.SourcedID, p)
}

func union[T comparable](a, b []T) []T {
	seen := map[T]bool{}
	var all []T
	for _, v := range append(append([]T{}, a...), b...) {
		if !seen[v] {
			all = append(all, v)
		}
		seen[v] = true
	}
	return all
}

// enabled reads enabledUser; an empty cell means true.
func (t *table) enabled(col int) (enabled, ok bool) {
	cell := bytes.ToLower(t.cell(col))
	switch string(cell) {
	case "true", "":
		return true, true
	case "false":
		return false, true
	case "1", "yes", "y", "t":
		t.mend("", "enabledUser is not written true or false")
		return true, true
	case "0", "no", "n", "f":
		t.mend("", "enabledUser is not written true or false")
		return false, true
	}
	return false, false
}

// address reads an e-mail address; ok is false if the cell holds none, but
// something else.
func (t *table) address(col int, id string) (address string, ok bool) {
	cell := t.cell(col)
	if len(cell) == 0 {
		return "", true
	}
	s, _ := text(cell)
	if address, ok = email(s); !ok {
		t.mend(id, "its e-mail is not one address: left out, what is stored stays")
	}
	return address, ok
}

// rolesOfRow are the roles of a row of users.csv as 1.1 has them: one role, at
// each of the organisations. ok is false where the row has been refused.
func (t *table) rolesOfRow(c userColumns, id string) (_ []roster.SnapshotRole, ok bool) {
	silent := t.silent(roster.KindRole)
	if silent&roster.FieldRole != 0 {
		return nil, true
	}
	role, foreign, ok := t.role(c.role, id)
	switch {
	case !ok:
		return nil, false
	case foreign:
		t.mend("", extRole)
		return nil, true
	}
	var roles []roster.SnapshotRole
	cells, known := t.ids(c.orgs, id)
	if !known {
		t.markUnknown(roster.KindRole, id)
	}
	for _, cell := range cells {
		if org := t.orgOf(cell, id); org != "" {
			roles = append(roles, roster.SnapshotRole{Org: org, Role: role})
		}
	}
	if len(roles) == 0 {
		roles = append(roles, roster.SnapshotRole{Role: role, Silent: silent & roster.FieldOrg})
	}
	return roles, true
}
