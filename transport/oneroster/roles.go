package oneroster

import (
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
// OneRoster does not know might be any role.
func (t *table) role(col int, id string) (_ roster.Role, ok bool) {
	cell := t.cell(col)
	role, ok := roleNames[string(cell)]
	if !ok {
		role, ok = roleNames[plain(string(cell))]
	}
	switch {
	case ok:
	case len(cell) == 0:
		t.refuse(id, "it has no role")
	default:
		t.refuse(id, fmt.Sprintf("the role %s is not one of OneRoster's", quote(cell)))
	}
	return role, ok
}

// roleColumns are where the cells of a role stand.
type roleColumns struct{ user, status, role, begin, end, org int }

func (r *reading) readRoles() error {
	tiesWhole := r.whole[roster.KindGuardianship]
	t, err := r.openTable(rolesFile, roster.KindRole, roster.KindGuardianship)
	if t == nil || err != nil {
		return err
	}
	// Ties stand in users.csv; roles say which of them are a guardian's.
	r.whole[roster.KindGuardianship] = r.whole[roster.KindGuardianship] && tiesWhole
	c := roleColumns{
		user: t.col("userSourcedId"), status: t.col("status"), role: t.col("role"),
		begin: t.col("beginDate"), end: t.col("endDate"), org: t.col("orgSourcedId"),
	}
	return t.each(func() error {
		t.roleRow(c)
		return nil
	})
}

func (t *table) roleRow(c roleColumns) {
	cell := t.cell(c.user)
	person, ok := t.people.find(cell)
	switch {
	case !isID(cell):
		t.refuse("", "it names nobody")
		return
	case !ok && t.people.isRefused(cell):
		t.refuse(string(cell), fmt.Sprintf("the row of its person was refused (%s line %d)", usersFile, t.people.line(string(cell))))
		return
	case !ok:
		t.refuse(string(cell), fmt.Sprintf("its person is not in %s", usersFile))
		return
	}
	id := person.SourcedID
	gone, ok := t.gone(c.status, id)
	if !ok {
		return
	}
	if gone {
		if t.file.Mode == Delta {
			t.refuse(id, "a role that ended cannot be taken from a delta file")
		}
		return
	}
	held := roster.SnapshotRole{}
	if held.Role, ok = t.role(c.role, id); !ok {
		return
	}
	if held.Begin, held.End, ok = t.span(c.begin, c.end, id); !ok {
		return
	}
	held.Org = t.orgOf(t.cell(c.org), id)
	if slices.Contains(person.Roles, held) {
		t.mend(id, "a role is given twice")
		return
	}
	person.Roles = append(person.Roles, held)
}
