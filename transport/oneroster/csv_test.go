package oneroster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// rowsOf are the cells of each row, with the line it begins in.
func rowsOf(src io.Reader) (rows [][]string, at []int, err error) {
	r := newCSVReader("test.csv", src)
	for {
		row, err := r.next()
		if err == io.EOF {
			return rows, at, nil
		}
		if err != nil {
			return rows, at, err
		}
		var cells []string
		for _, c := range row.cells {
			cells = append(cells, string(c))
		}
		rows, at = append(rows, cells), append(at, row.line)
	}
}

func TestRowsAreTakenHoweverTheyAreWritten(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		rows [][]string
		at   []int
	}{
		"nothing":                {"", nil, nil},
		"only empty lines":       {"\n\r\n\n  \n,,\n", nil, nil},
		"LF":                     {"a,b\nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}, []int{1, 2}},
		"CRLF":                   {"a,b\r\nc,d\r\n", [][]string{{"a", "b"}, {"c", "d"}}, []int{1, 2}},
		"CR":                     {"a,b\rc,d\r", [][]string{{"a", "b"}, {"c", "d"}}, []int{1, 2}},
		"no newline at the end":  {"a,b\nc,d", [][]string{{"a", "b"}, {"c", "d"}}, []int{1, 2}},
		"a separator at the end": {"a,b\nc,", [][]string{{"a", "b"}, {"c", ""}}, []int{1, 2}},
		"empty lines between":    {"a\n\n\nb\n", [][]string{{"a"}, {"b"}}, []int{1, 4}},
		"quotes":                 {`"a,b","say ""hi""",""` + "\n", [][]string{{"a,b", `say "hi"`, ""}}, []int{1}},
		"quoted newlines":        {"\"a\r\nb\",c\nd,e\n", [][]string{{"a\nb", "c"}, {"d", "e"}}, []int{1, 3}},
		"a quote inside":         {`12" ruler,b` + "\n", [][]string{{`12" ruler`, "b"}}, []int{1}},
		"semicolons":             {"a;b\n\"c;d\";e\n", [][]string{{"a", "b"}, {"c;d", "e"}}, []int{1, 2}},
		"tabs":                   {"a\tb\nc\td\n", [][]string{{"a", "b"}, {"c", "d"}}, []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, src := range []io.Reader{strings.NewReader(c.file), iotest.OneByteReader(strings.NewReader(c.file))} {
				rows, at, err := rowsOf(src)
				if err != nil || !reflect.DeepEqual(rows, c.rows) || !reflect.DeepEqual(at, c.at) {
					t.Errorf("got %q at %v, %v", rows, at, err)
				}
			}
		})
	}
}

func TestWhatHasNoEndIsAnErrorThatNamesTheLine(t *testing.T) {
	for name, c := range map[string]struct {
		src    io.Reader
		line   int
		reason string
	}{
		"an unclosed quote":       {strings.NewReader("a,b\nc,\"d\ne,f\n"), 2, "a quote is opened here that is never closed"},
		"a field without end":     {io.MultiReader(strings.NewReader("a,b\nc,"), endless('x')), 2, "longer than"},
		"a quoted one":            {io.MultiReader(strings.NewReader("a,b\nc,\""), endless('x')), 2, "longer than"},
		"a row of lines":          {io.MultiReader(strings.NewReader("a,b\nc,\""), endless('\n')), 2, "longer than"},
		"more cells than columns": {io.MultiReader(strings.NewReader("a,b\nc,"), endless(',')), 2, "more than 1000 cells"},
		"a disk that fails":       {io.MultiReader(strings.NewReader("a,b\nc,d\n"), iotest.ErrReader(errors.New("gone"))), 3, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := rowsOf(c.src)
			var e *FileError
			if !errors.As(err, &e) || e.Line != c.line || !strings.Contains(e.Reason, c.reason) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// endless gives the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestAMillionEmptyLinesCostNothing(t *testing.T) {
	d := lakeside()
	d["enrollments.csv"] = strings.Replace(d["enrollments.csv"], "\n", "\n"+strings.Repeat("\n", 1_000_000)+strings.Repeat(",,,\n", 1000), 1)
	s, r := d.read(t)
	expect(t, r)
	if len(s.Enrolments) != 3 || r.Files[len(r.Files)-1].Rows != 3 {
		t.Errorf("%d enrolments, %+v", len(s.Enrolments), r.Files)
	}
}

// What encoding/csv writes is read back as it was.
func FuzzRowsComeBackAsTheyWereWritten(f *testing.F) {
	f.Add("a", "b,c", "d\"e", "f\ng")
	f.Add(" x ", ";", "\t", "\"\"")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		want := [][]string{{"w", "x", "y", "z"}, {"id" + a, b, c, d}}
		var file bytes.Buffer
		if err := csv.NewWriter(&file).WriteAll(want); err != nil {
			t.Fatal(err)
		}
		rows, _, err := rowsOf(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for i := range want[1] { // line ends inside of cells become \n
			want[1][i] = strings.ReplaceAll(strings.ReplaceAll(want[1][i], "\r\n", "\n"), "\r", "\n")
		}
		if !reflect.DeepEqual(rows, want) {
			t.Errorf("got %q, want %q", rows, want)
		}
	})
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	for _, s := range []string{"a,b\n\"c\"d,e\n", "a,\"b", "\"\"\"", "a\rb\n\r\r\n", "a;b\n", ",,,\n", "\"a\n\n\n\",b"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r := newCSVReader("fuzz.csv", bytes.NewReader(file))
		for before := 0; ; {
			row, err := r.next()
			if err != nil {
				return
			}
			if row.line <= before || row.lastLine < row.line || len(row.cells) == 0 {
				t.Fatalf("a row at lines %d to %d after one at %d", row.line, row.lastLine, before)
			}
			before = row.line
		}
	})
}

func TestEncodings(t *testing.T) {
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy) func(string) string {
		return func(s string) string {
			out, err := unicode.UTF16(order, bom).NewEncoder().String(s)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	for name, c := range map[string]struct {
		encode   func(string) string
		findings []string
	}{
		"UTF-8 with a mark":         {func(s string) string { return "\xEF\xBB\xBF" + s }, nil},
		"UTF-16 little endian":      {utf16(unicode.LittleEndian, unicode.UseBOM), nil},
		"UTF-16 big endian":         {utf16(unicode.BigEndian, unicode.UseBOM), nil},
		"UTF-16 without a mark":     {utf16(unicode.LittleEndian, unicode.IgnoreBOM), nil},
		"UTF-16 big, without":       {utf16(unicode.BigEndian, unicode.IgnoreBOM), nil},
		"Windows-1252":              {func(s string) string { out, _ := charmap.Windows1252.NewEncoder().String(s); return out }, []string{"users.csv lines 3, 6: mended: it is not UTF-8 and was read as Windows-1252"}},
		"CRLF and a mark, as Excel": {func(s string) string { return "\xEF\xBB\xBF" + strings.ReplaceAll(s, "\n", "\r\n") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := lakeside().with("users.csv", "Leonardo", "Léonardo").and("users.csv", "x,,,true,,,Zoë,Müller–Núñez,,,,,,,,,,,")
			d["users.csv"] = c.encode(d["users.csv"])
			d["roles.csv"] += "r9,,,x,primary,teacher,,,north,\n"
			s, r := d.read(t)
			expect(t, r, c.findings...)
			if p := person(t, s, "x"); p.Given != "Zoë" || p.Family != "Müller–Núñez" || person(t, s, "leo").Given != "Léonardo" {
				t.Errorf("got %+v", p)
			}
		})
	}
}
