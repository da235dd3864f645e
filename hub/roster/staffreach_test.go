package roster

import "testing"

// R3: "a teacher with the students of the sections they teach now, and those
// students' guardians".
func TestR3ATeacherReachesTheStudentsOfTheirSectionsAndTheirGuardians(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Kim", Student, "North School") // of the school, but not of the section
	s.person("Bo", Guardian, "North School")
	s.guardian("Bo", Parent, "Kim")
	s.person("Idle", Teacher, "North School")
	s.person("Head", Principal, "South School")
	s.enrol("Head", Teacher, algebra)
	s.judges(
		asked{"a student of the section", "Ruiz", AsWorker, to("Leo", "Leo"), BySection},
		asked{"their guardian", "Ruiz", AsWorker, to("Ana", "Leo"), BySection},
		asked{"another student of the school", "Ruiz", AsWorker, to("Kim", "Kim"), NoReach},
		asked{"that one's guardian", "Ruiz", AsWorker, to("Bo", "Kim"), NoReach},
		asked{"somebody else's guardian", "Ruiz", AsWorker, to("Bo", "Leo"), NotTied},
		asked{"a teacher without a section", "Idle", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"a principal who teaches there", "Head", AsWorker, to("Leo", "Leo"), BySection},
		asked{"an unknown student", "Ruiz", AsWorker, to("Who", "Who"), NoReach},
		asked{"an unknown guardian", "Ruiz", AsWorker, to("Who", "Leo"), NotTied},
		asked{"an unknown sender", "Who", AsWorker, to("Leo", "Leo"), NoSuchPerson},
	)
}

// "… they teach now".
func TestR3ATeacherNoLongerReachesASectionThatEnded(t *testing.T) {
	s, _ := algebra(t)
	s.f.Today = NewDate(2026, 12, 20)
	s.judges(asked{"on the day the term has ended", "Ruiz", AsWorker, to("Leo", "Leo"), NoReach})
}

// "… of the sections they teach": not of those they merely sit in, and a
// student of one who teaches another is no student of theirs.
func TestR3EnrolmentsOtherThanAsTeacherAndStudentGiveNoReach(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Watson", Teacher, "North School")
	s.enrol("Watson", Aide, algebra)
	s.person("Proctor", Teacher, "North School")
	s.enrol("Proctor", Proctor, algebra)
	s.person("Classmate", Student, "North School")
	s.enrol("Classmate", Aide, algebra) // a student who helps there
	s.judges(
		asked{"a teacher enrolled as aide", "Watson", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"a teacher enrolled as proctor", "Proctor", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"a student enrolled as aide is nobody's pupil", "Ruiz", AsWorker, to("Classmate", "Classmate"), NoReach},
	)
}

// R3: "school staff (administrators, principals, counsellors) with all of the
// organisations they belong to and those below; so district staff with all of
// the district".
func TestR3SchoolStaffReachTheirOrganisationsAndThoseBelow(t *testing.T) {
	for _, role := range []Role{Administrator, DistrictAdministrator, SiteAdministrator, SystemAdministrator, Principal, Counselor} {
		t.Run(string(role), func(t *testing.T) {
			s, _ := algebra(t)
			s.person("Dee", Student, "Maths Department")
			s.person("Sam", Student, "South School")
			s.person("North", role, "North School")
			s.person("Maths", role, "Maths Department")
			s.person("All", role, "Lakeside District")
			s.judges(
				asked{"their school", "North", AsWorker, to("Leo", "Leo"), ByOrg},
				asked{"a guardian there", "North", AsWorker, to("Ana", "Leo"), ByOrg},
				asked{"what is below it", "North", AsWorker, to("Dee", "Dee"), ByOrg},
				asked{"not the school beside it", "North", AsWorker, to("Sam", "Sam"), NoReach},
				asked{"not what is above", "Maths", AsWorker, to("Leo", "Leo"), NoReach},
				asked{"the district: one school", "All", AsWorker, to("Leo", "Leo"), ByOrg},
				asked{"the district: the other school", "All", AsWorker, to("Sam", "Sam"), ByOrg},
				asked{"the district: a department", "All", AsWorker, to("Dee", "Dee"), ByOrg},
			)
		})
	}
}

func TestR3AStudentBelongsWhereTheyAttendASection(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Guest", Student, "South School")
	s.enrol("Guest", Student, algebra)
	s.person("Past", Student, "South School")
	s.enrolFrom("Past", Student, algebra, NewDate(2026, 9, 1), NewDate(2026, 10, 1))
	s.person("Helper", Student, "South School")
	s.enrol("Helper", Aide, algebra)
	s.role("Helper", RoleAt{Org: id("North School"), Role: Aide})
	s.person("Head", Principal, "North School")
	s.judges(
		asked{"who only helps there", "Head", AsWorker, to("Helper", "Helper"), NoReach},
		asked{"who attends a section of the school", "Head", AsWorker, to("Guest", "Guest"), ByOrg},
		asked{"who no longer does", "Head", AsWorker, to("Past", "Past"), NoReach},
	)
}

func TestR3RolesHoldWithinTheirDates(t *testing.T) {
	s, _ := algebra(t)
	north := id("North School")
	s.role("Before", RoleAt{Org: north, Role: Principal, End: today})
	s.role("After", RoleAt{Org: north, Role: Principal, Begin: today + 1})
	s.role("Now", RoleAt{Org: north, Role: Principal, Begin: today, End: today + 1})
	s.role("Left", RoleAt{Org: north, Role: Student, End: today})
	s.role("Demoted", RoleAt{Org: north, Role: Principal, End: today})
	s.role("Demoted", RoleAt{Org: north, Role: Aide})
	s.role("Moved", RoleAt{Org: north, Role: Student, End: today})
	s.person("Moved", Student, "South School")
	s.judges(
		asked{"a role that ended", "Before", AsWorker, to("Leo", "Leo"), NotStaff},
		asked{"a role that has not begun", "After", AsWorker, to("Leo", "Leo"), NotStaff},
		asked{"a role of today", "Now", AsWorker, to("Leo", "Leo"), ByOrg},
		asked{"a student who left the school", "Now", AsWorker, to("Left", "Left"), NoReach},
		asked{"a student who went to another", "Now", AsWorker, to("Moved", "Moved"), NoReach},
		asked{"an ended role beside one of today", "Demoted", AsWorker, to("Leo", "Leo"), NoReach},
	)
	for name, orgs := range map[string]int{"Before": 0, "Demoted": 0, "Now": 2} {
		if scope := s.f.Scope(id(name)); len(scope.Orgs) != orgs {
			t.Errorf("the scope of %s has %d organisations, want %d", name, len(scope.Orgs), orgs)
		}
	}
	if v := s.f.Judge(id("Now"), AsWorker, to("Leo", "Leo")); v.Until != today+1 || v.Org != "North School" {
		t.Errorf("the reason is %+v, want North School until tomorrow", v)
	}
}

// R3: "Aides and proctors have no reach of their own, they answer where they
// take part."
func TestR3AidesAndProctorsHaveNoReach(t *testing.T) {
	for _, role := range []Role{Aide, Proctor} {
		s, algebra := algebra(t)
		s.person("Helper", role, "North School")
		s.enrol("Helper", role, algebra)
		s.person("Promoted", role, "North School")
		s.enrol("Promoted", Teacher, algebra)
		s.judges(
			asked{"by their role", "Helper", AsWorker, to("Leo", "Leo"), NoReach},
			asked{"nor by an enrolment", "Promoted", AsWorker, to("Leo", "Leo"), NoReach},
			asked{"and are no teacher to a family", "Ana", AsFamily, to("Promoted", "Leo"), NotTeacherNow},
		)
	}
}

func TestR3ACircleOfOrganisationsEnds(t *testing.T) {
	s, _ := algebra(t)
	s.org("Lakeside District", "district", "Maths Department")
	s.org("Lost", "school", "Lost")
	s.person("Head", Principal, "North School")
	s.person("Far", Principal, "Lost")
	s.judges(
		asked{"inside the circle", "Head", AsWorker, to("Leo", "Leo"), ByOrg},
		asked{"outside of it", "Far", AsWorker, to("Leo", "Leo"), NoReach},
	)
	if scope := s.f.Scope(id("Head")); len(scope.Orgs) != 4 {
		t.Errorf("the scope has %d organisations, want the four of the circle and its branch", len(scope.Orgs))
	}
}

func TestR3WhoIsNoStaffHasNoReachAsStaff(t *testing.T) {
	s, algebra := algebra(t)
	s.enrol("Ana", Teacher, algebra) // a row that makes no sense
	s.person("Gone", Principal, "North School")
	s.gone("Gone")
	s.judges(
		asked{"a guardian", "Ana", AsWorker, to("Leo", "Leo"), NotStaff},
		asked{"a student", "Eva", AsWorker, to("Leo", "Leo"), NotStaff},
		asked{"staff who are gone", "Gone", AsWorker, to("Leo", "Leo"), PersonGone},
	)
}

// R6: "Staff cannot message each other …: judged when a conversation starts, by
// the part in which one starts it."
func TestR6StaffCannotMessageEachOther(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Kay", Teacher, "North School")
	s.enrol("Kay", Student, algebra) // takes the course among colleagues
	s.person("Mum", Parent, "North School")
	s.guardian("Mum", Parent, "Kay")
	s.person("Teen", Student, "North School")
	s.role("Teen", RoleAt{Org: id("North School"), Role: Aide})
	s.enrol("Teen", Student, algebra)
	s.person("Head", Principal, "Lakeside District")
	s.judges(
		asked{"a colleague", "Head", AsWorker, to("Ruiz", "Ruiz"), StaffToStaff},
		asked{"a colleague named through a student", "Head", AsWorker, to("Ruiz", "Leo"), StaffToStaff},
		asked{"a colleague who takes a course", "Ruiz", AsWorker, to("Kay", "Kay"), StaffToStaff},
		asked{"who takes a course, to their teacher", "Kay", AsFamily, to("Ruiz", "Kay"), NotFamily},
		asked{"a relative of staff who take a course", "Mum", AsFamily, to("Ruiz", "Kay"), NotTeacherNow},
		asked{"oneself", "Ruiz", AsWorker, to("Ruiz", "Ruiz"), NotYourself},
		asked{"a student who helps as aide is a student", "Ruiz", AsWorker, to("Teen", "Teen"), BySection},
	)
}

// R6: "by the part in which one starts it".
func TestR6WhoIsGuardianAndStaffIsJudgedByThePart(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Max", Teacher, "North School") // a colleague, and Leo's father
	s.guardian("Max", Parent, "Leo")
	s.person("Head", Principal, "North School")
	s.judges(
		asked{"is written to as guardian", "Ruiz", AsWorker, to("Max", "Leo"), BySection},
		asked{"not about a child of others", "Ruiz", AsWorker, to("Max", "Eva"), StaffToStaff},
		asked{"writes to a colleague as father", "Max", AsFamily, to("Ruiz", "Leo"), ByTeacherOf},
		asked{"writes as staff: has no section", "Max", AsWorker, to("Ana", "Leo"), NoReach},
		asked{"as father he reaches no families", "Max", AsFamily, to("Ana", "Leo"), NotTeacherNow},
	)
	s.enrol("Max", Teacher, algebra)
	s.judges(
		asked{"as teacher of his own child", "Max", AsWorker, to("Leo", "Leo"), BySection},
		asked{"not to himself as the guardian", "Max", AsWorker, to("Max", "Leo"), NotYourself},
		asked{"not to himself as the teacher", "Max", AsFamily, to("Max", "Leo"), NotYourself},
	)
}

func TestR25DistrictStaffAreThoseWhoReachTheWholeDistrict(t *testing.T) {
	s := newSchool(t)
	s.person("All", DistrictAdministrator, "Lakeside District")
	s.person("Head", Principal, "North School")
	s.person("Teach", Teacher, "Lakeside District")
	s.role("Past", RoleAt{Org: id("Lakeside District"), Role: Administrator, End: today})
	s.person("Gone", Administrator, "Lakeside District")
	s.gone("Gone")
	s.org("Orphan School", "school", "")
	s.person("Orphan", Principal, "Orphan School")
	for name, want := range map[string]bool{
		"All": true, "Head": false, "Teach": false, "Past": false, "Gone": false, "Orphan": false, "Nobody": false,
	} {
		if got := s.f.IsDistrictStaff(id(name)); got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
}

func TestR25TheOneSchoolOfASmallDistrictIsTheDistrict(t *testing.T) {
	s := newSchool(t)
	clear(s.f.Orgs)
	s.org("North School", "school", "")
	s.org("Maths Department", "department", "North School")
	s.person("Head", Principal, "North School")
	s.person("Maths", Administrator, "Maths Department")
	if !s.f.IsDistrictStaff(id("Head")) || s.f.IsDistrictStaff(id("Maths")) {
		t.Error("want the principal of the only school, and nobody of its department")
	}
	s.org("South School", "school", "")
	if s.f.IsDistrictStaff(id("Head")) {
		t.Error("of two schools neither is the district")
	}
}
