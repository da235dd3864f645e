package identity

import "time"

// AddressMail is a mail about somebody's change of address. It names neither
// the person, whose address others may read too, nor the address that is not To.
type AddressMail struct {
	Kind     AddressMailKind
	To       string
	Language string // BCP 47
	District string // its name
	Link     string // of AddressConfirm
	Life     time.Duration
}

// AddressMailKind is what is said.
type AddressMailKind string

const (
	// AddressConfirm goes to the address that is to be theirs, with the link that
	// makes it theirs within Life.
	AddressConfirm AddressMailKind = "confirm"
	// AddressTaken goes there instead where the address is that of others (R28).
	AddressTaken AddressMailKind = "taken"
	// AddressAsked goes to the address that is theirs until then, whatever came
	// of it: within Life it can be stopped by signing out everywhere.
	AddressAsked AddressMailKind = "asked"
	// AddressLeft goes to the address that was theirs.
	AddressLeft AddressMailKind = "left"
)
