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

// Complete adds the guardians of each student among the recipients where the
// district has them always in (R27). A guardian who is barred or gone is not
// added, nor is the sender, who is in it already. ErrGuardiansAlways where the
// mode does not allow it.
func (f Facts) Complete(sender uuid.UUID, to []Recipient, m Mode) ([]Recipient, error) {
	if !f.District.Settings.GuardiansAlways {
		return to, nil
	}
	in := make(map[Recipient]bool, len(to))
	for _, r := range to {
		in[r] = true
	}
	all := to[:len(to):len(to)]
	for _, r := range to {
		if r.Person != r.Student {
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
			all = append(all, add)
		}
	}
	return all, nil
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
