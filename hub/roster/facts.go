package roster

import "github.com/google/uuid"

// Facts are what a store knows today about the people whom one start is about:
// the sender, the recipients, the students they are written to about, and the
// guardians of those. They are read under the district's shared lock, so that
// what is judged by them still holds at the commit.
type Facts struct {
	District District
	Today    Date
	Orgs     map[uuid.UUID]Org // all of the district that are not gone: the tree
	People   map[uuid.UUID]PersonFacts
	// Grants are those not ended that are given to the people, or to a role that
	// one of them holds.
	Grants []Grant
}

// PersonFacts are one person with their sections and ties.
type PersonFacts struct {
	Person
	Enrolments []Enrolment // all that the roster has, current or not
	Guardians  []Guardianship
	Students   []Guardianship
	Bars       []Bar // in which the person is guardian or student
}

// Part is as what somebody takes part in a conversation.
type Part string

// AsStudent and AsGuardian are the parts of a family; AsTeacher is a teacher of
// a student's section; AsStaff is any other staff.
const (
	AsStudent  Part = "student"
	AsGuardian Part = "guardian"
	AsTeacher  Part = "teacher"
	AsStaff    Part = "staff"
)

// Staff says whether the part is one of staff.
func (p Part) Staff() bool { return p == AsTeacher || p == AsStaff }

// Tie says in what part, and through which student, somebody takes part in a
// conversation, as it was when the conversation began.
type Tie struct {
	Person  uuid.UUID
	Part    Part
	Student uuid.UUID // uuid.Nil for staff who are in it through no student
	Detail  string    // the relation (parent), the section (Algebra 1), the role (principal)
}

// Recipient is somebody one writes to, and about which student: the student
// themself, their guardian, or their teacher.
type Recipient struct {
	Person  uuid.UUID `json:"person"`
	Student uuid.UUID `json:"student"`
}

// Code says why a verdict is as it is.
type Code string

// The reasons of verdicts. Those from ByOrg to ByTeacherOf allow.
const (
	ByOrg          Code = "by_org"     // staff of an organisation the student belongs to
	BySection      Code = "by_section" // teaches a section the student is in today
	ByGrant        Code = "by_grant"   // the district gave the sender access (R3)
	ByTeacherOf    Code = "by_teacher" // the recipient teaches the student today
	NotYourself    Code = "not_yourself"
	NoSuchPerson   Code = "no_such_person"
	PersonGone     Code = "person_gone"
	NotTied        Code = "not_tied"      // the recipient is not that student, nor their guardian
	Barred         Code = "barred"        // R26
	TooYoung       Code = "too_young"     // R27
	NoGuardian     Code = "no_guardian"   // R27: the student has no active guardian who may be in the conversation
	StudentAlone   Code = "student_alone" // R19: no guardian of the student is among the recipients of that mode
	NoReach        Code = "no_reach"      // of the sender's roles none reaches such a student
	NotStaff       Code = "not_staff"
	NotFamily      Code = "not_family"
	StaffToStaff   Code = "staff_to_staff" // R6
	NotTeacherNow  Code = "not_teacher_now"
	NotYourStudent Code = "not_your_student"
)

// Verdict is the answer to: may this one start a conversation with that one?
type Verdict struct {
	Allowed bool
	Code    Code
	Section string // title, where a section is the reason, or what access was given to
	Period  string
	Org     string // name, where an organisation is
	Until   Date   // the first day on which the reason ends, NoDate where it does not
	Tie     Tie    // the recipient's part, where allowed
}
