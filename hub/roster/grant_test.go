package roster

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

// clinic is algebra with people of staff whom the roster lets reach no one, and
// a student of another school.
func clinic(t *testing.T) (*school, *Section) {
	s, algebra := algebra(t)
	s.person("Nurse", Teacher, "North School") // as OneRoster 1.1 exports one
	s.person("Aide", Aide, "North School")
	s.person("Sam", Student, "South School")
	s.person("Mum", Parent, "South School")
	s.guardian("Mum", Parent, "Sam")
	return s, algebra
}

func (s *school) grant(g Grant) { s.f.Grants = append(s.f.Grants, g) }

func TestR3StaffWithoutReachReachWhatTheDistrictGivesThem(t *testing.T) {
	s, algebra := clinic(t)
	s.judges(
		asked{"without a grant", "Nurse", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"an aide without one", "Aide", AsWorker, to("Leo", "Leo"), NoReach},
	)
	s.grant(Grant{Person: id("Nurse"), Org: id("North School")})
	s.grant(Grant{Person: id("Aide"), Students: []uuid.UUID{id("Sam")}})
	s.judges(
		asked{"a student of the school", "Nurse", AsWorker, to("Leo", "Leo"), ByGrant},
		asked{"their guardian", "Nurse", AsWorker, to("Ana", "Leo"), ByGrant},
		asked{"a student elsewhere", "Nurse", AsWorker, to("Sam", "Sam"), NoReach},
		asked{"a listed student", "Aide", AsWorker, to("Sam", "Sam"), ByGrant},
		asked{"the guardian of one", "Aide", AsWorker, to("Mum", "Sam"), ByGrant},
		asked{"who is not listed", "Aide", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"staff", "Nurse", AsWorker, to("Ruiz", "Ruiz"), StaffToStaff},
	)
	s.f.Grants = nil
	s.grant(Grant{Person: id("Nurse"), Section: algebra.ID})
	s.enrol("Sam", Student, algebra)
	s.person("Else", Student, "North School")
	s.judges(
		asked{"a student of the class", "Nurse", AsWorker, to("Sam", "Sam"), ByGrant},
		asked{"one of the same school", "Nurse", AsWorker, to("Else", "Else"), NoReach},
	)
}

func TestR3AGrantToARoleIsForWhoHoldsItThereToday(t *testing.T) {
	s, algebra := clinic(t)
	s.person("Far", Aide, "South School")
	s.person("Below", Aide, "Maths Department")
	s.role("Former", RoleAt{Org: id("North School"), Role: Aide, End: today})
	s.role("Former", RoleAt{Org: id("North School"), Role: Proctor})
	s.person("Between", Teacher, "North School")
	s.enrol("Between", Teacher, &Section{ID: id("Last year"), Terms: []Term{{End: today}}})
	s.grant(Grant{Role: Aide, RoleOrg: id("North School"), Org: id("Lakeside District")})
	s.grant(Grant{Role: TeacherWithoutClasses, RoleOrg: id("North School"), Section: algebra.ID})
	s.judges(
		asked{"an aide there", "Aide", AsWorker, to("Sam", "Sam"), ByGrant},
		asked{"an aide below it", "Below", AsWorker, to("Sam", "Sam"), ByGrant},
		asked{"an aide of another school", "Far", AsWorker, to("Sam", "Sam"), NoReach},
		asked{"an aide no longer", "Former", AsWorker, to("Sam", "Sam"), NoReach},
		asked{"a teacher without classes", "Nurse", AsWorker, to("Leo", "Leo"), ByGrant},
		asked{"a teacher between two terms", "Between", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"a teacher of the class", "Ruiz", AsWorker, to("Leo", "Leo"), BySection},
	)
}

func TestR3AGrantEndsOnItsDayAndWhenItIsRevoked(t *testing.T) {
	s, _ := clinic(t)
	s.grant(Grant{Person: id("Nurse"), Org: id("North School"), Until: today + 1})
	s.grant(Grant{Person: id("Aide"), Org: id("North School"), EndedAt: time.Unix(1, 0)})
	s.judges(
		asked{"on its last day", "Nurse", AsWorker, to("Leo", "Leo"), ByGrant},
		asked{"once it was revoked", "Aide", AsWorker, to("Leo", "Leo"), NoReach},
	)
	s.f.Today = today + 1
	s.judges(asked{"on the day it ends", "Nurse", AsWorker, to("Leo", "Leo"), NoReach})
	if scope := s.f.Scope(id("Nurse")); !scope.Empty() {
		t.Errorf("the scope on the day it ends: %+v", scope)
	}
}

// "families do not gain the right to start conversations with the grantee", and
// what is stronger than a grant.
func TestR3AGrantOpensNothingElse(t *testing.T) {
	s, _ := clinic(t)
	s.grant(Grant{Person: id("Nurse"), Org: id("North School")})
	s.grant(Grant{Person: id("Mum"), Org: id("North School")})
	s.person("Out", Aide, "North School")
	s.gone("Out")
	s.grant(Grant{Person: id("Out"), Org: id("North School")})
	s.bar("Ana", "Leo")
	s.judges(
		asked{"a family writes to the grantee", "Leo", AsFamily, to("Nurse", "Leo"), NotTeacherNow},
		asked{"who is no staff", "Mum", AsWorker, to("Leo", "Leo"), NotStaff},
		asked{"who is gone", "Out", AsWorker, to("Leo", "Leo"), PersonGone},
		asked{"a guardian who is kept from the student", "Nurse", AsWorker, to("Ana", "Leo"), Barred},
	)
	for _, name := range []string{"Mum", "Out"} {
		if scope := s.f.Scope(id(name)); !scope.Empty() {
			t.Errorf("the scope of %s: %+v", name, scope)
		}
	}
	s.bar("Nurse", "Leo") // a guardian of hers
	s.judges(asked{"a grantee who is kept from the student", "Nurse", AsWorker, to("Leo", "Leo"), NoReach})
}

func TestAGrantIsSaidInWords(t *testing.T) {
	s, algebra := clinic(t)
	for want, g := range map[string]Grant{
		"allowed: access given by the district, North School":                          {Org: id("North School")},
		"allowed: access given by the district, Algebra 1, period 3, until 1 December": {Section: algebra.ID, Until: NewDate(2026, 12, 1)},
		"allowed: access given by the district":                                        {Students: []uuid.UUID{id("Leo")}},
	} {
		g.Person = id("Nurse")
		s.f.Grants = []Grant{g}
		if v := s.f.Judge(id("Nurse"), AsWorker, to("Leo", "Leo")); v.String() != want {
			t.Errorf("got %q, want %q", v, want)
		}
	}
}
