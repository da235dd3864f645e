package roster

import (
	"errors"

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

// ErrGuardiansAlways: the district wants all guardians where a student is (R27),
// which a conversation with each guardian separately cannot give.
var ErrGuardiansAlways = errors.New("a student is written to together with all of their guardians")

// Families counts the families of the recipients: a family is one student with
// their guardians.
func Families(to []Recipient) int {
	students := map[uuid.UUID]bool{}
	for _, r := range to {
		students[r.Student] = true
	}
	return len(students)
}

// Companions are the guardians whom the district wants in wherever a student is
// (R27) and who are not among the recipients already, with their ties: those of
// each student who is a recipient, or the sender. A guardian who is barred or
// gone is none, nor is the sender. ErrGuardiansAlways where the mode cannot give
// it.
func (f Facts) Companions(sender uuid.UUID, side Side, to []Recipient, m Mode) ([]Tie, error) {
	if !f.District.Settings.GuardiansAlways {
		return nil, nil
	}
	in := make(map[Recipient]bool, len(to))
	for _, r := range to {
		in[r] = true
	}
	var companions []Tie
	for _, r := range to {
		studentIn := r.Person == r.Student || side == AsFamily && sender == r.Student
		if !studentIn {
			continue
		}
		if m == PerGuardian {
			return nil, ErrGuardiansAlways
		}
		for _, g := range f.People[r.Student].Guardians {
			add := Recipient{Person: g.Guardian, Student: r.Student}
			if in[add] || g.Guardian == sender || f.People[g.Guardian].Gone || f.barred(g.Guardian, r.Student) {
				continue
			}
			in[add] = true
			companions = append(companions, Tie{
				Person: g.Guardian, Part: AsGuardian, Student: r.Student, Detail: string(g.Relation),
			})
		}
	}
	return companions, nil
}

// Group puts recipients into conversations, in the order in which they were
// first named. With each guardian separately, a guardian of several students
// has one conversation, and each student one of their own.
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
