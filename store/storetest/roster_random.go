package storetest

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/roster"
)

// Random districts are small and dense, so that everything meets: siblings,
// students at two schools, sections of another school, terms that nobody knows,
// people of two roles, dates around today.

var (
	someRole     = rapid.SampledFrom([]roster.Role{roster.Student, roster.Student, roster.Student, roster.Teacher, roster.Teacher, roster.Principal, roster.Parent, roster.Aide, roster.DistrictAdministrator})
	someSeat     = rapid.SampledFrom([]roster.Role{roster.Student, roster.Student, roster.Teacher, roster.Aide})
	someDate     = rapid.SampledFrom([]roster.Date{roster.NoDate, roster.NoDate, schoolToday - 9, schoolToday - 1, schoolToday, schoolToday + 1, schoolToday + 9})
	someName     = rapid.SampledFrom([]string{"Ana", "Anna María", "Øyvind", "O'Brien", "de la Cruz", "Núñez", "王小明", ""})
	someGrade    = rapid.SampledFrom([]string{"08", "09", "10"})
	someCourse   = rapid.SampledFrom([]string{"Algebra", "History", ""})
	rarely       = rapid.SampledFrom([]bool{false, false, false, false, false, true})
	randomPeople = 9
)

func numbered(kind string, n int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(kind, rapid.IntRange(1, n).Draw(t, kind)) })
}

// randomRoster is one delivery, whole.
func randomRoster(t *rapid.T) roster.Snapshot {
	s := roster.Snapshot{Whole: roster.Whole{
		roster.KindOrg: true, roster.KindTerm: true, roster.KindSection: true, roster.KindPerson: true,
		roster.KindRole: true, roster.KindEnrolment: true, roster.KindGuardianship: true,
	}}
	for i := range 4 {
		s.Orgs = append(s.Orgs, roster.SnapshotOrg{
			SourcedID: fmt.Sprint("org", i+1), Name: fmt.Sprint("Org ", i+1), Type: "school",
			Parent: rapid.SampledFrom([]string{"", "org1", "org1", "org2", "org9"}).Draw(t, "parent"), Gone: rarely.Draw(t, "gone"),
		})
	}
	for i := range 3 {
		s.Terms = append(s.Terms, roster.SnapshotTerm{
			SourcedID: fmt.Sprint("term", i+1), Begin: someDate.Draw(t, "begin"), End: someDate.Draw(t, "end"), Gone: rarely.Draw(t, "gone"),
		})
	}
	for i := range 4 {
		s.Sections = append(s.Sections, roster.SnapshotSection{
			SourcedID: fmt.Sprint("section", i+1), Title: fmt.Sprint("Section ", i+1), Course: someCourse.Draw(t, "course"),
			Org: numbered("org", 5).Draw(t, "of"), Gone: rarely.Draw(t, "gone"),
			Terms: rapid.SliceOfNDistinct(numbered("term", 4), 0, 2, rapid.ID[string]).Draw(t, "terms"),
		})
	}
	for i := range randomPeople {
		s.People = append(s.People, randomPerson(t, fmt.Sprint("person", i+1)))
	}
	for i := range rapid.IntRange(0, 14).Draw(t, "enrolments") {
		e := roster.SnapshotEnrolment{
			SourcedID: fmt.Sprint("enrolment", i+1), Person: numbered("person", randomPeople).Draw(t, "who"),
			Section: numbered("section", 4).Draw(t, "where"), Role: someSeat.Draw(t, "seat"),
		}
		if rapid.Bool().Draw(t, "dated") {
			e.Begin, e.End = someDate.Draw(t, "begin"), someDate.Draw(t, "end")
		}
		s.Enrolments = append(s.Enrolments, e)
	}
	s.Guardianships = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) roster.SnapshotGuardianship {
		return roster.SnapshotGuardianship{
			Guardian: numbered("person", randomPeople).Draw(t, "guardian"), Student: numbered("person", randomPeople).Draw(t, "student"),
			Relation: roster.Parent,
		}
	}), 0, 6, func(g roster.SnapshotGuardianship) string { return g.Guardian + " " + g.Student }).Draw(t, "ties")
	return s
}

func randomPerson(t *rapid.T, id string) roster.SnapshotPerson {
	return roster.SnapshotPerson{
		SourcedID: id, Given: someName.Draw(t, "given"), Family: someName.Draw(t, "family"), Gone: rarely.Draw(t, "gone"),
		Grades: rapid.SliceOfNDistinct(someGrade, 0, 2, rapid.ID[string]).Draw(t, "grades"),
		Roles: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) roster.SnapshotRole {
			r := roster.SnapshotRole{Org: numbered("org", 5).Draw(t, "at"), Role: someRole.Draw(t, "role")}
			if rarely.Draw(t, "dated") {
				r.Begin, r.End = someDate.Draw(t, "begin"), someDate.Draw(t, "end")
			}
			return r
		}), 0, 2).Draw(t, "roles"),
	}
}
