package roster

// Impact is what the changes of an import mean for people: who gets whose
// address, who is signed out, who is locked out. A dry run and an import say the
// same of it.
type Impact struct {
	Measured   []Measured // how much changes, of what there is
	Addresses  []AddressChange
	Handovers  []Handover
	Renamed    []Renamed
	Inactive   []Inactive // who becomes inactive
	Ended      []EndedGuardianship
	SignedOut  []SignedOut
	Shared     []SharedAddress
	NotEnabled NotEnabled
	// TeachersWithoutClass and StudentsWithoutClass are the active ones after
	// the import.
	TeachersWithoutClass, StudentsWithoutClass []*SnapshotPerson
}

// Measured is how much of something changes: more than a tenth is a limit.
type Measured struct {
	Measure     Measure
	Changes, Of int
}

// Measure is something that changes by itself now and then, and at once only by
// mistake. Its text is a format of how many of how many.
type Measure string

// The measures. Grades, new classes and new people, which change every year, are
// none.
const (
	OfAddresses   Measure = "change %d of %d addresses"
	OfHandovers   Measure = "give %d of %d addresses to other people"
	OfNames       Measure = "change the names of %d of %d people"
	OfRoles       Measure = "make something else of %d of %d people"
	OfGuardians   Measure = "give %d of %d guardians students of others"
	OfEnrolments  Measure = "move %d of %d enrolments to other people or classes"
	OfSchools     Measure = "move %d of %d sections to other schools"
	OfTerms       Measure = "take all terms from %d of %d sections"
	OfCourses     Measure = "take the course from %d of %d sections"
	OfOrgs        Measure = "move %d of %d organisations, or make another type of them"
	OfSignIns     Measure = "end %d of %d sign-ins by an address, or open them to other people"
	OfIdentifiers Measure = "name other people under %d of %d sourcedIds"
)

// Formats of measures of one school, with its name.
const (
	ofHandoversAt = "give %%d of %%d addresses at %s to other people"
	ofNamesAt     = "change the names of %%d of %%d people at %s"
	ofGuardiansAt = "give %%d of %%d guardians at %s students of others"
	ofEndedAt     = "take a guardian from %%d of %%d students at %s"
)

// AddressChange is an address of the roster that becomes another, or none.
type AddressChange struct {
	Person   *SnapshotPerson // after the import
	From, To string
}

// Handover is an address that leads from one person to another.
type Handover struct {
	Address string
	From    []*SnapshotPerson // who had it and has it no more
	To      *SnapshotPerson
	SignIn  bool // one of those who had it is signed in with it, or confirmed for it
}

// Renamed is a person whose given or family name becomes quite another.
type Renamed struct{ Before, After *SnapshotPerson }

// Inactive is a person who becomes inactive (R24).
type Inactive struct {
	Person   *SnapshotPerson
	SignedIn bool
}

// EndedGuardianship is one that ends, with the names of its people.
type EndedGuardianship struct{ Guardian, Student *SnapshotPerson }

// SignedOut is a person who stays, and whose sign-in ends with their address.
type SignedOut struct {
	Person  *SnapshotPerson
	Address string // with which they are signed in
	Shared  bool   // it is still theirs, and opens nobody
}

// SharedAddress is one that does not open everybody whose it is (R28).
type SharedAddress struct {
	Address string
	Holders []SharedHolder
}

// SharedHolder is one whose address it is.
type SharedHolder struct {
	Person *SnapshotPerson
	// Opens: it opens them. Kept: since they are staff and had it before the
	// others. Lost: it does not open them any more. SignedIn: they were signed in.
	Opens, Kept, Lost, SignedIn bool
}

// NameOf is the name and sourcedId of a person.
func NameOf(p *SnapshotPerson) string {
	name := Person{Given: p.Given, Family: p.Family, Preferred: p.Preferred}.Name()
	return name + " (" + p.SourcedID + ")"
}
