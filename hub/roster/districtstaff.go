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
		org, ok := f.Orgs[r.Org]
		top := ok && (org.Type == "district" || org.Parent == uuid.Nil && org.Type != "school")
		if r.Role.Reach() == ReachOrgs && top && within(f.Today, r.Begin, r.End) {
			return true
		}
	}
	return false
}
