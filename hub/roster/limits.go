package roster

import "fmt"

// SealLimit is how many conversations an import may seal without being told to.
const SealLimit = 5

// limited are the kinds of which an import may take a tenth, in the order in
// which they are reported. Beside people, ties and enrolments these are the
// kinds with which reach goes.
var limited = []struct {
	kind Kind
	name string
}{
	{KindPerson, "people"},
	{KindGuardianship, "ties of guardians"},
	{KindEnrolment, "enrolments"},
	{KindRole, "roles"},
	{KindSection, "sections"},
	{KindTerm, "terms"},
	{KindOrg, "organisations"},
}

// Excess is a limit that an import would go over.
type Excess struct {
	What  string // people, enrolments …
	Takes int
	Of    int // how many there are; 0 for conversations
	Limit int
}

// String says it in English, with the numbers.
func (e Excess) String() string {
	if e.Of == 0 {
		return fmt.Sprintf("would seal %d conversations (at most %d)", e.Takes, e.Limit)
	}
	return fmt.Sprintf("would remove %d of %d %s (at most a tenth: %d)", e.Takes, e.Of, e.What, e.Limit)
}

// CheckLimits says which limits an import would go over: more than a tenth of
// anything, or sealing more than SealLimit conversations. A whole file that was
// cut short looks like a district from which half have left. A tenth is rounded
// up, so that one of a few may always go.
func CheckLimits(s Summary, wouldSeal int) []Excess {
	var over []Excess
	for _, l := range limited {
		tenth := (s.Had[l.kind] + 9) / 10
		if gone := s.Gone[l.kind]; gone > tenth {
			over = append(over, Excess{What: l.name, Takes: gone, Of: s.Had[l.kind], Limit: tenth})
		}
	}
	if wouldSeal > SealLimit {
		over = append(over, Excess{What: "conversations", Takes: wouldSeal, Limit: SealLimit})
	}
	return over
}
