package oneroster

import (
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

// spec is what is read of one file of OneRoster's.
type spec struct {
	name    string   // as the specification has it
	columns []column // that are read
	others  []string // columns that OneRoster has and nobody here reads
}

// column is one that is read.
type column struct {
	name string
	// kind and field are what its cells say; no field for what says which record a
	// row is about.
	kind  roster.Kind
	field roster.Fields
	needs need
}

// need is how much depends on a column.
type need int

// Without an optional column the rest of a file can be read. Without a needed one
// a bulk file says nothing of a new record. Without a key no file can be read.
const (
	optional need = iota
	needed
	required
)

const (
	manifestFile    = "manifest.csv"
	orgsFile        = "orgs.csv"
	sessionsFile    = "academicSessions.csv"
	coursesFile     = "courses.csv"
	classesFile     = "classes.csv"
	usersFile       = "users.csv"
	rolesFile       = "roles.csv"
	enrollmentsFile = "enrollments.csv"
)

// kindCourse and kindProperty are of rows of which no records are kept: the
// titles of courses stand in sections.
const (
	kindCourse   roster.Kind = "course"
	kindProperty roster.Kind = "property"
)

var specs = []spec{
	{name: manifestFile, columns: []column{
		{"propertyName", kindProperty, 0, required}, {"value", kindProperty, 0, required},
	}},
	{
		name: orgsFile, columns: []column{
			{"sourcedId", roster.KindOrg, 0, required}, {"status", roster.KindOrg, roster.FieldStatus, optional},
			{"name", roster.KindOrg, roster.FieldName, needed}, {"type", roster.KindOrg, roster.FieldType, optional},
			{"parentSourcedId", roster.KindOrg, roster.FieldParent, optional},
		},
		others: []string{"dateLastModified", "identifier"},
	},
	{
		name: sessionsFile, columns: []column{
			{"sourcedId", roster.KindTerm, 0, required}, {"status", roster.KindTerm, roster.FieldStatus, optional},
			{"title", roster.KindTerm, roster.FieldTitle, optional},
			{"startDate", roster.KindTerm, roster.FieldBegin, needed}, {"endDate", roster.KindTerm, roster.FieldEnd, needed},
		},
		others: []string{"dateLastModified", "type", "parentSourcedId", "schoolYear"},
	},
	{
		name: coursesFile, columns: []column{
			{"sourcedId", kindCourse, 0, required}, {"status", kindCourse, roster.FieldStatus, optional},
			{"title", roster.KindSection, roster.FieldCourse, optional},
		},
		others: []string{"dateLastModified", "schoolYearSourcedId", "courseCode", "grades", "orgSourcedId",
			"subjects", "subjectCodes"},
	},
	{
		name: classesFile, columns: []column{
			{"sourcedId", roster.KindSection, 0, required}, {"status", roster.KindSection, roster.FieldStatus, optional},
			{"title", roster.KindSection, roster.FieldTitle, needed}, {"grades", roster.KindSection, roster.FieldGrades, optional},
			{"courseSourcedId", roster.KindSection, roster.FieldCourse, optional},
			{"schoolSourcedId", roster.KindSection, roster.FieldOrg, optional},
			{"termSourcedIds", roster.KindSection, roster.FieldTerms, optional},
			{"periods", roster.KindSection, roster.FieldPeriod, optional},
		},
		others: []string{"dateLastModified", "classCode", "classType", "location", "subjects", "subjectCodes"},
	},
	{
		name: usersFile, columns: []column{
			{"sourcedId", roster.KindPerson, 0, required}, {"status", roster.KindPerson, roster.FieldStatus, optional},
			{"enabledUser", roster.KindPerson, roster.FieldEnabled, optional},
			{"orgSourcedIds", roster.KindRole, roster.FieldOrg, optional}, {"role", roster.KindRole, roster.FieldRole, optional},
			{"givenName", roster.KindPerson, roster.FieldGiven, optional},
			{"familyName", roster.KindPerson, roster.FieldFamily, optional},
			{"preferredGivenName", roster.KindPerson, roster.FieldPreferred, optional},
			{"email", roster.KindPerson, roster.FieldEmail, optional}, {"grades", roster.KindPerson, roster.FieldGrades, optional},
			{"agentSourcedIds", roster.KindGuardianship, roster.FieldAgents, optional},
		},
		others: []string{"dateLastModified", "username", "userIds", "middleName", "identifier", "sms", "phone",
			"password", "userMasterIdentifier", "resourceSourcedIds", "preferredMiddleName", "preferredFamilyName",
			"pronouns", "primaryOrgSourcedId"},
	},
	{
		name: rolesFile, columns: []column{
			{"sourcedId", roster.KindRole, 0, optional}, {"status", roster.KindRole, roster.FieldStatus, optional},
			{"userSourcedId", roster.KindRole, 0, optional}, {"role", roster.KindRole, roster.FieldRole, needed},
			{"beginDate", roster.KindRole, roster.FieldBegin, optional}, {"endDate", roster.KindRole, roster.FieldEnd, optional},
			{"orgSourcedId", roster.KindRole, roster.FieldOrg, optional},
		},
		others: []string{"dateLastModified", "roleType", "userProfileSourcedId"},
	},
	{
		name: enrollmentsFile, columns: []column{
			{"sourcedId", roster.KindEnrolment, 0, required}, {"status", roster.KindEnrolment, roster.FieldStatus, optional},
			{"classSourcedId", roster.KindEnrolment, roster.FieldSection, needed},
			{"userSourcedId", roster.KindEnrolment, roster.FieldPerson, needed},
			{"role", roster.KindEnrolment, roster.FieldRole, needed},
			{"beginDate", roster.KindEnrolment, roster.FieldBegin, optional},
			{"endDate", roster.KindEnrolment, roster.FieldEnd, optional},
		},
		others: []string{"dateLastModified", "schoolSourcedId", "primary"},
	},
}

// specOf finds the spec of a file by its base name, in any letter case.
func specOf(base string) (spec, bool) {
	for _, s := range specs {
		if strings.EqualFold(s.name, base) {
			return s, true
		}
	}
	return spec{}, false
}

// property is the name of a file in the manifest.
func (s spec) property() string { return "file." + strings.TrimSuffix(s.name, ".csv") }
