package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// reach is why a person of staff reaches a student (R3): the section in which
// they teach them, else the organisation, else what the district gave them.
func (f Facts) reach(me, student PersonFacts) (Verdict, bool) {
	if lessons := f.lessons(me, student); len(lessons) > 0 {
		return lessons.verdict(BySection), true
	}
	for _, r := range me.Roles {
		if r.Role.Reach() != ReachOrgs || !r.holds(f.Today) {
			continue
		}
		if until, ok := f.belongs(student, r.Org); ok {
			return Verdict{Allowed: true, Code: ByOrg, Org: f.Orgs[r.Org].Name, Until: sooner(r.End, until)}, true
		}
	}
	return f.byGrant(me, student)
}

// belongs says whether a student belongs to an organisation or to one below it,
// today: by their role there, or by a section of it that they attend.
func (f Facts) belongs(student PersonFacts, org uuid.UUID) (until Date, ok bool) {
	for _, r := range student.Roles {
		if r.Role == Student && r.holds(f.Today) && f.below(r.Org, org) {
			return r.End, true
		}
	}
	for _, e := range student.Enrolments {
		if e.Role != Student {
			continue
		}
		if end, current := e.Current(f.Today); current && f.below(e.Section.Org, org) {
			return end, true
		}
	}
	return NoDate, false
}

// below says whether org is top or somewhere under it. A roster may hold a
// circle of parents: nothing is further up than there are organisations.
func (f Facts) below(org, top uuid.UUID) bool {
	for range len(f.Orgs) {
		o, ok := f.Orgs[org]
		if !ok {
			return false
		}
		if org == top {
			return true
		}
		org = o.Parent
	}
	return false
}

// lesson is a section that one teaches and the other attends, today.
type lesson struct {
	section *Section
	until   Date
}

type lessons []lesson

// lessons are the sections that a student attends with a teacher today, the one
// that lasts longest first.
func (f Facts) lessons(teacher, student PersonFacts) lessons {
	if !student.isStudent(f.Today) {
		return nil
	}
	var shared lessons
	for section, until := range f.taught(teacher) {
		for _, e := range student.Enrolments {
			if e.Role != Student || e.Section == nil || e.Section.ID != section.ID {
				continue
			}
			if end, ok := e.Current(f.Today); ok {
				shared = append(shared, lesson{section, sooner(until, end)})
				break
			}
		}
	}
	slices.SortStableFunc(shared, func(a, b lesson) int {
		return cmp.Or(cmp.Compare(lasting(b.until), lasting(a.until)), cmp.Compare(a.section.Title, b.section.Title))
	})
	return shared
}

// Taught are the sections that a person teaches today.
func (f Facts) Taught(person uuid.UUID) []Section {
	var sections []Section
	for section := range f.taught(f.People[person]) {
		sections = append(sections, *section)
	}
	return sections
}

// taught yields the sections that a person teaches today and until when. It
// takes an enrolment as teacher and a role of staff that reaches somebody: an
// aide who is enrolled as teacher remains an aide.
func (f Facts) taught(p PersonFacts) func(yield func(*Section, Date) bool) {
	return func(yield func(*Section, Date) bool) {
		if p.Gone || !p.holdsToday(f.Today, Role.teaches) {
			return
		}
		for _, e := range p.Enrolments {
			if e.Role != Teacher {
				continue
			}
			if until, ok := e.Current(f.Today); ok && !yield(e.Section, until) {
				return
			}
		}
	}
}

func (l lessons) verdict(why Code) Verdict {
	first := l[0]
	return Verdict{Allowed: true, Code: why, Section: first.section.Title, Period: first.section.Period, Until: first.until}
}

// titles names each section once.
func (l lessons) titles() string {
	var titles []string
	for _, one := range l {
		if !slices.Contains(titles, one.section.Title) {
			titles = append(titles, one.section.Title)
		}
	}
	return strings.Join(titles, ", ")
}

// sooner is the earlier of two ends, of which either may be open.
func sooner(a, b Date) Date { return min(lasting(a), lasting(b)).orOpen() }

const never = Date(1<<31 - 1)

// lasting makes an open end later than every other.
func lasting(end Date) Date {
	if end == NoDate {
		return never
	}
	return end
}

func (d Date) orOpen() Date {
	if d == never {
		return NoDate
	}
	return d
}
