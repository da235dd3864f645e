package roster

import (
	"slices"

	"github.com/google/uuid"
)

// Mode is how recipients of more than one family are put into conversations (R19).
type Mode string

// Together is one conversation in which all see all, PerFamily a separate one
// with each family, PerGuardian a separate one with each guardian.
const (
	Together    Mode = "together"
	PerFamily   Mode = "per_family"
	PerGuardian Mode = "per_guardian"
)

// Known says whether m is one of the modes.
func (m Mode) Known() bool { return m == Together || m == PerFamily || m == PerGuardian }

// Families counts the families of the recipients: a family is one student with
// their guardians.
func Families(to []Recipient) int {
	students := map[uuid.UUID]bool{}
	for _, r := range to {
		students[r.Student] = true
	}
	return len(students)
}

// RequiredGuardians returns the relationships of the guardians whom the district
// wants in a conversation because a student is in it (R27), without those who are
// among its recipients already. The student is a recipient or the sender. The
// sender, an inactive guardian and one whom the district keeps from the student
// are never added.
func (f Facts) RequiredGuardians(sender uuid.UUID, side Side, to []Recipient) []Tie {
	if !f.District.Settings.GuardiansAlways {
		return nil
	}
	in := make(map[Recipient]bool, len(to))
	for _, r := range to {
		in[r] = true
	}
	var required []Tie
	for _, r := range to {
		if !f.studentTakesPart(sender, side, r) {
			continue
		}
		for _, g := range f.People[r.Student].Guardians {
			add := Recipient{Person: g.Guardian, Student: r.Student}
			if in[add] || g.Guardian == sender || !f.mayAccompany(g) {
				continue
			}
			in[add] = true
			required = append(required, Tie{
				Person: g.Guardian, Part: AsGuardian, Student: r.Student, Detail: string(g.Relation),
			})
		}
	}
	return required
}

// studentTakesPart reports whether the student of a recipient is in the
// conversation themself: as the recipient, or as the sender.
func (f Facts) studentTakesPart(sender uuid.UUID, side Side, r Recipient) bool {
	return r.Person == r.Student || side == AsFamily && sender == r.Student
}

// lacksGuardian reports whether the district wants a guardian beside the student
// (R27) and there is none who is active and not kept from the student.
func (f Facts) lacksGuardian(student PersonFacts) bool {
	return f.District.Settings.GuardiansAlways && !slices.ContainsFunc(student.Guardians, f.mayAccompany)
}

func (f Facts) mayAccompany(g Guardianship) bool {
	guardian, known := f.People[g.Guardian]
	return known && !guardian.Gone && !f.barred(g.Guardian, g.Student)
}

// GuardiansOnly returns the recipients of separate conversations with each
// guardian (R19): without students, who are never alone with the sender in that
// mode. Alone are the students of whom no guardian is among the recipients: for
// them the mode has no conversation.
func GuardiansOnly(to []Recipient) (guardians, alone []Recipient) {
	accompanied := map[uuid.UUID]bool{}
	for _, r := range to {
		if r.Person != r.Student {
			guardians = append(guardians, r)
			accompanied[r.Student] = true
		}
	}
	for _, r := range to {
		if r.Person == r.Student && !accompanied[r.Student] {
			alone = append(alone, r)
		}
	}
	return guardians, alone
}

// OneClass reports whether the students of all recipients attend one class today.
// Such recipients fit into a conversation whatever the district's limit is (R7).
func (f Facts) OneClass(to []Recipient) bool {
	var common map[uuid.UUID]bool // the classes of every student so far
	for _, student := range studentsAmong(to) {
		classes := map[uuid.UUID]bool{}
		for _, e := range f.People[student].Enrolments {
			if e.Section == nil || e.Role != Student || common != nil && !common[e.Section.ID] {
				continue
			}
			if _, current := e.Current(f.Today); current {
				classes[e.Section.ID] = true
			}
		}
		if len(classes) == 0 {
			return false
		}
		common = classes
	}
	return len(common) > 0
}

// Group puts recipients into conversations, in the order in which they were
// first named. With each guardian separately, a guardian of several students
// has one conversation.
func Group(to []Recipient, m Mode) [][]Recipient {
	of := func(r Recipient) uuid.UUID { return uuid.Nil }
	switch m {
	case PerFamily:
		of = func(r Recipient) uuid.UUID { return r.Student }
	case PerGuardian:
		of = func(r Recipient) uuid.UUID { return r.Person }
	}
	var groups [][]Recipient
	at := map[uuid.UUID]int{}
	for _, r := range to {
		i, ok := at[of(r)]
		if !ok {
			i = len(groups)
			at[of(r)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

// People counts the people among the recipients, who may be named through
// several students (R7).
func People(to []Recipient) int {
	people := map[uuid.UUID]bool{}
	for _, r := range to {
		people[r.Person] = true
	}
	return len(people)
}
