package static

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// A phone on a bad line gets the whole client in 18 kB.
func TestTheWholeClientIsAtMost18KilobytesPacked(t *testing.T) {
	assets, _, err := Assets()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for name, script := range assets {
		if strings.HasSuffix(name, ".js") {
			total += packed(t, script)
		}
	}
	if total == 0 || total > 18_000 {
		t.Errorf("the scripts are %d bytes packed, at most 18000", total)
	}
	t.Logf("%d bytes", total)
}

func TestAScriptIsServedWithoutCommentsAndIndentationAndWithItsLineNumbers(t *testing.T) {
	got := string(lean([]byte("// Why.\nconst a = \"http://x\"; // stays\n  // And how.\n  b();\n")))
	want := "\nconst a = \"http://x\"; // stays\n\nb();\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func packed(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
