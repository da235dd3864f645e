package oneroster

import "strings"

// spec is what is read of one file of OneRoster's.
type spec struct {
	name     string   // as the specification has it
	required []string // columns without which the file says nothing
	optional []string // further columns that are read
	others   []string // columns that OneRoster has and nobody here reads
}

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

var specs = []spec{
	{name: manifestFile, required: []string{"propertyName", "value"}},
	{
		name: orgsFile, required: []string{"sourcedId", "name"},
		optional: []string{"status", "type", "parentSourcedId"},
		others:   []string{"dateLastModified", "identifier"},
	},
	{
		name: sessionsFile, required: []string{"sourcedId", "startDate", "endDate"},
		optional: []string{"status", "title"},
		others:   []string{"dateLastModified", "type", "parentSourcedId", "schoolYear"},
	},
	{
		name: coursesFile, required: []string{"sourcedId", "title"},
		optional: []string{"status"},
		others: []string{"dateLastModified", "schoolYearSourcedId", "courseCode", "grades", "orgSourcedId",
			"subjects", "subjectCodes"},
	},
	{
		name: classesFile, required: []string{"sourcedId", "title"},
		optional: []string{"status", "grades", "courseSourcedId", "schoolSourcedId", "termSourcedIds", "periods"},
		others:   []string{"dateLastModified", "classCode", "classType", "location", "subjects", "subjectCodes"},
	},
	{
		name: usersFile, required: []string{"sourcedId"},
		optional: []string{"status", "enabledUser", "orgSourcedIds", "role", "givenName", "familyName", "email",
			"agentSourcedIds", "grades", "preferredGivenName", "primaryOrgSourcedId"},
		others: []string{"dateLastModified", "username", "userIds", "middleName", "identifier", "sms", "phone",
			"password", "userMasterIdentifier", "resourceSourcedIds", "preferredMiddleName", "preferredFamilyName",
			"pronouns"},
	},
	{
		name: rolesFile, required: []string{"userSourcedId", "role"},
		optional: []string{"sourcedId", "status", "beginDate", "endDate", "orgSourcedId"},
		others:   []string{"dateLastModified", "roleType", "userProfileSourcedId"},
	},
	{
		name: enrollmentsFile, required: []string{"sourcedId", "classSourcedId", "userSourcedId", "role"},
		optional: []string{"status", "beginDate", "endDate"},
		others:   []string{"dateLastModified", "schoolSourcedId", "primary"},
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
