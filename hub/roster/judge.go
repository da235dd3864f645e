package roster

import "github.com/google/uuid"

// Side is as whom somebody starts a conversation: who is staff and guardian is
// judged by the part in which they start it (R6).
type Side string

// AsWorker starts as staff, AsFamily as student or guardian.
const (
	AsWorker Side = "staff"
	AsFamily Side = "family"
)

// Judge says whether sender may start a conversation with to (R3, R4, R6, R26,
// R27), and why.
func (f Facts) Judge(sender uuid.UUID, side Side, to Recipient) Verdict {
	panic("not yet")
}

// SenderTies are the parts in which the sender takes part in a conversation
// with those recipients: the sections they teach the students in, or the
// students they are guardian of.
func (f Facts) SenderTies(sender uuid.UUID, side Side, to []Recipient) []Tie {
	panic("not yet")
}

// Scope is the students that a person of staff reaches, in a form that a store
// can search by: who belongs to one of Orgs (already with those below), or is
// enrolled in one of Sections today.
type Scope struct {
	Person   uuid.UUID
	Orgs     []uuid.UUID
	Sections []uuid.UUID
	Today    Date
}

// Scope is the reach of a person of staff (R3). It agrees with Judge: a student
// is in the scope exactly if Judge allows them.
func (f Facts) Scope(person uuid.UUID) Scope {
	panic("not yet")
}
