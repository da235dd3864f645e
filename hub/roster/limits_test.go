package roster

import "testing"

func TestAnImportTakesATenthWithoutAFlagAndNoMore(t *testing.T) {
	for _, c := range []struct {
		kind      Kind
		had, gone int
		want      string
	}{
		{KindPerson, 200, 20, ""},
		{KindPerson, 200, 21, "would remove 21 of 200 people (at most a tenth: 20)"},
		{KindGuardianship, 100, 11, "would remove 11 of 100 ties of guardians (at most a tenth: 10)"},
		{KindEnrolment, 1000, 101, "would remove 101 of 1000 enrolments (at most a tenth: 100)"},
		{KindRole, 50, 6, "would remove 6 of 50 roles (at most a tenth: 5)"},
		{KindSection, 50, 50, "would remove 50 of 50 sections (at most a tenth: 5)"},
		{KindTerm, 2, 1, ""},
		{KindTerm, 2, 2, "would remove 2 of 2 terms (at most a tenth: 1)"},
		{KindOrg, 30, 4, "would remove 4 of 30 organisations (at most a tenth: 3)"},
		{KindPerson, 3, 1, ""}, // a tenth of three is rounded up
		{KindPerson, 11, 2, ""},
		{KindPerson, 11, 3, "would remove 3 of 11 people (at most a tenth: 2)"},
		{KindPerson, 0, 0, ""},
	} {
		s := newSummary()
		s.Had[c.kind], s.Gone[c.kind] = c.had, c.gone
		got := CheckLimits(s, nil, 0)
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s: %d of %d are refused: %s", c.kind, c.gone, c.had, got[0])
		case c.want != "" && (len(got) != 1 || got[0].String() != c.want):
			t.Errorf("%s: got %v, want %q", c.kind, got, c.want)
		}
	}
}

func TestAnImportSealsAHandfulOfConversationsWithoutAFlag(t *testing.T) {
	if got := CheckLimits(newSummary(), nil, 5); len(got) != 0 {
		t.Errorf("five are refused: %v", got)
	}
	got := CheckLimits(newSummary(), nil, 6)
	if len(got) != 1 || got[0].String() != "would seal 6 conversations (at most 5)" {
		t.Errorf("six: got %v", got)
	}
}

func TestAFileCutShortIsOverTheLimit(t *testing.T) {
	short := but(func(s *Snapshot) { s.People, s.Enrolments = s.People[:1], nil })
	over := CheckLimits(Compare(imported(), short).Summary, nil, 0)
	if len(over) != 2 || over[0].What != "people" || over[0].Takes != 3 || over[1].What != "enrolments" || over[1].Takes != 3 {
		t.Errorf("got %v", over)
	}
}
