package roster

import "slices"

// measure counts what changes of records that stay.
func (w *weighing) measure() {
	w.measurePeople()
	w.measureGuardians()
	w.measureEnrolments()
	w.measureRecords()
}

func (w *weighing) measured(m Measure, changes, of int) {
	w.impact.Measured = append(w.impact.Measured, Measured{Measure: m, Changes: changes, Of: of})
}

func (w *weighing) measurePeople() {
	var stay, addresses, roles int
	for _, p := range w.people {
		if p.had == nil || p.had.Gone || p.next.Gone {
			continue
		}
		stay++
		from, to := ComparableAddress(p.had.Email), ComparableAddress(p.next.Email)
		if from != "" {
			addresses++
		}
		if p.had == p.next {
			continue
		}
		if from != "" && from != to {
			w.impact.Addresses = append(w.impact.Addresses, AddressChange{Person: p.next, From: from, To: to})
		}
		if otherName(p.had, p.next) {
			w.impact.Renamed = append(w.impact.Renamed, Renamed{Before: p.had, After: p.next})
		}
		if before, after := kindOf(p.had.Roles), kindOf(p.next.Roles); before != (AddressHolder{}) && before != after {
			roles++
		}
	}
	w.measured(OfAddresses, len(w.impact.Addresses), addresses)
	w.measured(OfNames, len(w.impact.Renamed), stay)
	renamed := make([]*SnapshotPerson, len(w.impact.Renamed))
	for i, r := range w.impact.Renamed {
		renamed[i] = r.After
	}
	w.measureSchools(ofNamesAt, renamed, stay, func(*SnapshotPerson) bool { return true })
	w.measured(OfRoles, roles, stay)
	w.measured(OfIdentifiers, len(w.changes.Recycled), stay)
}

// measureGuardians counts guardians who get a student that was there before, and
// was somebody else's: brothers and sisters who are new are none.
func (w *weighing) measureGuardians() {
	if len(w.state.Guardianships) == 0 || len(w.changes.PutGuardianships) == 0 {
		return
	}
	guardians, others := map[string]bool{}, map[string]bool{}
	guarded := map[string]bool{}
	for i := range w.state.Guardianships {
		guardians[w.state.Guardianships[i].Guardian] = true
		guarded[w.state.Guardianships[i].Student] = true
	}
	for had, put := range match(w.state.Guardianships, w.changes.PutGuardianships, compareTies) {
		if had == nil && guardians[put.Guardian] && guarded[put.Student] {
			others[put.Guardian] = true
		}
	}
	w.measured(OfGuardians, len(others), len(guardians))
	changed := make([]*SnapshotPerson, 0, len(others))
	for id := range others {
		changed = append(changed, w.named(id))
	}
	w.measureSchools(ofGuardiansAt, changed, len(guardians), func(p *SnapshotPerson) bool { return guardians[p.SourcedID] })
}

// seat is a person in a section, whatever the sourcedId of the enrolment.
type seat struct {
	person, section string
	role            Role
}

func seatOf(e *SnapshotEnrolment) seat { return seat{e.Person, e.Section, e.Role} }

// measureEnrolments counts seats that are lost because their enrolments name
// other people or sections now. Exports that number enrolments anew each night
// lose none.
func (w *weighing) measureEnrolments() {
	if len(w.state.Enrolments) == 0 || len(w.changes.PutEnrolments) == 0 {
		return
	}
	lost := map[seat]bool{}
	for had, put := range match(w.state.Enrolments, w.changes.PutEnrolments, compareEnrolments) {
		if had != nil && put != nil && seatOf(had) != seatOf(put) {
			lost[seatOf(had)] = true
		}
	}
	if len(lost) > 0 {
		for e := range overlay(w.state, w.changes).enrolments {
			delete(lost, seatOf(e))
		}
	}
	w.measured(OfEnrolments, len(lost), len(w.state.Enrolments))
}

func (w *weighing) measureRecords() {
	w.measureSections()
	w.measureOrgs()
}

// measureSections counts sections that move, and those that lose what says when
// and what they are: one without terms meets for ever.
func (w *weighing) measureSections() {
	var sections, schools, dated, terms, titled, courses int
	for had, put := range match(w.state.Sections, w.changes.PutSections, sectionTraits.compare) {
		if had == nil || had.Gone {
			continue
		}
		sections++
		dated += count(len(had.Terms) > 0)
		titled += count(had.Course != "")
		if put == nil || put.Gone {
			continue
		}
		schools += count(had.Org != "" && had.Org != put.Org)
		terms += count(len(had.Terms) > 0 && len(put.Terms) == 0)
		courses += count(had.Course != "" && put.Course == "")
	}
	w.measured(OfSchools, schools, sections)
	w.measured(OfTerms, terms, dated)
	w.measured(OfCourses, courses, titled)
}

// count returns 1 for what is so.
func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (w *weighing) measureOrgs() {
	orgs, moved := 0, 0
	for had, put := range match(w.state.Orgs, w.changes.PutOrgs, orgTraits.compare) {
		if had == nil || had.Gone {
			continue
		}
		orgs++
		if put != nil && !put.Gone && (had.Parent != put.Parent || had.Type != put.Type) {
			moved++
		}
	}
	w.measured(OfOrgs, moved, orgs)
}

// withoutClass lists active teachers and students who are in no class that is
// not over.
func (w *weighing) withoutClass() {
	gone := map[string]bool{}
	view := overlay(w.state, w.changes)
	for s := range view.sections {
		if s.Gone {
			gone[s.SourcedID] = true
		}
	}
	in := make([]bool, len(w.people))
	last, at := "", int32(nobody) // many exports list the enrolments of a person together
	for e := range view.enrolments {
		if e.End != NoDate && e.End <= w.today || len(gone) > 0 && gone[e.Section] {
			continue
		}
		if e.Person != last {
			last, at = e.Person, w.place(e.Person)
		}
		if at != nobody {
			in[at] = true
		}
	}
	holds := func(p *SnapshotPerson, role Role) bool {
		return slices.ContainsFunc(p.Roles, func(r SnapshotRole) bool { return r.Role == role && within(w.today, r.Begin, r.End) })
	}
	for at, p := range w.people {
		switch {
		case in[at] || p.next.Gone:
		case holds(p.next, Student):
			w.impact.StudentsWithoutClass = append(w.impact.StudentsWithoutClass, p.next)
		case holds(p.next, Teacher):
			w.impact.TeachersWithoutClass = append(w.impact.TeachersWithoutClass, p.next)
		}
	}
}
