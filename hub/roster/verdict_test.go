package roster

import (
	"testing"

	"github.com/google/uuid"
)

func TestVerdictsAreSaidInWords(t *testing.T) {
	s, _ := algebra(t)
	s.person("Head", Principal, "North School")
	for want, v := range map[string]Verdict{
		"allowed: Algebra 1, period 3, until 20 December":                          s.f.Judge(id("Ruiz"), AsWorker, to("Leo", "Leo")),
		"allowed: North School":                                                    s.f.Judge(id("Head"), AsWorker, to("Ana", "Leo")),
		"allowed: Algebra 1, Period 3":                                             {Allowed: true, Code: BySection, Section: "Algebra 1", Period: "Period 3"},
		"refused: does not teach this student today":                               s.f.Judge(id("Ana"), AsFamily, to("Head", "Leo")),
		"refused: no role and no section of the sender reaches this student today": s.f.Judge(id("Ruiz"), AsWorker, Recipient{id("Ana"), s.stranger()}),
	} {
		if v.String() != want {
			t.Errorf("got %q, want %q", v, want)
		}
	}
	for _, code := range []Code{NotYourself, NoSuchPerson, PersonGone, NotTied, Barred, TooYoung, NoGuardian, StudentAlone, NoReach, NotStaff,
		NotFamily, StaffToStaff, NotTeacherNow, NotYourStudent} {
		if reasons[code] == "" {
			t.Errorf("%s is not said in words", code)
		}
	}
}

func (s *school) stranger() uuid.UUID {
	s.person("Stranger", Student, "South School")
	return id("Stranger")
}
