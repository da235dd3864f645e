package roster

import (
	"slices"
	"testing"
)

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

	if got := s.f.RequiredGuardians(id("Ruiz"), AsWorker, asked); got != nil {
		t.Errorf("switched off: got %v", got)
	}
	s.f.District.Settings.GuardiansAlways = true
	ben := []Tie{{Person: id("Ben"), Part: AsGuardian, Student: id("Leo"), Detail: "parent"}}
	if got := s.f.RequiredGuardians(id("Ruiz"), AsWorker, asked); !slices.Equal(got, ben) {
		t.Errorf("switched on: got %v, want Ben beside Ana, who is in it", got)
	}
	if got := s.f.RequiredGuardians(id("Ruiz"), AsWorker, asked[1:]); got != nil {
		t.Errorf("without a student: got %v", got)
	}
	if got := s.f.RequiredGuardians(id("Ana"), AsFamily, []Recipient{to("Ruiz", "Leo")}); got != nil {
		t.Errorf("a guardian who writes: got %v, want nobody: no student is in it", got)
	}
	if got := s.f.RequiredGuardians(id("Leo"), AsFamily, []Recipient{to("Ruiz", "Leo")}); len(got) != 2 {
		t.Errorf("a student who writes: got %v, want Ana and Ben", got)
	}
}

// R27: "a student without an active, unrestricted guardian is then refused with
// that reason, on both sides".
func TestR27AStudentWithoutAGuardianIsRefusedOnBothSides(t *testing.T) {
	s, algebra := algebra(t)
	s.f.District.Settings.GuardiansAlways = true
	for _, student := range []string{"Alone", "Kept", "Left"} {
		s.person(student, Student, "North School")
		s.enrol(student, Student, algebra)
	}
	s.person("Bo", Guardian, "North School")
	s.guardian("Bo", Parent, "Kept")
	s.bar("Bo", "Kept")
	s.person("Cy", Guardian, "North School")
	s.guardian("Cy", Parent, "Left")
	s.gone("Cy")
	s.person("Pat", Principal, "North School")
	s.judges(
		asked{"a student without a guardian", "Ruiz", AsWorker, to("Alone", "Alone"), NoGuardian},
		asked{"a student whose only guardian is kept from them", "Ruiz", AsWorker, to("Kept", "Kept"), NoGuardian},
		asked{"a student whose only guardian is inactive", "Pat", AsWorker, to("Left", "Left"), NoGuardian},
		asked{"a student without a guardian who writes", "Alone", AsFamily, to("Ruiz", "Alone"), NoGuardian},
		asked{"a student whose guardian is kept from them who writes", "Kept", AsFamily, to("Ruiz", "Kept"), NoGuardian},
		asked{"a student out of reach", "Ruiz", AsWorker, to("Who", "Who"), NoReach},
		asked{"a student with a guardian", "Ruiz", AsWorker, to("Leo", "Leo"), BySection},
		asked{"a student with a guardian who writes", "Leo", AsFamily, to("Ruiz", "Leo"), ByTeacherOf},
		asked{"the guardian alone", "Ana", AsFamily, to("Ruiz", "Leo"), ByTeacherOf},
	)
	s.guardian("Ruiz", Parent, "Alone")
	s.judges(asked{"a sender who is the guardian", "Ruiz", AsWorker, to("Alone", "Alone"), BySection})
	s.f.District.Settings.GuardiansAlways = false
	s.judges(asked{"switched off", "Pat", AsWorker, to("Left", "Left"), ByOrg})
}

// R19: "a separate conversation with each guardian … never makes a private
// conversation with a student".
func TestR19SeparateConversationsWithGuardiansAreWithoutStudents(t *testing.T) {
	guardians, alone := GuardiansOnly([]Recipient{to("Leo", "Leo"), to("Ana", "Leo"), to("Eva", "Eva"), to("Kim", "Mia")})
	if want := []Recipient{to("Ana", "Leo"), to("Kim", "Mia")}; !slices.Equal(guardians, want) {
		t.Errorf("with %v, want %v", guardians, want)
	}
	if want := []Recipient{to("Eva", "Eva")}; !slices.Equal(alone, want) {
		t.Errorf("alone are %v, want Eva, of whom no guardian is a recipient", alone)
	}
}

// R7: "One class with all its guardians must fit".
func TestR7OneClassIsKnownByAClassThatAllAttendToday(t *testing.T) {
	s, algebra := algebra(t)
	biology := section("Biology", "4")
	s.enrol("Leo", Student, biology)
	s.person("Mia", Student, "North School")
	s.enrol("Mia", Student, biology)
	s.enrol("Ruiz", Student, biology)
	for name, c := range map[string]struct {
		to   []Recipient
		want bool
	}{
		"the class and its guardians":      {[]Recipient{to("Leo", "Leo"), to("Eva", "Eva"), to("Ana", "Eva")}, true},
		"the guardians alone":              {[]Recipient{to("Ana", "Leo"), to("Ana", "Eva")}, true},
		"students who share another class": {[]Recipient{to("Leo", "Leo"), to("Mia", "Mia")}, true},
		"students of two classes":          {[]Recipient{to("Eva", "Eva"), to("Mia", "Mia")}, false},
		"three of whom each pair shares":   {[]Recipient{to("Leo", "Leo"), to("Eva", "Eva"), to("Mia", "Mia")}, false},
		"somebody unknown":                 {[]Recipient{to("Leo", "Leo"), to("Who", "Who")}, false},
		"no one":                           {nil, false},
	} {
		if got := s.f.OneClass(c.to); got != c.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
	s.f.Today = algebra.Terms[0].End
	if s.f.OneClass([]Recipient{to("Leo", "Leo"), to("Eva", "Eva")}) {
		t.Error("the class has ended")
	}
}

// R19: "one conversation, in which all see all, or a separate conversation with
// each family; with each guardian separately is always on offer".
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
	if Group(nil, Together) != nil {
		t.Error("nobody is no group")
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

// R7: "a conversation has a recipient limit": who is named through several
// students counts once.
func TestR7PeopleAreCountedOnce(t *testing.T) {
	list := []Recipient{to("Leo", "Leo"), to("Ana", "Leo"), to("Ana", "Eva"), to("Ben", "Leo"), to("Kim", "Kim")}
	if n := People(list); n != 4 {
		t.Errorf("%d people, want Leo, Ana, Ben and Kim", n)
	}
	if n := Families(list); n != 3 {
		t.Errorf("%d families, want Leo's, Eva's and Kim's", n)
	}
	if People(nil) != 0 || Families(nil) != 0 {
		t.Error("nobody is counted")
	}
}
