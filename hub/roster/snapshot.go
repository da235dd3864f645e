package roster

// Snapshot is a roster as one delivery of it says, keyed by the roster's own
// identifiers (sourcedId). It holds only what was understood; what was not, is
// in Unknown.
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
	Gone                          bool // status tobedeleted or inactive
}

// SnapshotTerm is a row of academicSessions.csv.
type SnapshotTerm struct {
	SourcedID, Title string
	Begin, End       Date // End exclusive
	Gone             bool
}

// SnapshotSection is a row of classes.csv with the title of its course.
type SnapshotSection struct {
	SourcedID, Title, Course, Period, Org string
	Grades, Terms                         []string
	Gone                                  bool
}

// SnapshotPerson is a row of users.csv with its roles.
type SnapshotPerson struct {
	SourcedID, Given, Family, Preferred, Email string
	Grades                                     []string
	Roles                                      []SnapshotRole
	Gone                                       bool // not enabled, or status says so
}

// SnapshotRole is a role at an organisation.
type SnapshotRole struct {
	Org        string
	Role       Role
	Begin, End Date
}

// SnapshotEnrolment is a row of enrollments.csv.
type SnapshotEnrolment struct {
	SourcedID, Person, Section string
	Role                       Role
	Begin, End                 Date
	Gone                       bool
}

// SnapshotGuardianship is one tie, from either direction of agentSourcedIds.
type SnapshotGuardianship struct {
	Guardian, Student string
	Relation          Role
}
