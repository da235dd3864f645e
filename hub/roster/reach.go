package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// ReachChange is what changes of the roster change for a person of staff, or
// for several who reach the same organisations.
type ReachChange struct {
	People       []string // names, at most reasonsShown
	Others       int      // how many there are beside those named
	Gains, Loses int      // students, for each of them
	Through      []string // titles of sections, or names of organisations, at most reasonsShown
}

const reasonsShown = 3

// String says it in English: "Ana Ruiz gains 12 and loses 3 students (Algebra 1)".
func (r ReachChange) String() string {
	who, gains, loses := strings.Join(r.People, ", "), "gains", "loses"
	if r.Others > 0 {
		who += fmt.Sprintf(" and %d more", r.Others)
	}
	if len(r.People)+r.Others > 1 {
		gains, loses = "gain", "lose"
	}
	var what []string
	if r.Gains > 0 {
		what = append(what, fmt.Sprintf("%s %d", gains, r.Gains))
	}
	if r.Loses > 0 {
		what = append(what, fmt.Sprintf("%s %d", loses, r.Loses))
	}
	noun := "students"
	if r.Gains+r.Loses == 1 {
		noun = "student"
	}
	return fmt.Sprintf("%s %s %s (%s)", who, strings.Join(what, " and "), noun, strings.Join(r.Through, ", "))
}

// ReachReport says who would gain and lose reach, the largest changes first, at
// most as many as were asked for.
type ReachReport struct {
	BySection []ReachChange // each of one teacher
	ByOrg     []ReachChange // each of all who reach the same organisations
	// MoreBySection and MoreByOrg are how many changes are not listed.
	MoreBySection, MoreByOrg int
	// ByGrant are of those to whom the district gave access: see GrantReachDiff.
	ByGrant     []ReachChange
	MoreByGrant int
	// Taught is how many people reach a student through a section once the
	// changes are made. Zero where all terms have ended, say.
	Taught int
}

// ReachDiff works out who would gain and lose reach on a day if the changes
// were made (R3), and lists at most limit of each kind. Bars, which no import
// changes, are left aside.
func ReachDiff(state State, c Changes, today Date, limit int) ReachReport {
	ids := newReachIDs(&state, &c)
	nothing := Changes{}
	before := reachOf(ids, overlay(&state, &nothing), today)
	after := reachOf(ids, overlay(&state, &c), today)
	d := reachDiff{before: before, after: after, marks: make([]mark, len(ids.people))}

	var report ReachReport
	report.BySection, report.MoreBySection = largest(d.bySection(), limit)
	report.ByOrg, report.MoreByOrg = largest(d.byOrg(), limit)
	for _, sections := range after.taught {
		if slices.ContainsFunc(sections, func(s int32) bool { return len(after.attend[s]) > 0 }) {
			report.Taught++
		}
	}
	return report
}

type reachDiff struct {
	before, after *reachSide
	marks         []mark // by student, of the change that is being counted
	round         int32
}

// mark is where a student was met in a round.
type mark struct{ before, after int32 }

// bySection is a change for each teacher whose students are not the same.
func (d *reachDiff) bySection() []ReachChange {
	var changes []ReachChange
	for _, teacher := range keysOf(d.before.taught, d.after.taught) {
		change := d.count(teacher, d.before.taught[teacher], d.after.taught[teacher],
			d.before.attend, d.after.attend, d.before.titles, d.after.titles)
		if change.Gains+change.Loses > 0 {
			change.People = []string{d.name(teacher)}
			changes = append(changes, change)
		}
	}
	return changes
}

// byOrg is a change for each set of people who reached the same organisations
// and will reach the same: counted once, however many they are.
func (d *reachDiff) byOrg() []ReachChange {
	return d.grouped(d.before.reached, d.after.reached, d.before.belong, d.after.belong, d.before.orgNames, d.after.orgNames)
}

// grouped is a change for each set of people who had the same and have the same.
func (d *reachDiff) grouped(before, after map[int32][]int32, had, has [][]int32, hadNames, hasNames []string) []ReachChange {
	groups := map[string][]int32{}
	var order []string
	for _, person := range keysOf(before, after) {
		key := fmt.Sprint(before[person], after[person])
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], person)
	}
	var changes []ReachChange
	for _, key := range order {
		people := groups[key]
		change := d.count(nobody, before[people[0]], after[people[0]], had, has, hadNames, hasNames)
		if change.Gains+change.Loses == 0 {
			continue
		}
		for _, p := range people[:min(len(people), reasonsShown)] {
			change.People = append(change.People, d.name(p))
		}
		change.Others = len(people) - len(change.People)
		changes = append(changes, change)
	}
	return changes
}

// count compares the students of some sections or organisations before with
// those of some after, each student once; self is not counted.
func (d *reachDiff) count(self int32, before, after []int32, had, has [][]int32, hadNames, hasNames []string) ReachChange {
	d.round++
	var change ReachChange
	for _, group := range before {
		for _, s := range had[group] {
			d.marks[s].before = d.round
		}
	}
	for _, group := range after {
		for _, s := range has[group] {
			m := &d.marks[s]
			if m.before != d.round && m.after != d.round && s != self {
				change.Gains++
				change.through(hasNames[group])
			}
			m.after = d.round
		}
	}
	for _, group := range before {
		for _, s := range had[group] {
			m := &d.marks[s]
			if m.after != d.round && s != self {
				change.Loses++
				change.through(hadNames[group])
			}
			m.after = d.round
		}
	}
	return change
}

func (r *ReachChange) through(name string) {
	if len(r.Through) < reasonsShown && !slices.Contains(r.Through, name) {
		r.Through = append(r.Through, name)
	}
}

func (d *reachDiff) name(person int32) string {
	return cmp.Or(d.after.staffNames[person], d.before.staffNames[person])
}

// keysOf are the people of either map, in the order of their numbers.
func keysOf(a, b map[int32][]int32) []int32 {
	var keys []int32
	for _, m := range []map[int32][]int32{a, b} {
		for k := range m {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func largest(changes []ReachChange, limit int) (first []ReachChange, more int) {
	slices.SortStableFunc(changes, func(a, b ReachChange) int {
		return cmp.Compare(b.Gains+b.Loses, a.Gains+a.Loses)
	})
	shown := min(len(changes), max(limit, 0))
	return changes[:shown], len(changes) - shown
}
