package roster

import "testing"

func TestABarIsBetweenSomebodyLikeAGuardianAndSomebodyLikeAStudent(t *testing.T) {
	s, algebra := algebra(t)
	s.person("Tom", Parent, "North School") // of nobody here
	s.person("Sue", Teacher, "North School")
	s.guardian("Sue", Parent, "Leo") // by the tie alone
	s.role("Left", RoleAt{Org: id("North School"), Role: Student, End: today})
	s.enrol("Guest", Student, algebra) // by no role
	for pair, want := range map[[2]string]Barring{
		{"Ana", "Leo"}:   {Guardian: true, Student: true, Tied: true},
		{"Tom", "Leo"}:   {Guardian: true, Student: true},
		{"Sue", "Leo"}:   {Guardian: true, Student: true, Tied: true},
		{"Ana", "Left"}:  {Guardian: true, Student: true},
		{"Ana", "Guest"}: {Guardian: true, Student: true},
		{"Ruiz", "Leo"}:  {Student: true},
		{"Ana", "Ruiz"}:  {Guardian: true},
		{"Leo", "Ana"}:   {},
	} {
		if got := s.f.Barring(id(pair[0]), id(pair[1])); got != want {
			t.Errorf("%s from %s: %+v, want %+v", pair[0], pair[1], got, want)
		}
	}
}
