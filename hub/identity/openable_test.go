package identity

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestAnAddressOpensWhomR28Says(t *testing.T) {
	guardian, student, teacher := Holder{Guardian: true}, Holder{Student: true}, Holder{Staff: true}
	both, nobody := Holder{Staff: true, Guardian: true}, Holder{}
	confirmed := func(h Holder) Holder { h.Confirmed = true; return h }
	for name, c := range map[string]struct {
		holders []Holder
		opens   int
	}{
		"nobody has it":                            {nil, 0},
		"one guardian":                             {[]Holder{guardian}, 1},
		"one student":                              {[]Holder{student}, 1},
		"one teacher":                              {[]Holder{teacher}, 1},
		"one who is teacher and guardian":          {[]Holder{both}, 1},
		"one without a role":                       {[]Holder{nobody}, 1},
		"a household's guardians":                  {[]Holder{guardian, guardian, guardian}, 3},
		"a guardian and a student":                 {[]Holder{guardian, student}, 0},
		"a guardian and a teacher":                 {[]Holder{guardian, teacher}, 0},
		"a guardian and one who is also a teacher": {[]Holder{guardian, both}, 0},
		"two students":                             {[]Holder{student, student}, 0},
		"two teachers, say office@":                {[]Holder{teacher, teacher}, 0},
		"a guardian and one without a role":        {[]Holder{guardian, nobody}, 0},
		"a student, confirmed, and a guardian":     {[]Holder{confirmed(student), guardian}, 1},
		"a guardian, confirmed, and another":       {[]Holder{guardian, confirmed(guardian)}, 1},
		"two teachers, both confirmed":             {[]Holder{confirmed(teacher), confirmed(teacher)}, 0},
	} {
		if got := openable(c.holders); len(got) != c.opens {
			t.Errorf("%s: opens %d, want %d", name, len(got), c.opens)
		}
	}
}

func TestWhoSharesAnAddressWithStaffOrAStudentIsNeverOneOfSeveral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		holders := make([]Holder, rapid.IntRange(0, 5).Draw(t, "holders"))
		for i := range holders {
			holders[i] = Holder{
				Person: uuid.New(), Staff: rapid.Bool().Draw(t, "staff"), Student: rapid.Bool().Draw(t, "student"),
				Guardian: rapid.Bool().Draw(t, "guardian"), Confirmed: rapid.Bool().Draw(t, "confirmed"),
			}
		}
		open := openable(holders)
		for _, h := range open {
			if len(open) > 1 && (h.Staff || h.Student) {
				t.Fatalf("%+v is one of %d", h, len(open))
			}
		}
		if len(open) == 1 && len(holders) > 1 && !open[0].Confirmed {
			t.Fatalf("one of %d opens unconfirmed: %+v", len(holders), open[0])
		}
	})
}
