package roster

import (
	"errors"
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
