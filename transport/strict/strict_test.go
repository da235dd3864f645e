package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/homeline/homeline/hub"
)

type request struct {
	ID         json.RawMessage `json:"id"`
	UpTo       int64           `json:"up_to"`
	Side       string          `json:"side"`
	Recipients []struct {
		Person string `json:"person"`
	} `json:"recipients"`
}

var known = KeysOf(request{})

func TestWhatCanBeReadInTwoWaysIsRefusedWithTheKey(t *testing.T) {
	for raw, field := range map[string]string{
		`{"up_to":1,"up_to":2}`:                          "up_to",
		`{"up_to":1,"UP_TO":2}`:                          "UP_TO",
		`{"Up_To":1}`:                                    "Up_To",
		`{"\u0075p_to":1,"up_to":2}`:                     "up_to",
		`{"ſide":"staff"}`:                               "ſide",
		`{"recipients":[{"person":"a"},{"Person":"b"}]}`: "recipients[1].Person",
		`{"recipients":[{"person":"a","person":"b"}]}`:   "recipients[0].person",
		`{"x":{"y":[[1],[{"a":1,"a":2}]]}}`:              "x.y[1][0].a",
		`{"foo":1,"Foo":2}`:                              "Foo",
		`{"side":"\ud800"}`:                              "side",
		`{"side":"\udc00\ud800"}`:                        "side",
		`{"side":"\ud83d\ud83d"}`:                        "side",
		`{"side":"a\u0000b"}`:                            "side",
		`{"x":["\u0000"]}`:                               "x[0]",
		`{"\ud800":1}`:                                   "a key",
		`{"x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`: "x" + strings.Repeat("[0]", 31),
		`{` + many(40) + `,"K7":1}`:                                       "K7",
	} {
		err := Object([]byte(raw), known, nil)
		var refusal *hub.Error
		if !errors.As(err, &refusal) || refusal.Code != hub.CodeInvalid || refusal.Field != field || !strings.Contains(refusal.Detail, field) {
			t.Errorf("%s: %#v", raw, err)
		}
	}
}

// many are n keys and their values.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"k` + string(rune('0'+i)) + `":1`)
	}
	return b.String()
}

func TestWhatCanBeReadInOneWayPasses(t *testing.T) {
	for _, raw := range []string{
		`{}`, ` { } `, "\t{\r\n\"id\" : 1 , \"x\" : [ ] }\n", `{"id":"a\\","up_to":1}`, `{"id":"\\\"","side":"\""}`,
		`{"side":"\ud83d\udc67 \u00e9 \\ud800 \\u0000"}`, `{"x":[1,-2e9,true,null,"",[{}],{"person":{}}]}`,
		`{"recipients":[{"person":"a"},{"person":"b"}]}`, `{` + many(40) + `}`, `{"UPTO":1,"e":"` + "\u00e9\ufffd" + `"}`,
	} {
		if err := Object([]byte(raw), known, nil); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func TestBytesThatAreNotUTF8AndWhatIsNoObjectAreToldApart(t *testing.T) {
	for raw, want := range map[string]error{
		"{\"side\":\"\xff\"}": ErrNotUTF8, "{\"side\":\"\xed\xa0\x80\"}": ErrNotUTF8, "\xff": ErrNotUTF8, "{\"x\":\"\xc3": ErrNotUTF8,
		"": ErrNotObject, " ": ErrNotObject, "[]": ErrNotObject, "null": ErrNotObject, "{": ErrNotObject, "{} {}": ErrNotObject,
		"{\"x\":\"\x00\"}": ErrNotObject, `{"a":01}`: ErrNotObject, strings.Repeat("[", 1<<20): ErrNotObject,
	} {
		if err := Object([]byte(raw), known, nil); err != want {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
}

func TestNestingIsRefusedHoweverDeepItIs(t *testing.T) {
	for _, depth := range []int{33, 1001, 10_001, 100_000} {
		err := Object([]byte(`{"x":`+strings.Repeat("[", depth)+strings.Repeat("]", depth)+`}`), known, nil)
		if hub.CodeOf(err) != hub.CodeInvalid || !strings.Contains(err.(*hub.Error).Detail, "deep") {
			t.Errorf("%d deep: %v", depth, err)
		}
	}
}

func TestTheMembersAreGivenAsTheyStand(t *testing.T) {
	got := map[string]string{}
	err := Object([]byte(`{ "i\u0064" : "a" ,"x":{"y":[1, 2]},"n":-1e3}`), known, func(key, value []byte) { got[string(key)] = string(value) })
	if err != nil || len(got) != 3 || got["id"] != `"a"` || got["x"] != `{"y":[1, 2]}` || got["n"] != "-1e3" {
		t.Errorf("%v, %v", got, err)
	}
}

// What passes is what encoding/json reads, and reads alike with every key as it
// is written.
func FuzzObject(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"up_to":2}`, `{"a":"\ud83d\udc67\\"}`, `{"a":{"b":[{"c":1}]},"A":2}`, "{\"a\":\"\xff\"}", `[`, `{"\"":"\\\""}`, `{"a":[1,[2,{}]] , "b":"\u0000"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if deep(raw) {
			return
		}
		members := map[string]json.RawMessage{}
		err := Object(raw, known, func(key, value []byte) { members[string(key)] = value })
		var want map[string]json.RawMessage
		isObject := json.Unmarshal(raw, &want) == nil && want != nil
		if (err == nil || hub.CodeOf(err) != "") != (isObject && utf8.Valid(raw)) {
			t.Fatalf("%q: object %v, %v", raw, isObject, err)
		}
		if err != nil {
			return
		}
		if len(members) != len(want) {
			t.Fatalf("%q: %d members, want %d", raw, len(members), len(want))
		}
		for key, value := range want {
			if !bytes.Equal(members[key], value) {
				t.Fatalf("%q: %q is %q, want %q", raw, key, members[key], value)
			}
		}
		var decoded any
		if json.Unmarshal(raw, &decoded) != nil || bytes.ContainsRune(raw, utf8.RuneError) {
			return
		}
		if encoded, err := json.Marshal(decoded); err != nil || bytes.ContainsRune(encoded, utf8.RuneError) && !bytes.Contains(bytes.ToLower(raw), []byte(`\ufffd`)) {
			t.Fatalf("%q became %q, %v", raw, encoded, err)
		}
	})
}
