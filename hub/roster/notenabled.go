package roster

import "slices"

// NotEnabled is whom enabledUser keeps out of a school.
type NotEnabled struct {
	Guardians []*SnapshotPerson
	Of        int // guardians in the delivery that are active by their status
	// Students are active, and have no active guardian after the import because
	// theirs are not enabled.
	Students []*SnapshotPerson
}

// weighNotEnabled lists guardians that are not enabled, and the students that
// are left without any by it.
func (w *weighing) weighNotEnabled(says *Snapshot) {
	if len(says.NotEnabled) == 0 {
		return
	}
	off := make(map[string]bool, len(says.NotEnabled))
	for _, id := range says.NotEnabled {
		off[id] = true
	}
	guardians := map[string]bool{}
	for i := range says.People {
		p := &says.People[i]
		if p.Gone && !off[p.SourcedID] || !kindOf(p.Roles).Guardian {
			continue
		}
		w.impact.NotEnabled.Of++
		if p.Gone {
			guardians[p.SourcedID] = true
			w.impact.NotEnabled.Guardians = append(w.impact.NotEnabled.Guardians, p)
		}
	}
	guarded := map[string]bool{} // students who have an active guardian
	for g := range guardianships(w.state, w.changes) {
		if at := w.place(g.Guardian); at != nobody && !w.people[at].next.Gone {
			guarded[g.Student] = true
		}
	}
	listed := map[string]bool{}
	for _, g := range slices.Concat(w.state.Guardianships, says.Guardianships) {
		at := w.place(g.Student)
		if !guardians[g.Guardian] || guarded[g.Student] || listed[g.Student] || at == nobody || w.people[at].next.Gone {
			continue
		}
		listed[g.Student] = true
		w.impact.NotEnabled.Students = append(w.impact.NotEnabled.Students, w.people[at].next)
	}
}
