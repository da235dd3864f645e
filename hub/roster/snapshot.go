package roster

// Snapshot is a roster as one delivery of it says, keyed by the roster's own
// identifiers (sourcedId). It holds only what was understood; of what was not,
// whole rows are in Unknown, and single fields in the Silent of their records.
type Snapshot struct {
	Orgs          []SnapshotOrg
	Terms         []SnapshotTerm
	Sections      []SnapshotSection
	People        []SnapshotPerson
	Enrolments    []SnapshotEnrolment
	Guardianships []SnapshotGuardianship
	// Whole says of each kind whether it was read whole, in bulk mode: only
	// then does a missing record mean that it is gone (R24). KindRole is whole
	// where each of People has all of their roles with them: always in 1.1, in
	// 1.2 where roles.csv was read whole. A kind of which a row was refused
	// whose sourcedId could not be read is not whole.
	Whole Whole
	// Unknown holds the sourcedIds, by kind, of rows that were refused: what
	// is stored of them stays as it is. KindRole and KindGuardianship hold
	// those of people of whom a role or a tie was refused.
	Unknown map[Kind]map[string]bool
	// Columns are the columns that were looked for, in the files that are there.
	Columns []SnapshotColumn
	// AllColumns says that a column that is not there was never there: whatever
	// the last import had is forgotten.
	AllColumns bool
	// Named are people of whom the row of one names the other as their guardian
	// or student, while what they are is not in the delivery: the store may know.
	Named []SnapshotNamed
	// EndedRoles are sourcedIds of roles that ended, of which nothing else is said.
	EndedRoles []string
	// NotEnabled are the sourcedIds of people who are gone because enabledUser is
	// false, and not by their status.
	NotEnabled []string
	// Today is the day as of which the roster was read. Needed for Named.
	Today Date
}

// Kind is a kind of record of a roster.
type Kind string

// The kinds. Guardianships come from the agentSourcedIds of people: an unknown
// person leaves all their ties unknown.
const (
	KindOrg          Kind = "org"
	KindTerm         Kind = "term"
	KindSection      Kind = "section"
	KindPerson       Kind = "person"
	KindRole         Kind = "role"
	KindEnrolment    Kind = "enrolment"
	KindGuardianship Kind = "guardianship"
)

// Whole says which kinds a delivery holds whole.
type Whole map[Kind]bool

// SnapshotOrg is a row of orgs.csv.
type SnapshotOrg struct {
	SourcedID, Name, Type, Parent string
	Gone                          bool   // status tobedeleted or inactive
	Silent                        Fields `json:",omitzero"`
}

// SnapshotTerm is a row of academicSessions.csv.
type SnapshotTerm struct {
	SourcedID, Title string
	Begin, End       Date // End exclusive
	Gone             bool
	Silent           Fields `json:",omitzero"`
}

// SnapshotSection is a row of classes.csv with the title of its course.
type SnapshotSection struct {
	SourcedID, Title, Course, Period, Org string
	Grades, Terms                         []string
	Gone                                  bool
	Silent                                Fields `json:",omitzero"`
}

// SnapshotPerson is a row of users.csv with its roles.
type SnapshotPerson struct {
	SourcedID, Given, Family, Preferred, Email string
	Grades                                     []string
	Roles                                      []SnapshotRole
	// Ended are roles that a delta file says have ended: by sourcedId, or by role
	// and organisation.
	Ended  []SnapshotRole `json:",omitempty"`
	Gone   bool           // not enabled, or status says so
	Silent Fields         `json:",omitzero"`
}

// SnapshotRole is a role at an organisation.
type SnapshotRole struct {
	SourcedID  string `json:",omitempty"` // of the row in roles.csv; empty in 1.1
	Org        string
	Role       Role
	Begin, End Date
	Silent     Fields `json:",omitzero"`
}

// SnapshotEnrolment is a row of enrollments.csv.
type SnapshotEnrolment struct {
	SourcedID, Person, Section string
	Role                       Role
	Begin, End                 Date
	Gone                       bool
	Silent                     Fields `json:",omitzero"`
}

// SnapshotGuardianship is one tie, from either direction of agentSourcedIds.
type SnapshotGuardianship struct {
	Guardian, Student string
	Relation          Role
}

// SnapshotNamed is a person whose agentSourcedIds name another.
type SnapshotNamed struct{ Person, Agent string }
