package roster

import (
	"maps"
	"slices"
)

// Account is what a store knows of how a person signs in. A person of whom it
// knows nothing has none.
type Account struct {
	Person string // sourcedId
	// Chosen is the address that they chose instead of the roster's.
	Chosen string
	// Confirmed are the addresses that the district has confirmed as theirs
	// (R28), Kept those that they keep because they had them before others.
	Confirmed, Kept []string
	// Sessions are the addresses with which they are signed in, each once; ""
	// stands for sessions that a command made.
	Sessions []string
}

// AddressHolder is what decides whether an address opens one of its holders.
type AddressHolder struct{ Staff, Student, Guardian, Confirmed bool }

// Holds makes an AddressHolder fit for [Openable].
func (h AddressHolder) Holds() AddressHolder { return h }

// Openable returns those of a district's active holders of one address that it
// opens (R28): the only one; the one that the district has confirmed; or, if all
// are guardians and nothing else, any of them. An address that staff or a student
// share with anybody else opens none.
func Openable[H interface{ Holds() AddressHolder }](holders []H) []H {
	var confirmed []H
	for _, h := range holders {
		if h.Holds().Confirmed {
			confirmed = append(confirmed, h)
		}
	}
	if len(confirmed) > 0 {
		holders = confirmed
	}
	if len(holders) == 1 {
		return holders
	}
	for _, h := range holders {
		if h := h.Holds(); h.Staff || h.Student || !h.Guardian {
			return nil
		}
	}
	return holders
}

// take notes a role that the holder has at school.
func (h *AddressHolder) take(role Role) {
	h.Staff = h.Staff || role.Staff()
	h.Student = h.Student || role == Student
	h.Guardian = h.Guardian || role.GuardianLike()
}

// What a row of accounts says of its address.
const (
	AccountChosen    = "chosen"
	AccountConfirmed = "confirmed"
	AccountKept      = "kept"
	AccountSession   = "session"
)

// AddAccount adds what a row of a store says of a person to their account.
func AddAccount(accounts map[string]*Account, person, says, address string) {
	a := accounts[person]
	if a == nil {
		a = &Account{Person: person}
		accounts[person] = a
	}
	switch says {
	case AccountChosen:
		a.Chosen = address
	case AccountConfirmed:
		a.Confirmed = append(a.Confirmed, address)
	case AccountKept:
		a.Kept = append(a.Kept, address)
	case AccountSession:
		a.Sessions = append(a.Sessions, address)
	}
}

// AccountsInOrder lists accounts by sourcedId, their addresses in order.
func AccountsInOrder(accounts map[string]*Account) []Account {
	var all []Account
	for _, person := range slices.Sorted(maps.Keys(accounts)) {
		a := accounts[person]
		slices.Sort(a.Confirmed)
		slices.Sort(a.Kept)
		slices.Sort(a.Sessions)
		all = append(all, *a)
	}
	return all
}
