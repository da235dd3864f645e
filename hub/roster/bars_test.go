package roster

import (
	"slices"
	"testing"

	"github.com/google/uuid"
)

// R26: "The district can bar a guardian from a student (a court order, say)".
func TestR26ABarredGuardianIsKeptFromTheStudentBothWays(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Head", Principal, "Lakeside District")
	s.bar("Ana", "Leo")
	s.judges(
		asked{"the teacher to them", "Ruiz", AsWorker, to("Ana", "Leo"), Barred},
		asked{"the district to them", "Head", AsWorker, to("Ana", "Leo"), Barred},
		asked{"they to that student's teacher", "Ana", AsFamily, to("Ruiz", "Leo"), NotYourStudent},
		asked{"the student themself is written to", "Ruiz", AsWorker, to("Leo", "Leo"), BySection},
		asked{"about their other child", "Ruiz", AsWorker, to("Ana", "Eva"), BySection},
		asked{"and they about that one", "Ana", AsFamily, to("Ruiz", "Eva"), ByTeacherOf},
	)
	s.person("Ana", Teacher, "North School")
	s.enrol("Ana", Teacher, algebra)
	s.judges(
		asked{"not as that student's teacher either", "Ana", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"as teacher of others", "Ana", AsWorker, to("Eva", "Eva"), BySection},
		asked{"the student to them as teacher", "Leo", AsFamily, to("Ana", "Leo"), NotTeacherNow},
	)
	if scope := s.f.Scope(id("Ana")); !slices.Equal(scope.Except, []uuid.UUID{id("Leo")}) || len(scope.Sections) != 1 {
		t.Errorf("the scope is %+v, want the section without Leo", scope)
	}
	if scope := s.f.Scope(id("Leo")); len(scope.Except) != 0 {
		t.Errorf("the student is barred from %v", scope.Except)
	}
}

// "… as an overlay that no import undoes".
func TestR26ABarHoldsWhateverTheRosterSaysOfTheTie(t *testing.T) {
	s, _ := algebra(t)
	s.person("Tom", Parent, "North School") // the roster no longer ties them
	s.bar("Tom", "Leo")
	s.guardian("Tom", Parent, "Eva")
	s.judges(
		asked{"without a tie", "Tom", AsFamily, to("Ruiz", "Leo"), NotYourStudent},
		asked{"to them without a tie", "Ruiz", AsWorker, to("Tom", "Leo"), Barred},
	)
	s.guardian("Tom", Parent, "Leo") // an import brought it back
	s.judges(
		asked{"with the tie again", "Tom", AsFamily, to("Ruiz", "Leo"), NotYourStudent},
		asked{"to them with the tie again", "Ruiz", AsWorker, to("Tom", "Leo"), Barred},
	)
}

func TestR26WhoIsBarredIsToldToNobodyOutOfReach(t *testing.T) {
	s, _ := algebra(t)
	s.bar("Ana", "Leo")
	s.person("Far", Principal, "South School")
	s.person("Bo", Parent, "North School")
	s.person("Kim", Student, "North School")
	s.guardian("Bo", Parent, "Kim")
	s.judges(
		asked{"staff of another school", "Far", AsWorker, to("Ana", "Leo"), NoReach},
		asked{"another family", "Bo", AsFamily, to("Ana", "Leo"), NotYourStudent},
	)
}

// What is asked about a student out of reach has one answer, whoever they are.
func TestStaffLearnNothingOfWhomTheyDoNotReach(t *testing.T) {
	s, _ := algebra(t)
	s.person("Far", Principal, "South School")
	s.person("Mum", Parent, "South School")
	s.person("Moved", Student, "North School")
	s.gone("Moved")
	s.role("Left", RoleAt{Org: id("South School"), Role: Student, End: today})
	s.person("Barred", Teacher, "South School")
	s.bar("Barred", "Leo")
	s.judges(
		asked{"a student", "Far", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"their guardian", "Far", AsWorker, to("Ana", "Leo"), NoReach},
		asked{"who is not their guardian", "Far", AsWorker, to("Mum", "Leo"), NoReach},
		asked{"a colleague as their guardian", "Far", AsWorker, to("Ruiz", "Leo"), NoReach},
		asked{"nobody as their guardian", "Far", AsWorker, to("Who", "Leo"), NoReach},
		asked{"a student who is gone", "Far", AsWorker, to("Moved", "Moved"), NoReach},
		asked{"a student no more", "Far", AsWorker, to("Left", "Left"), NoReach},
		asked{"a guardian in a student's place", "Far", AsWorker, to("Mum", "Mum"), NoReach},
		asked{"nobody in a student's place", "Far", AsWorker, to("Who", "Who"), NoReach},
		asked{"a student they are barred from", "Barred", AsWorker, to("Leo", "Leo"), NoReach},
		asked{"that a colleague is one is no secret", "Far", AsWorker, to("Ruiz", "Ruiz"), StaffToStaff},
	)
}

// R24: a person who is gone is out; their ties wait for them.
func TestR24WhoIsGoneIsNotWrittenTo(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Tom", Parent, "North School")
	s.guardian("Tom", Parent, "Leo")
	s.gone("Tom")
	s.gone("Eva")
	s.judges(
		asked{"a guardian who is gone", "Ruiz", AsWorker, to("Tom", "Leo"), PersonGone},
		asked{"a student who is gone", "Ruiz", AsWorker, to("Eva", "Eva"), PersonGone},
		asked{"the guardian of one who is gone", "Ruiz", AsWorker, to("Ana", "Eva"), PersonGone},
		asked{"who is gone writes to nobody", "Tom", AsFamily, to("Ruiz", "Leo"), PersonGone},
		asked{"about a child who is gone", "Ana", AsFamily, to("Ruiz", "Eva"), PersonGone},
	)
	s.enrol("Guest", Student, algebra) // by no role
	s.gone("Guest")
	if ties := s.f.SenderTies(id("Ruiz"), AsWorker, []Recipient{to("Guest", "Guest")}); len(ties) != 1 || ties[0].Part != AsStaff {
		t.Errorf("the tie to a student who is gone: %v", ties)
	}
	s.change("Tom", func(p *PersonFacts) { p.Gone = false })
	s.judges(
		asked{"back again, they are written to", "Ruiz", AsWorker, to("Tom", "Leo"), BySection},
		asked{"and write", "Tom", AsFamily, to("Ruiz", "Leo"), ByTeacherOf},
	)
}
