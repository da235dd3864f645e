package roster

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Errors of the stores.
var (
	ErrNoDistrict = errors.New("no such district")
	ErrSlugTaken  = errors.New("a district of that name exists already")
	ErrNoPerson   = errors.New("no such person")
	ErrNoBar      = errors.New("no such bar")
	ErrNoGrant    = errors.New("no such grant")
	ErrNoOrg      = errors.New("no such organization")
	ErrNoSection  = errors.New("no such class")
	// ErrStale: the roster changed since it was read; read and compare again.
	ErrStale = errors.New("the roster has changed meanwhile")
)

// Store keeps rosters.
type Store interface {
	Districts
	// State is the whole roster of a district, for Compare.
	State(ctx context.Context, district uuid.UUID) (State, error)
	// Apply makes the changes in one transaction under the exclusive lock of
	// the district, raises RosterVersion, and seals the conversations of ties
	// that ended (R26). ErrStale where Changes.Base is not the version.
	Apply(ctx context.Context, district uuid.UUID, c Changes, now time.Time) (Effects, error)
	// WouldSeal lists the conversations that Apply would seal, in their order.
	WouldSeal(ctx context.Context, district uuid.UUID, ended []SnapshotGuardianship) ([]Closing, error)
	// Accounts are those of people who are signed in, have chosen an address, or
	// are confirmed for one or keep it, by sourcedId.
	Accounts(ctx context.Context, district uuid.UUID, now time.Time) ([]Account, error)
	// Bar keeps a bar under b.ID, and seals as Apply does. One that holds between
	// the two ends by it.
	Bar(ctx context.Context, district uuid.UUID, b Bar, now time.Time) (Effects, error)
	// Unbar ends the bar that holds between the two, whose row stays; ErrNoBar
	// where none does.
	Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string, now time.Time) error
	// Bars are all that there ever were, in the order in which they were made.
	Bars(ctx context.Context, district uuid.UUID) ([]Bar, error)

	Grants

	// Person returns ErrNoPerson for the unknown and for another district's.
	Person(ctx context.Context, district, person uuid.UUID) (Person, error)
	PersonBySourcedID(ctx context.Context, district uuid.UUID, sourcedID string) (Person, error)
	// People are those of the ids that exist, in no order.
	People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) ([]Person, error)
	// Facts are read for these people, the students of those who are
	// guardians, and the guardians of those who are students.
	Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (Facts, error)

	// FindStudents is a page of the students in a scope, by family name.
	FindStudents(ctx context.Context, district uuid.UUID, s Scope, q StudentQuery) (StudentPage, error)
	// Facets are the choices of the contact search, each narrowed by the ones
	// before it: school, grade, course, section, teacher. Grades come in the
	// order of CompareGrades, the others by their words. At most 500 of each;
	// of thousands of students courses are offered once a school is chosen, and
	// sections and teachers once a school, a course or a section is.
	Facets(ctx context.Context, district uuid.UUID, s Scope, q StudentQuery) (Facets, error)
	// TeachersOf are the current teachers of the students (R4), by student and name.
	TeachersOf(ctx context.Context, district uuid.UUID, students []uuid.UUID, today Date) ([]TeacherOf, error)
	// FindPeople is for picking a person by hand: by any part of the name, all
	// of the district, at most limit, those of after and later by name.
	FindPeople(ctx context.Context, district uuid.UUID, name string, after string, limit int) ([]Person, string, error)
}

// Grants keeps the access that a district gives (R3).
type Grants interface {
	// Grant keeps a grant under g.ID, under the exclusive lock of the district.
	// ErrNoPerson, ErrNoOrg and ErrNoSection where it names what the district does
	// not have.
	Grant(ctx context.Context, district uuid.UUID, g Grant, now time.Time) error
	// Revoke ends a grant, whose row stays; ErrNoGrant where there is none of that
	// id, or it has been revoked before.
	Revoke(ctx context.Context, district, grant uuid.UUID, by string, now time.Time) error
	// Grants are all that there ever were, in the order in which they were made.
	Grants(ctx context.Context, district uuid.UUID) ([]Grant, error)
	// Entries are the organizations (KindOrg) or classes (KindSection) of those
	// ids and of those sourcedIds, in the order of sourcedIds.
	Entries(ctx context.Context, district uuid.UUID, kind Kind, ids []uuid.UUID, sourcedIDs []string) ([]Entry, error)
}

// Entry is an organization or a class as the roster calls it.
type Entry struct {
	ID        uuid.UUID
	SourcedID string
	Name      string // of a class the title, with its period
	Gone      bool   // no longer in the roster
}

// Sealed is a conversation that a change of the roster has sealed, with the
// state of the inbox of everybody in it and, under the same index, how many of
// its messages each has not read.
type Sealed struct {
	Conversation uuid.UUID
	At           time.Time // when, as it is stored: not before its last message
	Heads        []Head
	Here         []int64
}

// Closing is a conversation that is sealed because a guardianship ends: of
// several, one is named.
type Closing struct {
	Conversation      uuid.UUID
	Guardian, Student string // sourcedIds
}

// Head is the state of one person's inbox: Version grows by one with every
// change that an open page must show, Unread is the number of all their unread
// messages.
type Head struct {
	Person  uuid.UUID
	Version int64
	Unread  int64
}

// Effects are what applying changes did beyond the roster itself.
type Effects struct {
	Sealed []Sealed
	// Out are those who have just gone: their sessions and links ended in the
	// same transaction (R24).
	Out []uuid.UUID
}

// StudentQuery narrows a contact search. Zero values do not narrow.
type StudentQuery struct {
	Student uuid.UUID // this one alone
	School  uuid.UUID
	Grade   string
	Course  string // title
	Section uuid.UUID
	Teacher uuid.UUID // current teacher
	Name    string    // each word at the beginning of a word of the student's or a guardian's name, without regard to case and accents
	After   string    // cursor of the page before
	Limit   int       // 1 to 100; default 25
}

// StudentPage is a page of found students.
type StudentPage struct {
	Students []FoundStudent
	Total    int
	Next     string // cursor, empty on the last page
}

// FoundStudent is a student with their guardians that are not barred.
type FoundStudent struct {
	Person
	Schools   []string
	Guardians []GuardianOf
}

// GuardianOf is a guardian and what they are to the student.
type GuardianOf struct {
	Person
	Relation Role
}

// TeacherOf is a current teacher of a student, in one section.
type TeacherOf struct {
	Teacher Person
	Student uuid.UUID
	Section Section
	Until   Date
}

// Facets are the choices of a contact search.
type Facets struct {
	Schools  []Choice
	Grades   []Choice
	Courses  []Choice
	Sections []Choice
	Teachers []Choice
}

// Choice is one value of a facet with its words.
type Choice struct{ Value, Label string }
