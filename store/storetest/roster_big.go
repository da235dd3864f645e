package storetest

import (
	"fmt"
	"strconv"

	"github.com/homeline/homeline/hub/roster"
)

// BigDistrict is a roster for measuring by, with that many people. It has a school for every 1,000 students, sections of 28 of whom each
// student attends seven, a teacher for five sections, and a guardian for every
// student, who shares them with a second one or a sibling.
func BigDistrict(people int) roster.Changes {
	students := people / 2
	schools := max(students/1000, 1)
	c := roster.Changes{
		PutOrgs:  []roster.SnapshotOrg{{SourcedID: "district", Name: "Big", Type: "district"}},
		PutTerms: []roster.SnapshotTerm{{SourcedID: "year", Begin: roster.NewDate(2026, 8, 1), End: roster.NewDate(2027, 6, 30)}},
		PutPeople: []roster.SnapshotPerson{
			{SourcedID: "boss", Given: "Dan", Family: "Dietz", Roles: []roster.SnapshotRole{{Org: "district", Role: roster.DistrictAdministrator}}},
		},
	}
	for i := range schools {
		c.PutOrgs = append(c.PutOrgs, roster.SnapshotOrg{SourcedID: fmt.Sprint("school", i), Name: fmt.Sprint("School ", i), Type: "school", Parent: "district"})
	}
	sections := students / 4
	for i := range sections {
		c.PutSections = append(c.PutSections, roster.SnapshotSection{
			SourcedID: fmt.Sprint("section", i), Title: fmt.Sprintf("Course %d, %d", i/schools%60, i/schools), Course: fmt.Sprint("Course ", i/schools%60),
			Period: strconv.Itoa(i % 8), Org: fmt.Sprint("school", i%schools), Terms: []string{"year"},
		})
	}
	for i := range people - 1 {
		c.PutPeople = append(c.PutPeople, bigPerson(i, students, schools))
	}
	for i := range students {
		for k := range 9 {
			c.PutEnrolments = append(c.PutEnrolments, roster.SnapshotEnrolment{
				SourcedID: fmt.Sprintf("%08x-enrolment-%d", i*2654435761%(1<<32), k), Person: fmt.Sprint("person", i),
				Section: fmt.Sprint("section", (i/schools+k*37)%(sections/schools)*schools+i%schools), Role: roster.Student,
			})
		}
		c.PutGuardianships = append(c.PutGuardianships, roster.SnapshotGuardianship{
			Guardian: fmt.Sprint("person", students+i%(people-students-1-sections/5)), Student: fmt.Sprint("person", i), Relation: roster.Parent,
		})
	}
	for i := range sections {
		c.PutEnrolments = append(c.PutEnrolments, roster.SnapshotEnrolment{
			SourcedID: fmt.Sprint("teaches", i), Person: fmt.Sprint("person", people-2-i/5), Section: fmt.Sprint("section", i), Role: roster.Teacher,
		})
	}
	return c
}

var syllables = []string{"ma", "ri", "jo", "an", "ka", "le", "o", "ti", "so", "fi", "el", "be", "da", "ni", "lu", "cas", "tor", "ger", "ño", "ez"}

func bigName(i, salt int) string {
	n := uint32(i*2654435761) ^ uint32(salt*40503)
	return "M"[:salt%2] + syllables[n%20] + syllables[n/20%20] + syllables[n/400%20]
}

func bigPerson(i, students, schools int) roster.SnapshotPerson {
	role, grades := roster.Parent, []string(nil)
	switch {
	case i < students:
		role, grades = roster.Student, []string{fmt.Sprintf("%02d", 1+i%12)}
	case i >= students*2-students/20-1:
		role = roster.Teacher
	}
	return roster.SnapshotPerson{
		SourcedID: fmt.Sprint("person", i), Given: bigName(i, 2), Family: bigName(i, 4), Email: fmt.Sprintf("person%d@example.org", i),
		Grades: grades, Roles: []roster.SnapshotRole{{Org: fmt.Sprint("school", i%schools), Role: role}},
	}
}
