package roster

import "slices"

// personTraits are those of people in this comparison: their roles may be known
// less well than the rest of their row.
func (c *comparison) personTraits() traits[SnapshotPerson] {
	for i := range c.state.People {
		if p := &c.state.People[i]; !p.Gone {
			c.Summary.Had[KindRole] += len(p.Roles)
		}
	}
	t := personTraits
	t.mend = c.mendPerson
	return t
}

// mendPerson keeps the roles that somebody has where not all of their roles
// were read; those that were read are theirs as well.
func (c *comparison) mendPerson(had, row *SnapshotPerson) *SnapshotPerson {
	if had == nil {
		return row
	}
	if c.knowsRoles(row.SourcedID) {
		if !had.Gone {
			c.Summary.Gone[KindRole] += len(without(had.Roles, row.Roles))
		}
		return row
	}
	kept := without(had.Roles, row.Roles)
	if len(kept) == 0 {
		return row
	}
	next := *row
	next.Roles = append(kept, row.Roles...)
	return &next
}

func (c *comparison) knowsRoles(person string) bool {
	return c.says.Whole[KindRole] && !c.unknown(KindRole, person) && !c.unknown(KindPerson, person)
}

// without are the roles of which others has none at the same organisation,
// whatever its dates.
func without(roles, others []SnapshotRole) []SnapshotRole {
	var rest []SnapshotRole
	for _, r := range roles {
		if !slices.ContainsFunc(others, func(o SnapshotRole) bool { return sameRole(r, o) == 0 }) {
			rest = append(rest, r)
		}
	}
	return rest
}
