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

// Handful is how many of anything an import may change, however few there are.
const Handful = 3

// Excess is a limit that an import would go over.
type Excess struct {
	What    string  // people, enrolments …; empty for a change
	Measure Measure // what changes; empty for what goes
	Takes   int
	Of      int // how many there are; 0 for conversations
	Limit   int
}

// String says it in English, with the numbers.
func (e Excess) String() string {
	switch {
	case e.Measure != "":
		return fmt.Sprintf("would "+string(e.Measure)+" (at most %d)", e.Takes, e.Of, e.Limit)
	case e.Of == 0:
		return fmt.Sprintf("would seal %d conversations (at most %d)", e.Takes, e.Limit)
	}
	return fmt.Sprintf("would remove %d of %d %s (at most a tenth: %d)", e.Takes, e.Of, e.What, e.Limit)
}

// CheckLimits says which limits an import would go over: removing more than a
// tenth of anything, changing more than a tenth and more than a Handful of what
// is measured, or sealing more than SealLimit conversations. A whole file that was
// cut short looks like a district from which half have left, a column that was
// moved by a row like one in which all have become somebody else. A tenth is
// rounded up, so that one of a few may always go.
func CheckLimits(s Summary, measured []Measured, wouldSeal int) []Excess {
	var over []Excess
	for _, l := range limited {
		tenth := (s.Had[l.kind] + 9) / 10
		if gone := s.Gone[l.kind]; gone > tenth {
			over = append(over, Excess{What: l.name, Takes: gone, Of: s.Had[l.kind], Limit: tenth})
		}
	}
	for _, m := range measured {
		if limit := most(m.Of); m.Changes > limit {
			over = append(over, Excess{Measure: m.Measure, Takes: m.Changes, Of: m.Of, Limit: limit})
		}
	}
	if wouldSeal > SealLimit {
		over = append(over, Excess{What: "conversations", Takes: wouldSeal, Limit: SealLimit})
	}
	return over
}

// most is how many of so many may change without being told to.
func most(of int) int { return max(Handful, (of+9)/10) }
