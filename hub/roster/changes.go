package roster

// State is what a store has of a district's roster, in the form of a snapshot.
// Records that are gone are in it, marked.
type State struct {
	Version int64 // District.RosterVersion when it was read
	Snapshot
	Bars []StateBar
	// Known are the columns that imports had; Snapshot.Columns is empty.
	Known []Column
}

// StateBar is a bar by sourcedIds.
type StateBar struct {
	Guardian, Student string
	Since             Date
	Reason            string
}

// Changes are what has to be done to a State to make it say what a Snapshot
// says. Put holds what is new or different, whole records; the others are
// sourcedIds.
//
// Enrolments and guardianships that are put name only people and sections that
// the State has or that are put with them; sections and roles may name
// organisations and terms that nobody knows yet.
type Changes struct {
	Base             int64 // State.Version; a store refuses to apply to another (ErrStale)
	PutOrgs          []SnapshotOrg
	PutTerms         []SnapshotTerm
	PutSections      []SnapshotSection
	PutPeople        []SnapshotPerson // with all their roles; Gone ones leave (R24)
	PutEnrolments    []SnapshotEnrolment
	RemoveEnrolments []string // sourcedIds
	PutGuardianships []SnapshotGuardianship
	// RemoveGuardianships are ties that ended: their conversations are sealed (R26).
	RemoveGuardianships []SnapshotGuardianship
	// Columns are all columns that are to be kept as known, nil if nothing changes.
	Columns []Column
	Lacking []LackingColumn // columns that a bulk file does not have, for people
	// Renames come before all else: they make room for other people.
	Renames []Rename
	// Keep are staff who keep an address that others get too, Release those who
	// need not keep it any more.
	Keep, Release []KeptAddress
	Recycled      []Recycled // sourcedIds whose rows were refused, for people
	Summary       Summary
}

// KeptAddress is the address of a person, as addresses are compared.
type KeptAddress struct{ Person, Address string }

// Summary counts what Changes do, for a person and for the safety limits. Of
// roles only Had and Gone are counted, of people who stay: they change with them.
type Summary struct {
	New, Changed, Unchanged, Gone map[Kind]int
	Returned                      int // people who were gone and are back
	Had                           map[Kind]int
	// Loose rows name a person or a section that neither the delivery nor the
	// store has: they are left out.
	Loose map[Kind]int
	// Partial rows are of records that are not stored, and say too little: they
	// are left out.
	Partial map[Kind]int
}

func newSummary() Summary {
	return Summary{
		New: map[Kind]int{}, Changed: map[Kind]int{}, Unchanged: map[Kind]int{}, Gone: map[Kind]int{},
		Had: map[Kind]int{}, Loose: map[Kind]int{}, Partial: map[Kind]int{},
	}
}

// Empty says whether there is nothing to be done.
func (c *Changes) Empty() bool {
	return len(c.PutOrgs)+len(c.PutTerms)+len(c.PutSections)+len(c.PutPeople)+
		len(c.PutEnrolments)+len(c.RemoveEnrolments)+len(c.PutGuardianships)+len(c.RemoveGuardianships)+len(c.Columns)+
		len(c.Renames)+len(c.Keep)+len(c.Release) == 0
}
