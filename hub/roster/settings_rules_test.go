package roster

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
)

// R27: "students are written to only from a grade on".
func TestR27StudentsAreWrittenToFromAGradeOn(t *testing.T) {
	for _, c := range []struct {
		from   string
		grades []string
		want   Code
	}{
		{"", nil, BySection},
		{"", []string{"IT"}, BySection},
		{"09", []string{"09"}, BySection},
		{"09", []string{"9"}, BySection},
		{"09", []string{"12"}, BySection},
		{"09", []string{"PS"}, BySection},
		{"09", []string{"08"}, TooYoung},
		{"09", []string{"KG"}, TooYoung},
		{"KG", []string{"TK"}, TooYoung},
		{"TK", []string{"PK"}, TooYoung},
		{"PK", []string{"PR"}, TooYoung},
		{"PR", []string{"IT"}, TooYoung},
		{"01", []string{"kg"}, TooYoung},
		{"09", []string{"08", "09"}, TooYoung}, // in both: the lower counts
		{"09", nil, TooYoung},                  // nobody knows
		{"09", []string{"UG"}, TooYoung},
		{"09", []string{"Other"}, TooYoung},
		{"09", []string{"freshman"}, TooYoung},
		{"nonsense", []string{"12"}, TooYoung},
	} {
		s, _ := algebra(t)
		s.f.District.Settings.StudentsFrom = c.from
		s.change("Leo", func(p *PersonFacts) { p.Grades = c.grades })
		if v := s.f.Judge(id("Ruiz"), AsWorker, to("Leo", "Leo")); v.Code != c.want {
			t.Errorf("from %q, a student of %q: %s, want %s", c.from, c.grades, v.Code, c.want)
		}
		if v := s.f.Judge(id("Ruiz"), AsWorker, to("Ana", "Leo")); !v.Allowed {
			t.Errorf("from %q, the guardian of a student of %q: %s", c.from, c.grades, v)
		}
	}
}

func TestR27WhoIsTooYoungToBeWrittenToMayWrite(t *testing.T) {
	s, _ := algebra(t)
	s.f.District.Settings.StudentsFrom = "12"
	s.judges(asked{"R4 stands", "Leo", AsFamily, to("Ruiz", "Leo"), ByTeacherOf})
}

func TestTheGradesOfTheSettingAreInOrder(t *testing.T) {
	for i, code := range grades {
		if gradeRank(code) != i {
			t.Errorf("%s is at %d, want %d", code, gradeRank(code), i)
		}
	}
	if grades[0] != "IT" || grades[len(grades)-1] != "PS" || len(grades) != 19 {
		t.Errorf("got %v", grades)
	}
}

// R27: "guardians are always recipients where a student is".
func TestR27GuardiansAreAlwaysRecipientsWhereAStudentIs(t *testing.T) {
	s, _ := algebra(t)
	for _, other := range []string{"Barred", "Gone", "Ben"} {
		s.person(other, Parent, "North School")
		s.guardian(other, Parent, "Leo")
	}
	s.bar("Barred", "Leo")
	s.gone("Gone")
	s.guardian("Ruiz", Relative, "Leo") // the sender: in it already
	asked := []Recipient{to("Leo", "Leo"), to("Ana", "Leo"), to("Ana", "Eva")}

	got, err := s.f.Companions(id("Ruiz"), AsWorker, asked, PerFamily)
	if err != nil || got != nil {
		t.Errorf("switched off: got %v, %v", got, err)
	}
	s.f.District.Settings.GuardiansAlways = true
	ben := []Tie{{Person: id("Ben"), Part: AsGuardian, Student: id("Leo"), Detail: "parent"}}
	got, err = s.f.Companions(id("Ruiz"), AsWorker, asked, PerFamily)
	if err != nil || !slices.Equal(got, ben) {
		t.Errorf("switched on: got %v, %v, want Ben beside Ana, who is in it", got, err)
	}
	if _, err = s.f.Companions(id("Ruiz"), AsWorker, asked, PerGuardian); !errors.Is(err, ErrGuardiansAlways) {
		t.Errorf("with each guardian separately: got %v", err)
	}
	got, err = s.f.Companions(id("Ruiz"), AsWorker, asked[1:], PerGuardian)
	if err != nil || got != nil {
		t.Errorf("with each guardian separately, without a student: got %v, %v", got, err)
	}
	got, err = s.f.Companions(id("Ana"), AsFamily, []Recipient{to("Ruiz", "Leo")}, Together)
	if err != nil || got != nil {
		t.Errorf("a guardian who writes: got %v, %v, want nobody: no student is in it", got, err)
	}
	got, err = s.f.Companions(id("Leo"), AsFamily, []Recipient{to("Ruiz", "Leo")}, Together)
	if err != nil || len(got) != 2 {
		t.Errorf("a student who writes: got %v, %v, want Ana and Ben", got, err)
	}
}

// R19: "one conversation, in which all see all, or a separate conversation with
// each family; with each guardian separately is always on offer". R7 counts
// people, so that nobody counts twice.
func TestR19RecipientsAreTogetherOrSeparately(t *testing.T) {
	list := []Recipient{to("Leo", "Leo"), to("Ana", "Leo"), to("Ana", "Eva"), to("Ben", "Leo"), to("Kim", "Kim")}
	for mode, want := range map[Mode][][]Recipient{
		Together:  {list},
		"":        {list},
		PerFamily: {{list[0], list[1], list[3]}, {list[2]}, {list[4]}},
		PerGuardian: {
			{list[0]}, {list[1], list[2]}, {list[3]}, {list[4]},
		},
	} {
		got := Group(list, mode)
		if !slices.EqualFunc(got, want, slices.Equal[[]Recipient]) {
			t.Errorf("%q: got %v, want %v", mode, got, want)
		}
	}
	if n := Families(list); n != 3 {
		t.Errorf("%d families, want Leo's, Eva's and Kim's", n)
	}
	if n := People(list); n != 4 {
		t.Errorf("%d people, want Leo, Ana, Ben and Kim", n)
	}
	if Group(nil, Together) != nil || Families(nil) != 0 {
		t.Error("nobody is no group and no family")
	}
	for _, m := range []Mode{Together, PerFamily, PerGuardian} {
		if !m.Known() {
			t.Errorf("%s is not known", m)
		}
	}
	if Mode("").Known() || Mode("all").Known() {
		t.Error("what is no mode is known")
	}
}

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
	for _, code := range []Code{NotYourself, NoSuchPerson, PersonGone, NotTied, Barred, TooYoung, NoReach, NotStaff,
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
