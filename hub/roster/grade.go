package roster

import (
	"cmp"
	"slices"
	"strings"
)

// grades are the codes of CEDS that tell of an age, the youngest first: infant
// or toddler, preschool, pre-kindergarten, transitional kindergarten,
// kindergarten, 1st to 13th grade, postsecondary. UG (ungraded) and Other tell
// of none, and so are not among them. Settings.StudentsFrom is one of these.
// https://ceds.ed.gov/element/000100
var grades = []string{
	"IT", "PR", "PK", "TK", "KG",
	"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "PS",
}

// gradeRank is the place of a code among grades, -1 where it tells of no age.
// A grade of one digit is taken as one of two.
func gradeRank(code string) int {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) == 1 {
		code = "0" + code
	}
	return slices.Index(grades, code)
}

// CompareGrades orders codes by the age that they tell of, the youngest first;
// those that tell of none come last, by their letters.
func CompareGrades(a, b string) int {
	rank := func(code string) int {
		if r := gradeRank(code); r >= 0 {
			return r
		}
		return len(grades)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

// oldEnough says whether a student of those grades may be written to where
// students are from that grade on (R27). Of several grades the lowest counts.
// Whose grade is unknown is too young, and so is everybody where from itself is
// no grade: their guardians can be written to.
func oldEnough(of []string, from string) bool {
	if from == "" {
		return true
	}
	least := gradeRank(from)
	if least < 0 || len(of) == 0 {
		return false
	}
	return !slices.ContainsFunc(of, func(code string) bool { return gradeRank(code) < least })
}
