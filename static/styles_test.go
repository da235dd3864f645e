package static

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const mostStyles = 20 << 10 // bytes, packed

func TestStylesAreSmallEnoughForAPhone(t *testing.T) {
	assets, _, err := Assets()
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(assets[Stylesheet]); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if packed.Len() > mostStyles {
		t.Errorf("%d bytes, at most %d", packed.Len(), mostStyles)
	}
}

func TestEveryStyleFileIsServed(t *testing.T) {
	names, err := fs.Glob(files, "css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !slices.Contains(styles, strings.TrimSuffix(strings.TrimPrefix(name, "css/"), ".css")) {
			t.Errorf("%s is not in the cascade", name)
		}
	}
}

// Colours are named by their role, in one file; paper is the exception.
func TestColoursStandInTheTokensAlone(t *testing.T) {
	colour := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl`)
	for _, name := range styles {
		b, err := files.ReadFile("css/" + name + ".css")
		if err != nil {
			t.Fatal(err)
		}
		if found := colour.Find(b); found != nil && name != "tokens" && name != "print" {
			t.Errorf("%s.css has the colour %s", name, found)
		}
	}
}

// An old browser drops a whole rule for one word that it does not know.
func TestStylesAreReadInOldBrowsers(t *testing.T) {
	modern := regexp.MustCompile(`@layer|@container|:is\(|:where\(|:has\(|color-mix|oklch|\binset:|\bclamp\(|box-shadow|gradient`)
	assets, _, err := Assets()
	if err != nil {
		t.Fatal(err)
	}
	if found := modern.Find(assets[Stylesheet]); found != nil {
		t.Errorf("the styles have %s", found)
	}
}
