package roster

import "github.com/google/uuid"

// IsDistrictStaff says whether the person holds, today, a role that reaches by
// organisation at the top of the district (R25).
func (f Facts) IsDistrictStaff(person uuid.UUID) bool {
	p, ok := f.People[person]
	if !ok || p.Gone {
		return false
	}
	for _, r := range p.Roles {
		if r.Role.Reach() == ReachOrgs && r.holds(f.Today) && f.isTop(r.Org) {
			return true
		}
	}
	return false
}

// aboveSchools are the types of organisation that a district can be.
var aboveSchools = map[string]bool{"district": true, "local": true, "state": true, "national": true}

// isTop says whether an organisation is the district: by its type, or, where
// none is of such a type, because it alone has nothing above it. One of several
// schools whose district was left out of the roster is not.
func (f Facts) isTop(org uuid.UUID) bool {
	o, ok := f.Orgs[org]
	if !ok || aboveSchools[o.Type] {
		return ok
	}
	roots := 0
	for _, other := range f.Orgs {
		if aboveSchools[other.Type] {
			return false
		}
		if other.Parent == uuid.Nil {
			roots++
		}
	}
	return roots == 1 && o.Parent == uuid.Nil
}
