package roster

// Role is what somebody is at an organisation: the roles of OneRoster 1.1
// (table 3.0, "role") and 1.2 (RoleEnum) in the words of the files.
type Role string

// The roles of OneRoster 1.1 and 1.2.
const (
	Administrator         Role = "administrator"
	DistrictAdministrator Role = "districtAdministrator"
	SiteAdministrator     Role = "siteAdministrator"
	SystemAdministrator   Role = "systemAdministrator"
	Principal             Role = "principal"
	Counselor             Role = "counselor"
	Teacher               Role = "teacher"
	Aide                  Role = "aide"
	Proctor               Role = "proctor"
	Student               Role = "student"
	Guardian              Role = "guardian"
	Parent                Role = "parent"
	Relative              Role = "relative"
)

// Reach is whom a role lets one write to.
type Reach int

// ReachNone answers only where it takes part; ReachSections reaches the
// students of the sections one teaches now, and their guardians; ReachOrgs
// reaches everybody at the organisation of the role and those below it;
// ReachTeachers reaches the current teachers of a student.
const (
	ReachNone Reach = iota
	ReachSections
	ReachOrgs
	ReachTeachers
)

type roleTraits struct {
	staff, family bool
	reach         Reach
}

// roles is the one table of R3 and R4.
var roles = map[Role]roleTraits{
	Administrator:         {staff: true, reach: ReachOrgs},
	DistrictAdministrator: {staff: true, reach: ReachOrgs},
	SiteAdministrator:     {staff: true, reach: ReachOrgs},
	SystemAdministrator:   {staff: true, reach: ReachOrgs},
	Principal:             {staff: true, reach: ReachOrgs},
	Counselor:             {staff: true, reach: ReachOrgs},
	Teacher:               {staff: true, reach: ReachSections},
	Aide:                  {staff: true, reach: ReachNone},
	Proctor:               {staff: true, reach: ReachNone},
	Student:               {family: true, reach: ReachTeachers},
	Guardian:              {family: true, reach: ReachTeachers},
	Parent:                {family: true, reach: ReachTeachers},
	Relative:              {family: true, reach: ReachTeachers},
}

// Known says whether r is a role of OneRoster.
func (r Role) Known() bool { _, ok := roles[r]; return ok }

// Staff says whether r is a role of somebody who works at a school or district.
func (r Role) Staff() bool { return roles[r].staff }

// Family says whether r is the role of a student or of a guardian.
func (r Role) Family() bool { return roles[r].family }

// GuardianLike says whether r may be tied to a student as their guardian.
func (r Role) GuardianLike() bool { return r == Guardian || r == Parent || r == Relative }

// Reach is whom r lets one write to.
func (r Role) Reach() Reach { return roles[r].reach }

// teaches says whether r lets one teach a section that one is enrolled in as
// teacher. An aide or a proctor does not.
func (r Role) teaches() bool { return r.Reach() == ReachSections || r.Reach() == ReachOrgs }
