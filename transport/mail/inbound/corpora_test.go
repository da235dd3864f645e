//go:build corpora

package inbound

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	corporaDir  = flag.String("corpora", "", "the folder of corpora")
	corporaShow = flag.Bool("show", false, "show each reply of which words are lost")
	corporaMuch = flag.Bool("much", false, "show each reply of which too much is kept")
)

// TestPrintFiguresOfCorpora reads corpora of replies that others collected, and prints
// how many of each are right, kept with too much, or have words lost. The folder has
// one folder for each corpus, and that the mails in "in" (.txt, .eml or .html) and what
// their people wrote in "want", under the same names with .txt.
//
// Each is read three times: as it is, as a reply to somebody else's mail; with all
// addresses in it replaced by the one that our mails come from; and so, as a reply to a
// mail of ours that is known: what it quotes is what we sent.
func TestPrintFiguresOfCorpora(t *testing.T) {
	corpora, err := filepath.Glob(filepath.Join(*corporaDir, "*", "in"))
	if err != nil || len(corpora) == 0 {
		t.Fatalf("no corpora in %q, %v", *corporaDir, err)
	}
	for _, in := range corpora {
		for _, how := range []string{"as they are", "addresses ours", "our mail known"} {
			files, err := filepath.Glob(filepath.Join(in, "*"))
			if err != nil {
				t.Fatal(err)
			}
			right, much, lost := 0, 0, 0
			for _, file := range files {
				got, want := wordsRead(t, file, how), plainWords(wanted(t, file))
				switch {
				case slices.Equal(got, want):
					right++
				case within(want, got):
					much++
					if *corporaMuch {
						t.Logf("%s, %s: too much is\n%q\nwant\n%q", how, file, strings.Join(got, " "), strings.Join(want, " "))
					}
				default:
					lost++
					if *corporaShow {
						t.Logf("%s: read\n%q\nwant\n%q", file, strings.Join(got, " "), strings.Join(want, " "))
					}
				}
			}
			t.Logf("%-28s %-15s n %3d  right %3d  kept too much %3d  lost %3d", filepath.Base(filepath.Dir(in)), how, len(files), right, much, lost)
		}
	}
}

var anyAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)

func wordsRead(t *testing.T, file, how string) []string {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	switch filepath.Ext(file) {
	case ".eml":
		m, err := parse(mended(b))
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		text = m.text
	case ".html":
		text = textOf(text)
	}
	var sent []string
	if how == "our mail known" {
		sent = []string{quotedIn(text, wanted(t, file))}
	}
	if how != "as they are" {
		text = anyAddress.ReplaceAllString(text, "homeline@mg.school.example")
	}
	return plainWords(visible(t, text, []string{"homeline@mg.school.example", "homeline.school.example"}, sent...))
}

// quotedIn are the lines of a reply that its person did not write, without those that
// announce them.
func quotedIn(text, want string) string {
	wrote := map[string]int{}
	for line := range strings.SplitSeq(want, "\n") {
		wrote[plainLine(line)]++
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if wrote[plainLine(line)]--; wrote[plainLine(line)] < 0 && !strings.Contains(line, "@") && !labelled.MatchString(line) && !whenSaid([]string{line}) && !isDevice(line) {
			lines = append(lines, unmarked(line))
		}
	}
	return strings.Join(lines, "\n")
}

func wanted(t *testing.T, file string) string {
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)) + ".txt"
	b, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(file)), "want", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// plainWords are the words of a text, without what is written otherwise.
func plainWords(text string) []string {
	p := pieceOf(anyAddress.ReplaceAllString(text, "homeline@mg.school.example"))
	return slices.DeleteFunc(p.words, func(w string) bool { return strings.Trim(w, "-_*~>•") == "" })
}

// within reports whether all words are among others, in their order.
func within(words, others []string) bool {
	for _, w := range others {
		if len(words) > 0 && words[0] == w {
			words = words[1:]
		}
	}
	return len(words) == 0
}
