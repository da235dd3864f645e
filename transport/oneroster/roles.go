package oneroster

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/homeline/homeline/hub/roster"
)

// roleNames are the roles of OneRoster by their letters alone.
var roleNames = func() map[string]roster.Role {
	names := map[string]roster.Role{"counsellor": roster.Counselor}
	for _, r := range []roster.Role{
		roster.Administrator, roster.DistrictAdministrator, roster.SiteAdministrator, roster.SystemAdministrator,
		roster.Principal, roster.Counselor, roster.Teacher, roster.Aide, roster.Proctor, roster.Student,
		roster.Guardian, roster.Parent, roster.Relative,
	} {
		names[plain(string(r))] = r
	}
	return names
}()

// role reads a role; ok is false where the row has been refused under id: what
// OneRoster does not know might be any role. foreign is a role of the district's
// own, which 1.2 allows (ext:nurse): it is known, and gives nobody a reach.
func (t *table) role(col int, id string) (_ roster.Role, foreign, ok bool) {
	cell := t.cell(col)
	role, ok := roleNames[string(cell)]
	if !ok {
		role, ok = roleNames[plain(string(cell))]
	}
	switch {
	case ok:
	case len(cell) == 0:
		t.refuse(id, "it has no role")
	case len(cell) > 4 && bytes.EqualFold(cell[:4], []byte("ext:")):
		return "", true, true
	default:
		t.refuse(id, fmt.Sprintf("the role %s is not one of OneRoster's", quote(cell)))
	}
	return role, false, ok
}

// extRole is said of a role of the district's own.
const extRole = "a role of the district's own (ext:) gives nobody a reach: left out"

// roleColumns are where the cells of a role stand.
type roleColumns struct{ id, user, status, role, begin, end, org int }

func (r *reading) readRoles() error {
	tiesWhole := r.whole[roster.KindGuardianship]
	t, err := r.openTable(rolesFile, roster.KindRole, roster.KindGuardianship)
	if t == nil || err != nil {
		return err
	}
	// Ties stand in users.csv; roles say which of them are a guardian's.
	r.whole[roster.KindGuardianship] = r.whole[roster.KindGuardianship] && tiesWhole
	c := roleColumns{
		id: t.col("sourcedId"), user: t.col("userSourcedId"), status: t.col("status"), role: t.col("role"),
		begin: t.col("beginDate"), end: t.col("endDate"), org: t.col("orgSourcedId"),
	}
	if c.user < 0 && t.file.Mode != Delta { // a delta file may end roles by their sourcedIds alone
		reason := "there is no column userSourcedId: the first row is " + rowShown(t.first)
		return errors.Join(&FileError{File: rolesFile, Line: 1, Reason: reason}, t.closer.Close())
	}
	if c.role < 0 {
		t.notWhole()
	}
	return t.each(func() error {
		t.roleRow(c)
		return nil
	})
}

func (t *table) roleRow(c roleColumns) {
	user := t.cell(c.user)
	gone, ok := t.gone(c.status, t.idIn(user))
	switch {
	case !ok:
		return
	case gone:
		t.endedRole(c)
		return
	}
	person, ok := t.holder(user)
	if !ok {
		return
	}
	held, ok := t.heldRole(c, person.SourcedID)
	if !ok {
		return
	}
	if slices.ContainsFunc(person.Roles, func(r roster.SnapshotRole) bool {
		r.SourcedID = held.SourcedID
		return r == held
	}) {
		t.mend(person.SourcedID, "a role is given twice")
		return
	}
	person.Roles = append(person.Roles, held)
}

// holder is the person of a row of roles.csv: one of users.csv or, if that does
// not hold all people, one whom the store may have. The pointer holds until the
// next is asked for.
func (t *table) holder(user []byte) (_ *roster.SnapshotPerson, ok bool) {
	person, ok := t.people.find(user)
	switch {
	case ok:
		return person, true
	case !isID(user):
		t.refuse("", "it names nobody")
	case t.people.isRefused(user):
		t.refuse(string(user), fmt.Sprintf("the row of its person was refused (%s line %d)", usersFile, t.people.line(string(user))))
	case t.whole[roster.KindPerson]:
		t.refuse(string(user), fmt.Sprintf("its person is not in %s", usersFile))
	default:
		t.people.add(t.row.line, roster.SnapshotPerson{SourcedID: t.arena.keep(user), Silent: roster.AllFields})
		return t.people.find(user)
	}
	return nil, false
}

// heldRole is the role that a row says its person holds.
func (t *table) heldRole(c roleColumns, person string) (held roster.SnapshotRole, ok bool) {
	held = roster.SnapshotRole{SourcedID: t.idIn(t.cell(c.id)), Silent: t.silent(roster.KindRole)}
	if held.Silent&roster.FieldRole == 0 || held.SourcedID == "" {
		var foreign bool
		if held.Role, foreign, ok = t.role(c.role, person); !ok {
			return held, false
		}
		if foreign {
			t.mend("", extRole)
			return held, false
		}
	}
	if held.Begin, held.End, ok = t.span(c.begin, c.end, person); !ok {
		return held, false
	}
	held.Org = t.orgOf(t.cell(c.org), person)
	return held, true
}

// endedRole takes a role that ended. In a bulk file it is as if it were not
// there; in a delta file it is looked for among those that are stored, by its
// sourcedId, or by person, role and organisation.
func (t *table) endedRole(c roleColumns) {
	if t.file.Mode == Bulk {
		return
	}
	id, user := t.idIn(t.cell(c.id)), t.cell(c.user)
	if len(user) == 0 {
		t.endedRoles = append(t.endedRoles, id)
		return
	}
	if t.people.isRefused(user) {
		return // who they are is not known, nor what they hold
	}
	role, _, _ := t.role(c.role, "")
	if person, ok := t.holder(user); ok {
		person.Ended = append(person.Ended, roster.SnapshotRole{SourcedID: id, Role: role, Org: t.idIn(t.cell(c.org))})
	}
}
