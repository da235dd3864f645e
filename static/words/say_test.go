package words

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

func TestWordsAreSaidInTheFormOfTheirNumber(t *testing.T) {
	c := load(t)
	for _, test := range []struct {
		lang, key, want string
		n               int64
	}{
		{"en", "js_new", "1 new", 1},
		{"en", "js_unread", "0 unread messages", 0},
		{"en", "js_minutes_ago", "12 minutes ago", 12},
		{"es", "js_hours_ago", "hace 1 hora", 1},
		{"es", "js_hours_ago", "hace 3 horas", 3},
		{"es", "js_unread", "1000000 de mensajes sin leer", 1_000_000},
	} {
		if got := c.Language(test.lang).Count(test.key, test.n); got != test.want {
			t.Errorf("%s %s %d = %q, want %q", test.lang, test.key, test.n, got, test.want)
		}
	}
}

func TestAPlaceholderTakesWhatIsGivenAndRunsNothingInIt(t *testing.T) {
	got := load(t).Language("en").Say("person_part", "name", "{part}{{.}}", "part", "{name}")
	if want := "{part}{{.}}, {name}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheLanguageIsTheOneAskedForElseEnglish(t *testing.T) {
	c := load(t)
	for wish, want := range map[string]string{
		"es": "es", "es-MX": "es", "fr, es;q=0.5, en;q=0.3": "es", "fr": "en", "": "en",
		"de-DE,de;q=0.9,en;q=0.8": "en", "!!": "en",
	} {
		if got := c.Language(wish).Tag; got != want {
			t.Errorf("Language(%q) = %s, want %s", wish, got, want)
		}
	}
	if got := c.Language("", "es", "en").Tag; got != "es" {
		t.Errorf("the first wish that is any comes first, got %s", got)
	}
}

func TestNamesAreJoinedAsOneSaysThem(t *testing.T) {
	en, es := load(t).Language("en"), load(t).Language("es")
	for _, test := range []struct{ got, want string }{
		{en.List(nil), ""},
		{en.List([]string{"Ana"}), "Ana"},
		{en.List([]string{"Ana", "Leo", "Mr Chen"}), "Ana, Leo and Mr Chen"},
		{es.List([]string{"Ana", "Leo"}), "Ana y Leo"},
		{en.Short([]string{"Ana", "Leo", "Eva", "Max"}, 2), "Ana, Leo and 2 more"},
		{en.ShortParts([]string{"Ana, parent", "Leo, student"}, 3), "Ana, parent; Leo, student"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestAPartSaysThroughWhomSomebodyTakesPart(t *testing.T) {
	leo, eva, max, kim := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	called := map[uuid.UUID]string{leo: "Leo", eva: "Eva", max: "Max", kim: "Kim"}
	first := func(id uuid.UUID) string { return called[id] }
	en := load(t).Language("en")
	tie := func(part roster.Part, student uuid.UUID, detail string) roster.Tie {
		return roster.Tie{Part: part, Student: student, Detail: detail}
	}
	for want, ties := range map[string][]roster.Tie{
		"student":             {tie(roster.AsStudent, leo, "")},
		"parent of Leo":       {tie(roster.AsGuardian, leo, "parent")},
		"principal":           {tie(roster.AsStaff, uuid.Nil, "principal")},
		"teaches Leo Algebra": {tie(roster.AsTeacher, leo, "Algebra")},
		"school staff":        {tie(roster.AsStaff, leo, "janitor")},
		"parent of Leo and Eva": {
			tie(roster.AsGuardian, leo, "parent"), tie(roster.AsGuardian, eva, "parent")},
		"parent of Leo and relative of Eva": {
			tie(roster.AsGuardian, leo, "parent"), tie(roster.AsGuardian, eva, "relative")},
		"teaches Leo, Eva, Max and 1 more Algebra": {
			tie(roster.AsTeacher, leo, "Algebra"), tie(roster.AsTeacher, eva, "Algebra"),
			tie(roster.AsTeacher, max, "Algebra"), tie(roster.AsTeacher, kim, "Algebra")},
	} {
		if got := en.Part(ties, first); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestATimeIsRelativeForADayAndThenExactInTheReadersZone(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 10, 15, 0, 30, 0, 0, time.UTC)
	en, es := load(t).Language("en"), load(t).Language("es")
	for _, test := range []struct {
		lang *Language
		ago  time.Duration
		want string
	}{
		{en, -time.Second, "just now"},
		{en, 59 * time.Second, "just now"},
		{en, 12 * time.Minute, "12 minutes ago"},
		{en, 23*time.Hour + 59*time.Minute, "23 hours ago"},
		{en, 29*time.Hour + 10*time.Minute, "Tue 13 Oct, 15:20"},
		{es, 29*time.Hour + 10*time.Minute, "mar 13 oct, 15:20"},
		{en, 400 * 24 * time.Hour, "Tue 9 Sep 2025, 20:30"},
	} {
		if got := test.lang.Moment(now.Add(-test.ago), now, newYork).Said(); got != test.want {
			t.Errorf("%v ago: %q, want %q", test.ago, got, test.want)
		}
	}
	m := en.Moment(now.Add(-time.Hour), now, newYork)
	if m.Exact != "Wed 14 Oct, 19:30" || m.Full != "Wed 14 Oct 2026, 19:30 EDT" || m.ISO != "2026-10-14T23:30:00Z" {
		t.Errorf("the exact time is there beside the relative one, got %+v", m)
	}
}

func TestADayIsSaidAsOneSaysItToday(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	en := load(t).Language("en")
	for want, at := range map[string]time.Time{
		"09:05":       now.Add(-2*time.Hour - 55*time.Minute),
		"Monday":      now.Add(-13 * time.Hour),
		"14 Nov":      now.AddDate(0, 0, -10),
		"24 Nov 2025": now.AddDate(-1, 0, 0),
	} {
		if got := en.Day(at, now, time.UTC); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestANameFromRightToLeftIsKeptToItself(t *testing.T) {
	if got := Isolate("Ana"); got != "Ana" {
		t.Errorf("got %q", got)
	}
	if got := Isolate("فاطمة"); got != "\u2068فاطمة\u2069" {
		t.Errorf("got %q", got)
	}
}
