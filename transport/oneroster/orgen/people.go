package orgen

import (
	"fmt"
	"strings"
)

var (
	givens   = strings.Fields("Ada Ben Carla David Elif Farid Grace Hugo Ines Jonas Kim Lena Minh Nadia Oscar Priya Quinn Rosa Sam Tariq")
	families = strings.Fields("Adams Baker Chen Díaz Evans Fischer García Hassan Ivanova Jones Kaya López Müller Nguyễn Okafor Patel Quist Ruiz")
)

func (w *writer) people() {
	d := w.district
	w.create("users.csv", "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"+
		"email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,primaryOrgSourcedId")
	for n := range d.Staff {
		w.person(id(staffID, n), n, fmt.Sprintf("staff%d@example.org", n), "", "")
	}
	for n := range d.Guardians {
		w.person(id(guardianID, n), n, fmt.Sprintf("guardian%d@example.com", n), "", "")
	}
	for n := range d.Students {
		agents := id(guardianID, n%d.Guardians)
		d.Ties++
		if n%4 < withTwo {
			agents = fmt.Sprintf(`"%s,%s"`, agents, id(guardianID, (n+d.Guardians/2)%d.Guardians))
			d.Ties++
		}
		w.person(id(studentID, n), n, fmt.Sprintf("student%d@example.org", n), agents, fmt.Sprintf("%02d", 1+n%12))
	}
	w.close()
	w.roles()
}

func (w *writer) person(id string, n int, email, agents, grade string) {
	w.row("%s,,,true,,,%s,%s,,,%s,,,%s,%s,,,,", id, givens[n%len(givens)], families[n/len(givens)%len(families)], email, agents, grade)
}

func (w *writer) roles() {
	d := w.district
	w.create("roles.csv", "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId")
	made := 0
	role := func(person, role string, school int) {
		w.row("%s,,,%s,primary,%s,,,%s,", id(roleID, made), person, role, id(orgID, school))
		made++
	}
	for n := range d.Staff {
		role(id(staffID, n), "teacher", 1+n*d.Schools/d.Staff)
	}
	for n := range d.Guardians {
		role(id(guardianID, n), "parent", 0)
	}
	for n := range d.Students {
		role(id(studentID, n), "student", 1+n*d.Schools/d.Students)
	}
	w.close()
}

func (w *writer) enrolments() {
	d := w.district
	w.create("enrollments.csv", "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate")
	enrol := func(section int, person, role string) {
		w.row("%s,,,%s,%s,%s,%s,,%s,%s", id(enrolmentID, d.Enrolments), id(sectionID, section), id(orgID, w.school(section)),
			person, role, w.begin, w.end)
		d.Enrolments++
	}
	for s := range d.Sections {
		enrol(s, id(staffID, s*d.Staff/d.Sections), "teacher")
	}
	for n := range d.Students {
		first := n * d.Sections / d.Students
		for k := range perStudent {
			// The sections of a student lie within their school, a prime apart.
			enrol((first+k*7)%d.Sections, id(studentID, n), "student")
		}
	}
	w.close()
}
