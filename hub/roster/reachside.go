package roster

import (
	"iter"
	"slices"
)

// reachIDs number the people, sections and organisations of a roster before
// and after a change, the same in both.
type reachIDs struct {
	people, sections, orgs map[string]int32
}

// nobody is the number of no person.
const nobody = -1

func newReachIDs(s *State, c *Changes) reachIDs {
	after := overlay(s, c) // nothing goes without leaving its record
	return reachIDs{
		people:   numbered(after.people, personTraits.id, len(s.People)),
		sections: numbered(after.sections, sectionTraits.id, len(s.Sections)),
		orgs:     numbered(after.orgs, orgTraits.id, len(s.Orgs)),
	}
}

func numbered[T any](records iter.Seq[*T], id func(*T) string, size int) map[string]int32 {
	m := make(map[string]int32, size)
	for r := range records {
		m[id(r)] = int32(len(m))
	}
	return m
}

// reachSide is who reaches whom on one day, by number.
type reachSide struct {
	taught     map[int32][]int32 // person: sections they teach
	reached    map[int32][]int32 // person: organisations they reach, in order
	staffNames map[int32]string  // of those two
	attend     [][]int32         // section: students
	belong     [][]int32         // organisation: students
	titles     []string          // of sections
	orgNames   []string
}

// reachOf works the rules of Judge out for everybody at once.
func reachOf(ids reachIDs, v view, today Date) *reachSide {
	return &buildReach(ids, v, today).reachSide
}

func buildReach(ids reachIDs, v view, today Date) *reachBuild {
	b := &reachBuild{
		ids: ids, today: today, people: make([]personFlags, len(ids.people)), orgOf: make([]int32, len(ids.sections)),
		sections: make([]Section, len(ids.sections)),
		reachSide: reachSide{
			taught: map[int32][]int32{}, reached: map[int32][]int32{}, staffNames: map[int32]string{},
			attend: make([][]int32, len(ids.sections)), belong: make([][]int32, len(ids.orgs)),
			titles: make([]string, len(ids.sections)), orgNames: make([]string, len(ids.orgs)),
		},
	}
	b.readOrgs(v.orgs)
	b.readSections(v.sections, v.terms)
	b.readPeople(v.people)
	b.readEnrolments(v.enrolments)
	b.dropStrangers()
	return b
}

type reachBuild struct {
	reachSide
	ids      reachIDs
	today    Date
	children map[string][]int32 // by sourcedId of the parent
	orgIDs   []string           // of organisations that are not gone
	sections []Section
	orgOf    []int32 // of sections
	people   []personFlags
}

type personFlags struct {
	gone, staff, teaches bool
	student              bool // by role
	enrolled             bool // as student, today
}

func (p personFlags) isStudent() bool { return !p.gone && (p.student || p.enrolled && !p.staff) }

func (b *reachBuild) readOrgs(orgs iter.Seq[*SnapshotOrg]) {
	b.children, b.orgIDs = map[string][]int32{}, make([]string, len(b.ids.orgs))
	for o := range orgs {
		n := b.ids.orgs[o.SourcedID]
		b.orgNames[n] = o.Name
		if !o.Gone {
			b.orgIDs[n] = o.SourcedID
			b.children[o.Parent] = append(b.children[o.Parent], n)
		}
	}
}

// org is the number of an organisation that is in the roster.
func (b *reachBuild) org(id string) (int32, bool) {
	n, ok := b.ids.orgs[id]
	return n, ok && b.orgIDs[n] != ""
}

func (b *reachBuild) readSections(sections iter.Seq[*SnapshotSection], terms iter.Seq[*SnapshotTerm]) {
	known := map[string]Term{}
	for t := range terms {
		if !t.Gone {
			known[t.SourcedID] = Term{Begin: t.Begin, End: t.End}
		}
	}
	for s := range sections {
		n := b.ids.sections[s.SourcedID]
		section := Section{Gone: s.Gone}
		for _, id := range s.Terms {
			if t, ok := known[id]; ok {
				section.Terms = append(section.Terms, t)
			}
		}
		section.TermsUnknown = len(s.Terms) > 0 && len(section.Terms) == 0
		b.sections[n], b.titles[n], b.orgOf[n] = section, s.Title, nobody
		if org, ok := b.org(s.Org); ok {
			b.orgOf[n] = org
		}
	}
}

func (b *reachBuild) readPeople(people iter.Seq[*SnapshotPerson]) {
	for p := range people {
		n := b.ids.people[p.SourcedID]
		flags := &b.people[n]
		flags.gone = p.Gone
		for _, r := range p.Roles {
			if p.Gone || !within(b.today, r.Begin, r.End) {
				continue
			}
			flags.staff = flags.staff || r.Role.Staff()
			flags.teaches = flags.teaches || r.Role.teaches()
			flags.student = flags.student || r.Role == Student
			org, ok := b.org(r.Org)
			switch {
			case ok && r.Role == Student:
				b.belong[org] = append(b.belong[org], n)
			case ok && r.Role.Reach() == ReachOrgs:
				b.reached[n] = append(b.reached[n], org)
			}
		}
		if flags.teaches {
			b.staffNames[n] = Person{Given: p.Given, Family: p.Family, Preferred: p.Preferred}.Name()
		}
	}
	for n, roots := range b.reached {
		b.reached[n] = b.withBelow(roots)
	}
}

func (b *reachBuild) withBelow(roots []int32) []int32 {
	seen := map[int32]bool{}
	for found := slices.Clone(roots); len(found) > 0; {
		org := found[len(found)-1]
		found = found[:len(found)-1]
		if !seen[org] {
			seen[org] = true
			found = append(found, b.children[b.orgIDs[org]]...)
		}
	}
	reached := make([]int32, 0, len(seen))
	for org := range seen {
		reached = append(reached, org)
	}
	slices.Sort(reached)
	return reached
}

func (b *reachBuild) readEnrolments(enrolments iter.Seq[*SnapshotEnrolment]) {
	for e := range enrolments {
		person, knownPerson := b.ids.people[e.Person]
		section, knownSection := b.ids.sections[e.Section]
		if !knownPerson || !knownSection || e.Gone || e.Role != Student && e.Role != Teacher {
			continue
		}
		at := Enrolment{Section: &b.sections[section], Begin: e.Begin, End: e.End}
		flags := &b.people[person]
		if _, ok := at.Current(b.today); !ok || flags.gone {
			continue
		}
		switch {
		case e.Role == Teacher && flags.teaches:
			b.taught[person] = append(b.taught[person], section)
		case e.Role == Student:
			flags.enrolled = true
			b.attend[section] = append(b.attend[section], person)
			if org := b.orgOf[section]; org != nobody {
				b.belong[org] = append(b.belong[org], person)
			}
		}
	}
}

// dropStrangers takes out who is enrolled as a student and is none.
func (b *reachBuild) dropStrangers() {
	for _, lists := range [][][]int32{b.attend, b.belong} {
		for i := range lists {
			lists[i] = slices.DeleteFunc(lists[i], func(n int32) bool { return !b.people[n].isStudent() })
		}
	}
}
