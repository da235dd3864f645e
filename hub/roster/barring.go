package roster

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Bar keeps a guardian from a student by decision of the district (R26),
// whatever the roster says. Its row stays after it has ended.
type Bar struct {
	ID                uuid.UUID
	Guardian, Student uuid.UUID
	Since             Date
	Until             Date   // the first day on which it no longer holds, NoDate if it is open
	Reason            string // for staff only
	Order             string // number of the court order, may be empty
	By                string // who decided it; empty for one of before authors were kept
	MadeAt            time.Time
	EndedAt           time.Time // zero unless it was lifted, or another took its place
	EndedBy           string
}

// Holds reports whether the bar is in force on a day.
func (b Bar) Holds(today Date) bool {
	return b.EndedAt.IsZero() && (b.Until == NoDate || today < b.Until)
}

// Barring is what the roster says of the two people of a bar, for whoever makes
// it: a bar between people who cannot be guardian and student is a mistake of
// the one who types it; one between people who are not tied waits.
type Barring struct {
	Guardian bool // the one may be a guardian: by a role, past or present, or somebody's tie
	Student  bool // the other may be a student: by a role or an enrolment, past or present, or a guardian's tie
	Tied     bool // they are guardian and student today
}

// Barring looks at the two people of a bar.
func (f Facts) Barring(guardian, student uuid.UUID) Barring {
	g, s := f.People[guardian], f.People[student]
	_, tied := s.guardian(guardian)
	return Barring{
		Guardian: len(g.Students) > 0 || g.holds(Role.GuardianLike),
		Student: len(s.Guardians) > 0 || s.holds(func(r Role) bool { return r == Student }) ||
			slices.ContainsFunc(s.Enrolments, func(e Enrolment) bool { return e.Role == Student }),
		Tied: tied,
	}
}
