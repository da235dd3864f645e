package roster

import (
	"cmp"
	"slices"
)

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

// mendPerson works out the roles of somebody from those that are stored and
// those of their row.
func (c *comparison) mendPerson(had, row *SnapshotPerson) *SnapshotPerson {
	known := c.knowsRoles(row.SourcedID)
	if had == nil && len(row.Ended) == 0 && !slices.ContainsFunc(row.Roles, func(r SnapshotRole) bool { return r.Silent != 0 }) {
		return row
	}
	var stored []SnapshotRole
	if had != nil {
		stored = had.Roles
	}
	if len(row.Ended) == 0 && slices.Equal(stored, row.Roles) {
		return row
	}
	rows := c.filledRoles(stored, row.Roles)
	if !known {
		rows = append(c.remaining(stored, rows, row.Ended), rows...)
	}
	if had != nil && !had.Gone {
		c.Summary.Gone[KindRole] += len(without(stored, rows))
	}
	if sameSet(rows, row.Roles, compareRoles) && len(row.Ended) == 0 {
		return row
	}
	next := *row
	next.Roles, next.Ended = rows, nil
	return &next
}

func (c *comparison) knowsRoles(person string) bool {
	return c.says.Whole[KindRole] && !c.unknown(KindRole, person) && !c.unknown(KindPerson, person)
}

// filledRoles are the roles of a row, with what is stored in the fields that
// they are silent about. One that is silent about its organisation means all
// that are stored in that role.
func (c *comparison) filledRoles(stored, roles []SnapshotRole) []SnapshotRole {
	var filled []SnapshotRole
	for _, r := range roles {
		silent := r.Silent &^ c.never[KindRole]
		r.Silent = 0
		meant := rolesMeant(stored, r, silent)
		for _, had := range meant {
			next := r
			next.SourcedID = cmp.Or(r.SourcedID, had.SourcedID)
			takeStored(roleFields, silent, &next, &had)
			if !slices.Contains(filled, next) {
				filled = append(filled, next)
			}
		}
		if len(meant) == 0 && silent&c.absent[KindRole]&fieldsGone == 0 && r.Role != "" {
			filled = append(filled, r)
		}
	}
	return filled
}

// rolesMeant are the stored roles that a row is about: the one of its sourcedId,
// or those at its organisation; of these, if there are any, those with its dates.
func rolesMeant(stored []SnapshotRole, row SnapshotRole, silent Fields) []SnapshotRole {
	var meant, agree []SnapshotRole
	for _, had := range stored {
		if row.SourcedID != "" && had.SourcedID == row.SourcedID {
			return []SnapshotRole{had}
		}
		if silent&FieldRole != 0 || had.Role != row.Role || silent&FieldOrg == 0 && had.Org != row.Org {
			continue
		}
		meant = append(meant, had)
		if (silent&FieldBegin != 0 || had.Begin == row.Begin) && (silent&FieldEnd != 0 || had.End == row.End) {
			agree = append(agree, had)
		}
	}
	if len(agree) > 0 {
		return agree
	}
	return meant
}

// remaining are the stored roles that rows say nothing of and that did not end.
func (c *comparison) remaining(stored, rows, ended []SnapshotRole) []SnapshotRole {
	rest := slices.DeleteFunc(without(stored, rows), func(r SnapshotRole) bool {
		return r.SourcedID != "" && slices.ContainsFunc(rows, func(o SnapshotRole) bool { return o.SourcedID == r.SourcedID })
	})
	for _, e := range ended {
		at := endedAt(rest, e)
		if at < 0 {
			c.Summary.Loose[KindRole]++
			continue
		}
		rest = slices.Delete(rest, at, at+1)
	}
	return rest
}

// endedAt finds the role that has ended: by its sourcedId, by role and
// organisation, or as the only one in its role. It is -1 if none or several may
// be meant.
func endedAt(roles []SnapshotRole, e SnapshotRole) int {
	at := -1
	for i, r := range roles {
		switch {
		case e.SourcedID != "" && r.SourcedID == e.SourcedID:
			return i
		case e.Role == "" || r.Role != e.Role || e.Org != "" && r.Org != e.Org:
		case at >= 0:
			at = len(roles) // several
		default:
			at = i
		}
	}
	if at == len(roles) {
		return -1
	}
	return at
}

// withEndedRoles are the people of a delivery, and those whose role has ended by
// its sourcedId alone.
func withEndedRoles(stored []SnapshotPerson, says *Snapshot) []SnapshotPerson {
	if len(says.EndedRoles) == 0 {
		return says.People
	}
	ended := map[string]bool{}
	for _, id := range says.EndedRoles {
		ended[id] = true
	}
	people := slices.Clone(says.People)
	at := make(map[string]int, len(people))
	for i := range people {
		at[people[i].SourcedID] = i
	}
	for _, p := range stored {
		for _, r := range p.Roles {
			if r.SourcedID == "" || !ended[r.SourcedID] {
				continue
			}
			i, ok := at[p.SourcedID]
			if !ok {
				i = len(people)
				at[p.SourcedID] = i
				people = append(people, SnapshotPerson{SourcedID: p.SourcedID, Silent: AllFields})
			}
			people[i].Ended = append(slices.Clone(people[i].Ended), SnapshotRole{SourcedID: r.SourcedID})
		}
	}
	return people
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
