package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/identity"
)

func TestLanguagesAreReadByCodeAndByName(t *testing.T) {
	lines, refused, err := readLanguages(strings.NewReader("\ufeffSourcedId,notes,LANGUAGE\n" +
		"g1,,es\ng2,,spa\ng3,,Spanish\ng4,,haitian creole\ng5,,\ng6,,zh-Hant\n" +
		"g7,,Klingonese\n,,es\ng8,es\ng1,,vi\ng9,\"a,es\ng2,,vi\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []identity.HomeLanguage{
		{SourcedID: "g1", Language: "vi"}, {SourcedID: "g2", Language: "es"}, {SourcedID: "g3", Language: "es"},
		{SourcedID: "g4", Language: "ht"}, {SourcedID: "g5"}, {SourcedID: "g6", Language: "zh-Hant"},
	}
	var got []identity.HomeLanguage
	for _, l := range lines {
		got = append(got, l.HomeLanguage)
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
	for i, says := range []string{`line 8: language: "Klingonese"`, "line 9: sourcedId is empty", "line 10: 2 cells under 3 headers", "lines 12 to 1"} {
		if i >= len(refused) || !strings.HasPrefix(refused[i], says) {
			t.Errorf("refused are %q, want the %d. to begin with %q", refused, i+1, says)
		}
	}
}

func TestAFileWithoutTheColumnsSaysWhichItHas(t *testing.T) {
	for _, file := range []string{"", "id,lang\n1,es\n"} {
		if _, _, err := readLanguages(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), "sourcedId and language") {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestLanguagesOfFamiliesAreSetFromAFile(t *testing.T) {
	data := lincoln(t)
	file := filepath.Join(t.TempDir(), "languages.csv")
	if err := os.WriteFile(file, []byte("sourcedId,language\nrosa,Spanish\nnobody,vi\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "roster", "languages", file, "--data", data).expect(t, statusRefused,
		`line 3: no person of Lincoln Unified has the sourcedId "nobody"`, "Languages: 1 set, 1 refused.")
}
