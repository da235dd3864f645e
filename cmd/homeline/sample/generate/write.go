package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// write writes the district as a OneRoster 1.2 folder. Its dates are
// placeholders, which package sample replaces.
func (d *district) write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, rows := range map[string][][]string{
		"manifest.csv": manifestRows(), "orgs.csv": d.orgRows(), "academicSessions.csv": sessionRows(),
		"courses.csv": d.courseRows(), "classes.csv": d.classRows(), "users.csv": d.userRows(),
		"roles.csv": d.roleRows(), "enrollments.csv": d.enrollmentRows(),
	} {
		if err := writeCSV(filepath.Join(folder, name), rows); err != nil {
			return err
		}
	}
	return nil
}

func writeCSV(path string, rows [][]string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	return csv.NewWriter(f).WriteAll(rows)
}

func manifestRows() [][]string {
	rows := [][]string{{"propertyName", "value"}, {"manifest.version", "1.0"}, {"oneroster.version", "1.2"}}
	for _, f := range []string{"academicSessions", "classes", "courses", "enrollments", "orgs", "roles", "users"} {
		rows = append(rows, []string{"file." + f, "bulk"})
	}
	for _, f := range []string{"categories", "classResources", "courseResources", "demographics", "lineItems", "resources",
		"results", "userProfiles", "userResources"} {
		rows = append(rows, []string{"file." + f, "absent"})
	}
	return append(rows, []string{"source.systemName", "Homeline sample"}, []string{"source.systemCode", ""})
}

func (d *district) orgRows() [][]string {
	rows := [][]string{{"sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"}}
	for _, o := range d.orgs {
		rows = append(rows, []string{o.id, "", "", o.name, o.kind, "", o.parent})
	}
	return rows
}

func sessionRows() [][]string {
	return [][]string{
		{"sourcedId", "status", "dateLastModified", "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"},
		{year, "", "", "School year", "schoolYear", "{{year_begin}}", "{{year_end}}", "", "{{school_year}}"},
		{semester, "", "", "First semester", "semester", "{{semester_begin}}", "{{semester_end}}", year, "{{school_year}}"},
		{quarter, "", "", "First quarter", "gradingPeriod", "{{quarter_begin}}", "{{quarter_end}}", semester, "{{school_year}}"},
	}
}

func (d *district) courseRows() [][]string {
	rows := [][]string{{"sourcedId", "status", "dateLastModified", "schoolYearSourcedId", "title", "courseCode", "grades",
		"orgSourcedId", "subjects", "subjectCodes"}}
	seen := map[string]bool{}
	for _, s := range d.sections {
		if id := courseID(s); !seen[id] {
			seen[id] = true
			rows = append(rows, []string{id, "", "", year, s.course, "", "", s.org, "", ""})
		}
	}
	return rows
}

func courseID(s *section) string {
	return "course-" + s.org + "-" + strings.Join(strings.FieldsFunc(strings.ToLower(s.course), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

func (d *district) classRows() [][]string {
	rows := [][]string{{"sourcedId", "status", "dateLastModified", "title", "grades", "courseSourcedId", "classCode", "classType",
		"location", "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods"}}
	for _, s := range d.sections {
		kind := "scheduled"
		if s.period == "" {
			kind = "homeroom"
		}
		rows = append(rows, []string{s.id, "", "", s.title, strings.Join(s.grades, ","), courseID(s), "", kind, "", s.org, s.term,
			"", "", s.period})
	}
	return rows
}

func (d *district) userRows() [][]string {
	rows := [][]string{{"sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds", "givenName", "familyName",
		"middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "userMasterIdentifier",
		"preferredGivenName", "primaryOrgSourcedId"}}
	for _, p := range d.people {
		rows = append(rows, []string{p.id, "", "", "true", p.id, "", p.given, p.family, "", "", p.email, "", "",
			strings.Join(p.agents, ","), p.grade, "", p.preferred, p.roles[0].org})
	}
	return rows
}

func (d *district) roleRows() [][]string {
	rows := [][]string{{"sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role", "beginDate", "endDate",
		"orgSourcedId", "userProfileSourcedId"}}
	for _, p := range d.people {
		kind := "primary"
		for _, r := range p.roles {
			rows = append(rows, []string{fmt.Sprintf("role-%s-%s", p.id, r.name), "", "", p.id, kind, r.name, "", "", r.org, ""})
			kind = "secondary"
		}
	}
	return rows
}

func (d *district) enrollmentRows() [][]string {
	rows := [][]string{{"sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId", "role",
		"primary", "beginDate", "endDate"}}
	add := func(s *section, person, role, primary string) {
		id := fmt.Sprintf("enrollment-%s-%s", strings.TrimPrefix(s.id, "class-"), person)
		rows = append(rows, []string{id, "", "", s.id, s.org, person, role, primary, "", ""})
	}
	for _, s := range d.sections {
		for i, m := range s.staff {
			add(s, m.person, m.role, fmt.Sprint(i == 0))
		}
		for _, id := range s.students {
			add(s, id, "student", "false")
		}
	}
	return rows
}
