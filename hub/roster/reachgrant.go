package roster

import (
	"iter"
	"slices"
)

// SnapshotGrant is a grant by the identifiers of the roster.
type SnapshotGrant struct {
	Person       string
	Role         Role
	RoleOrg      string
	Org, Section string
	Students     []string
}

// GrantReachDiff works out who would gain and lose reach by grants that hold on a
// day if the changes were made, as ReachDiff does for what the roster gives: at
// most limit, and how many more there are.
func GrantReachDiff(state State, c Changes, grants []SnapshotGrant, today Date, limit int) ([]ReachChange, int) {
	if len(grants) == 0 {
		return nil, 0
	}
	ids, nothing := newReachIDs(&state, &c), Changes{}
	before := grantReachOf(ids, overlay(&state, &nothing), grants, today)
	after := grantReachOf(ids, overlay(&state, &c), grants, today)
	d := reachDiff{before: &before.reachSide, after: &after.reachSide, marks: make([]mark, len(ids.people))}
	return largest(d.grouped(before.given, after.given, before.students, after.students, before.names, after.names), limit)
}

// grantReach is who reaches whom by grants on one day, by number.
type grantReach struct {
	*reachBuild
	grants   []SnapshotGrant
	teaches  map[string]bool   // is enrolled as teacher in any class
	given    map[int32][]int32 // person: grants
	students [][]int32         // grant: students
	names    []string          // of what a grant is for
}

func grantReachOf(ids reachIDs, v view, grants []SnapshotGrant, today Date) *grantReach {
	r := &grantReach{
		reachBuild: buildReach(ids, v, today), grants: grants, teaches: map[string]bool{}, given: map[int32][]int32{},
		students: make([][]int32, len(grants)), names: make([]string, len(grants)),
	}
	for e := range v.enrolments {
		r.teaches[e.Person] = r.teaches[e.Person] || e.Role == Teacher && !e.Gone
	}
	for i, g := range grants {
		r.students[i], r.names[i] = r.reachedBy(g)
	}
	r.give(v.people)
	return r
}

// reachedBy are the students whom a grant is for, and what it is called.
func (r *grantReach) reachedBy(g SnapshotGrant) (students []int32, name string) {
	switch {
	case g.Org != "":
		for _, org := range r.orgsFrom(g.Org) {
			students = append(students, r.belong[org]...)
		}
		if org, known := r.ids.orgs[g.Org]; known {
			name = r.orgNames[org]
		}
	case g.Section != "":
		if section, known := r.ids.sections[g.Section]; known {
			students, name = r.attend[section], r.titles[section]
		}
	default:
		name = "a list of students"
		for _, s := range g.Students {
			if n, known := r.ids.people[s]; known && r.people[n].isStudent() {
				students = append(students, n)
			}
		}
	}
	return students, name
}

// orgsFrom is an organisation with all below it, none where it is not in the
// roster.
func (r *grantReach) orgsFrom(sourcedID string) []int32 {
	if org, known := r.org(sourcedID); known {
		return r.withBelow([]int32{org})
	}
	return nil
}

// give works out to whom the grants are given.
func (r *grantReach) give(people iter.Seq[*SnapshotPerson]) {
	at := make([]map[string]bool, len(r.grants)) // organisations at which a role counts
	for i, g := range r.grants {
		at[i] = map[string]bool{}
		for _, org := range r.orgsFrom(g.RoleOrg) {
			at[i][r.orgIDs[org]] = true
		}
	}
	for p := range people {
		n := r.ids.people[p.SourcedID]
		if p.Gone || !r.people[n].staff {
			continue
		}
		for i, g := range r.grants {
			if g.Role == "" && g.Person == p.SourcedID || g.Role != "" && p.isGiven(g.Role, r.teaches[p.SourcedID], at[i], r.today) {
				r.given[n] = append(r.given[n], int32(i))
			}
		}
		if len(r.given[n]) > 0 {
			r.staffNames[n] = Person{Given: p.Given, Family: p.Family, Preferred: p.Preferred}.Name()
		}
	}
}

// isGiven reports whether a grant to a role at some organisations is for a person.
func (p *SnapshotPerson) isGiven(role Role, teaches bool, at map[string]bool, today Date) bool {
	if role == TeacherWithoutClasses {
		if teaches {
			return false
		}
		role = Teacher
	}
	return slices.ContainsFunc(p.Roles, func(r SnapshotRole) bool {
		return r.Role == role && within(today, r.Begin, r.End) && at[r.Org]
	})
}
