package hub

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWhatIsTypedIsCleanedAndNothingElseIsChanged(t *testing.T) {
	for name, c := range map[string]struct{ typed, kept string }{
		"line breaks of all systems are one":     {"a\r\nb\rc\nd", "a\nb\nc\nd"},
		"the ends are trimmed":                   {"\n  hello \t\n", "hello"},
		"control characters are left out":        {"a\x01b\x1b[31mc\x7f\u0085", "ab[31mc"},
		"tabs stay":                              {"a\tb", "a\tb"},
		"any script stays":                       {"مرحبا 你好 Привет 👩‍👧", "مرحبا 你好 Привет 👩‍👧"},
		"blank lines within stay":                {"a\n\n\nb", "a\n\n\nb"},
		"markup is text like any other":          {"<b>a</b> & <script>", "<b>a</b> & <script>"},
		"right-to-left marks stay":               {"\u200fabc", "\u200fabc"},
		"bidirectional controls stay":            {"a\u202eb\u202c\u2067c\u2069\u061cd", "a\u202eb\u202c\u2067c\u2069\u061cd"},
		"a replacement character is a character": {"a\ufffdb", "a\ufffdb"},
	} {
		if got := clean(c.typed); got != c.kept {
			t.Errorf("%s: %q became %q, want %q", name, c.typed, got, c.kept)
		}
	}
	if got := cleanLine(" a\nb \t c "); got != "a b c" {
		t.Errorf("a subject is one line: %q", got)
	}
}

func TestWhatCouldOnlyBeKeptAsSomethingElseIsRefused(t *testing.T) {
	for _, illegible := range []string{"a\xffb", "\xed\xa0\x80", "a\x00b", "\x00"} {
		for name, read := range map[string]func(string, string, int) (string, error){"paragraphs": paragraphs, "line": line} {
			var e *Error
			if _, err := read("body", illegible, 10); !errors.As(err, &e) || e.Code != CodeInvalid || e.Field != "body" || e.Detail == "" {
				t.Errorf("%s %q: %v, want body invalid", name, illegible, err)
			}
		}
	}
}

func TestALetterMustShowSomething(t *testing.T) {
	for _, empty := range []string{"", "\u200b", "\u200b \u2060", "\ufeff"} {
		var e *Error
		if err := check("body", empty, 10); !errors.As(err, &e) || e.Code != CodeRequired || e.Field != "body" {
			t.Errorf("%q: %v, want body required", empty, err)
		}
	}
	for _, something := range []string{".", "a", "👍", "好"} {
		if err := check("body", something, 10); err != nil {
			t.Errorf("%q: %v", something, err)
		}
	}
}

func TestALimitCountsCharactersAndSaysHowMany(t *testing.T) {
	if err := check("body", strings.Repeat("好", 10), 10); err != nil {
		t.Errorf("ten characters of at most ten: %v", err)
	}
	var e *Error
	if err := check("body", strings.Repeat("好", 11), 10); !errors.As(err, &e) ||
		e.Code != CodeTooLong || e.Limit != 10 || e.Got != 11 {
		t.Errorf("eleven characters of at most ten: %v", err)
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "a\r\nb", "\x00", "\xff\xfe", "👩‍👧", " a "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if legible("body", s) != nil {
			return
		}
		once := clean(s)
		if !utf8.ValidString(once) || strings.ContainsAny(once, "\x00\r") {
			t.Errorf("%q became %q", s, once)
		}
		if twice := clean(once); twice != once {
			t.Errorf("cleaning %q twice gives %q, then %q", s, once, twice)
		}
	})
}
