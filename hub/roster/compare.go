package roster

// State is what a store has of a district's roster, in the form of a snapshot.
// Records that are gone are in it, marked.
type State struct {
	Version int64 // District.RosterVersion when it was read
	Snapshot
	Bars []StateBar
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
	Summary             Summary
}

// Summary counts what Changes do, for a person and for the safety limits.
type Summary struct {
	New, Changed, Unchanged, Gone map[Kind]int
	Returned                      int // people who were gone and are back
	Had                           map[Kind]int
}

// Compare says what snapshot would change of state. What was refused, absent
// or delivered in part takes nothing from anybody.
func Compare(state State, snapshot Snapshot) Changes {
	panic("not yet")
}
