package roster

import "slices"

// WithoutAccess is a person of staff who reaches no student.
type WithoutAccess struct {
	SourcedID, Name string
	Role            Role // with which a grant can be given to all like them
}

// WithoutAccess are the people of staff whom neither the roster nor a grant lets
// reach anyone on a day (R3): aides and proctors, and teachers who are enrolled
// as teacher in no class. In the order of sourcedIds.
func (s *State) WithoutAccess(grants []SnapshotGrant, today Date) []WithoutAccess {
	teaches := map[string]bool{}
	for _, e := range s.Enrolments {
		if e.Role == Teacher {
			teaches[e.Person] = true
		}
	}
	parents := make(map[string]string, len(s.Orgs))
	for _, o := range s.Orgs {
		if !o.Gone {
			parents[o.SourcedID] = o.Parent
		}
	}
	below := func(org, top string) bool {
		for range len(parents) {
			if _, known := parents[org]; !known || org == top {
				return known
			}
			org = parents[org]
		}
		return false
	}
	var all []WithoutAccess
	for i := range s.People {
		p := &s.People[i]
		role, none := p.withoutReach(teaches[p.SourcedID], today)
		if !none || slices.ContainsFunc(grants, func(g SnapshotGrant) bool { return p.isGivenTo(g, today, below) }) {
			continue
		}
		name := Person{Given: p.Given, Family: p.Family, Preferred: p.Preferred}.Name()
		all = append(all, WithoutAccess{SourcedID: p.SourcedID, Name: name, Role: role})
	}
	return all
}

// withoutReach reports whether a person is of staff and none of their roles
// reaches anyone, and which role they have.
func (p *SnapshotPerson) withoutReach(teaches bool, today Date) (role Role, none bool) {
	for _, r := range p.Roles {
		if p.Gone || !r.Role.Staff() || !within(today, r.Begin, r.End) {
			continue
		}
		switch reach := r.Role.Reach(); {
		case reach == ReachOrgs, reach == ReachSections && teaches:
			return "", false
		case reach == ReachSections:
			role = TeacherWithoutClasses
		case role == "":
			role = r.Role
		}
	}
	return role, role != ""
}

// isGivenTo reports whether a grant is for a person without reach.
func (p *SnapshotPerson) isGivenTo(g SnapshotGrant, today Date, below func(org, top string) bool) bool {
	if g.Role == "" {
		return g.Person == p.SourcedID
	}
	role := g.Role
	if role == TeacherWithoutClasses {
		role = Teacher
	}
	return slices.ContainsFunc(p.Roles, func(r SnapshotRole) bool {
		return r.Role == role && within(today, r.Begin, r.End) && below(r.Org, g.RoleOrg)
	})
}
