package roster

import (
	"slices"
	"testing"
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

func TestGradesAreOrderedByAge(t *testing.T) {
	got := []string{"12", "UG", "KG", "1", "09", "PK", "Other", "02", "PS"}
	slices.SortFunc(got, CompareGrades)
	if want := []string{"PK", "KG", "1", "02", "09", "12", "PS", "Other", "UG"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
