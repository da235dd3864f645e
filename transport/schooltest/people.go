package schooltest

import (
	"strconv"

	"github.com/homeline/homeline/hub/roster"
)

const highSchool, algebra = "school", "algebra"

// Crowd is the nth further student, counted from 0.
func Crowd(n int) string { return "student" + strconv.Itoa(n) }

func lincoln(crowd int) roster.Snapshot {
	s := school()
	s.People = []roster.SnapshotPerson{
		person(Ana, "Ana", "Ruiz", roster.Teacher),
		person(Ben, "Ben", "Okafor", roster.Teacher),
		person(Pia, "Pia", "Lund", roster.Principal),
		person(Leo, "Leo", "Vega", roster.Student),
		person(Mia, "Mia", "Chen", roster.Student),
		person(Rosa, "Rosa", "Vega", roster.Parent),
		person(Tom, "Tom", "Chen", roster.Guardian),
	}
	s.Enrolments = []roster.SnapshotEnrolment{
		enrolled(Ana, roster.Teacher), enrolled(Leo, roster.Student), enrolled(Mia, roster.Student),
	}
	s.Guardianships = []roster.SnapshotGuardianship{
		{Guardian: Rosa, Student: Leo, Relation: roster.Parent},
		{Guardian: Tom, Student: Mia, Relation: roster.Guardian},
	}
	for n := range crowd {
		s.People = append(s.People, person(Crowd(n), "Student", strconv.Itoa(n), roster.Student))
	}
	return s
}

func madison() roster.Snapshot {
	s := school()
	s.People = []roster.SnapshotPerson{
		person(Zoe, "Zoe", "Haas", roster.Teacher),
		person(Yan, "Yan", "Berg", roster.Student),
	}
	s.Enrolments = []roster.SnapshotEnrolment{enrolled(Zoe, roster.Teacher), enrolled(Yan, roster.Student)}
	return s
}

func school() roster.Snapshot {
	return roster.Snapshot{
		Orgs:     []roster.SnapshotOrg{{SourcedID: highSchool, Name: "High School", Type: "school"}},
		Sections: []roster.SnapshotSection{{SourcedID: algebra, Title: "Algebra 1", Period: "3", Org: highSchool}},
		Whole: roster.Whole{
			roster.KindOrg: true, roster.KindTerm: true, roster.KindSection: true, roster.KindPerson: true,
			roster.KindRole: true, roster.KindEnrolment: true, roster.KindGuardianship: true,
		},
	}
}

func person(id, given, family string, role roster.Role) roster.SnapshotPerson {
	return roster.SnapshotPerson{
		SourcedID: id, Given: given, Family: family, Email: id + "@example.org",
		Roles: []roster.SnapshotRole{{Org: highSchool, Role: role}},
	}
}

func enrolled(id string, role roster.Role) roster.SnapshotEnrolment {
	return roster.SnapshotEnrolment{SourcedID: "enrolment-" + id, Person: id, Section: algebra, Role: role}
}
