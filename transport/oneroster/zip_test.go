package oneroster

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestPathsThatLeadOutsideAreRefused(t *testing.T) {
	for _, prefix := range []string{"../", "a/../../", "/", `..\`, `C:\`, `\\server\share\`, "a/..//", "C:/"} {
		if _, err := zipSource(lakeside().zipped(t, prefix)); !errors.Is(err, ErrUnsafePath) {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}

func TestWhatComputersAddIsPassedOver(t *testing.T) {
	d := lakeside()
	for _, name := range []string{"__MACOSX/._users.csv", "__MACOSX/users.csv", ".DS_Store", "._users.csv", "readme.txt", "demographics.csv"} {
		d[name] = "\x00\x05\x16\x07"
	}
	source, err := zipSource(d.zipped(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	s, r, err := Read(t.Context(), source, Options{Today: today})
	if err != nil || len(s.People) != 4 {
		t.Errorf("%v", err)
	}
	if !strings.Contains(remarks(r), "demographics.csv, readme.txt") {
		t.Errorf("what was left aside is not said: %s", remarks(r))
	}
}

func TestNamesInOtherLettersAreTheSame(t *testing.T) {
	d := lakeside().without("users.csv", "academicSessions.csv")
	d["USERS.CSV"], d["academicsessions.csv"] = lakeside()["users.csv"], lakeside()["academicSessions.csv"]
	s, r := d.read(t)
	expect(t, r)
	if len(s.People) != 4 || len(s.Terms) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestAZipThatIsNotOneRosterIsRefused(t *testing.T) {
	twice, two := lakeside(), lakeside()
	twice["Users.csv"] = twice["users.csv"]
	two["old/users.csv"] = two["users.csv"]
	for name, c := range map[string]struct {
		zip  []byte
		want string
	}{
		"nothing":           {delivery{}.zipped(t, ""), ErrNoRoster.Error()},
		"other files":       {delivery{"notes.txt": "x", "grades.csv": "y"}.zipped(t, ""), "the first of 2 others is grades.csv"},
		"a manifest alone":  {delivery{"manifest.csv": lakeside()["manifest.csv"]}.zipped(t, ""), ErrNoRoster.Error()},
		"two of one name":   {twice.zipped(t, ""), "users.csv is in it twice, as Users.csv and as users.csv"},
		"two rosters":       {two.zipped(t, ""), "there are two rosters in it"},
		"no zip":            {[]byte("sourcedId,status\n1,active\n"), "not a zip that can be read"},
		"a zip cut short":   {lakeside().zipped(t, "")[:900], "not a zip that can be read"},
		"an encrypted file": {special(t, func(h *zip.FileHeader) { h.Flags |= 1 }), "users.csv is encrypted"},
		"a link":            {special(t, func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }), "users.csv is not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := zipSource(c.zip); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// special is a zip of one users.csv with a header of its own.
func special(t *testing.T, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "users.csv", Method: zip.Deflate}
	change(h)
	f, err := w.CreateHeader(h)
	if err == nil {
		_, err = io.WriteString(f, lakeside()["users.csv"])
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAZipOfTooManyEntriesIsRefused(t *testing.T) {
	d := delivery{}
	for n := range MaxEntries + 1 {
		d[fmt.Sprintf("%d.txt", n)] = ""
	}
	if _, err := zipSource(d.zipped(t, "")); err == nil || !strings.Contains(err.Error(), "more than 10000 entries") {
		t.Errorf("got %v", err)
	}
}

// A bomb says of itself what it likes; what comes out of it is counted.
func TestAZipBombEndsAtItsLimit(t *testing.T) {
	for name, line := range map[string]string{"rows": "a,,,,,,,,,\n", "one row": "aaaaaaaaaaaaaaaa", "empty lines": "\n\n\n\n"} {
		t.Run(name, func(t *testing.T) {
			d := lakeside().without("enrollments.csv")
			source, err := zipSource(bomb(t, d, "enrollments.csv", lakeside()["enrollments.csv"], line, RatioFrom+1<<20))
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = Read(t.Context(), source, Options{Today: today})
			var e *FileError
			if !errors.As(err, &e) || e.File != "enrollments.csv" || e.Line == 0 {
				t.Errorf("got %v", err)
			}
		})
	}
}

// bomb is a delivery with one further file of very much the same.
func bomb(t *testing.T, d delivery, name, head, line string, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for other, content := range d {
		f, err := w.Create(other)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	block := strings.Repeat(line, 1<<20/len(line))
	if _, err := io.WriteString(f, head); err != nil {
		t.Fatal(err)
	}
	for written := 0; written < size; written += len(block) {
		if _, err := io.WriteString(f, block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAZipWhoseContentWasChangedIsRefused(t *testing.T) {
	packed := special(t, func(h *zip.FileHeader) { h.Method = zip.Store })
	at := bytes.Index(packed, []byte("Leonardo"))
	packed[at] = 'l'
	source, err := zipSource(packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(t.Context(), source, Options{Today: today}); !errors.Is(err, zip.ErrChecksum) {
		t.Errorf("got %v", err)
	}
}

func TestAFolderIsReadWithoutFollowingLinks(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte(lakeside()["users.csv"]), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func(path string) error{
		"a link": func(path string) error { return os.Symlink(secret, path) },
		"a pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		folder := lakeside().without("users.csv").folder(t)
		if err := make(filepath.Join(folder, "users.csv")); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), "users.csv is not a regular file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFolderInAFolderIsFound(t *testing.T) {
	outer := t.TempDir()
	if err := os.Rename(lakeside().folder(t), filepath.Join(outer, "export")); err != nil {
		t.Fatal(err)
	}
	source, err := Open(outer)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if s, _, err := Read(t.Context(), source, Options{Today: today}); err != nil || len(s.People) != 4 {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNotThereIsSaid(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNoRoster) {
		t.Errorf("got %v", err)
	}
}
