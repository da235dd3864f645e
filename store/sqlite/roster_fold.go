package sqlite

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/homeline/homeline/hub/roster"
)

// A folded name is compared without regard to case, accents and punctuation,
// and in no language's own order: what "Núñez" and "NUNEZ" have in common. It
// holds letters and digits, words parted by one space.

// maxFolded is how many bytes of a name are searched and ordered by.
const maxFolded = 120

// undecomposed are Latin letters whose accent is no mark in Unicode.
var undecomposed = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i")

func fold(name string) string {
	var folded strings.Builder
	gap := false
	for _, r := range undecomposed.Replace(strings.ToLower(norm.NFKD.String(shorten(name, 4*maxFolded)))) {
		switch {
		case unicode.Is(unicode.Mn, r) || strings.ContainsRune("'’ʼ`", r) && folded.Len() > 0:
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mc, r):
			gap = folded.Len() > 0
			continue
		case gap:
			folded.WriteByte(' ')
			gap = false
		}
		folded.WriteRune(unicode.ToLower(r))
	}
	return strings.TrimRight(shorten(folded.String(), maxFolded), " ")
}

// shorten cuts a text to at most limit bytes, between characters, and takes out
// what is not UTF-8.
func shorten(text string, limit int) string {
	if len(text) > limit {
		for limit > 0 && !utf8.RuneStart(text[limit]) {
			limit--
		}
		text = text[:limit]
	}
	return strings.ToValidUTF8(text, "")
}

// sortKey orders people by family name, then given name: a shorter family name
// comes before every longer one that begins with it.
func sortKey(family, given string) string { return fold(family) + "\x01" + fold(given) }

// nameWords are the words of all names of a person, each after a space, so
// that a word begins where " " and its beginning are found.
func nameWords(p roster.SnapshotPerson) string {
	var words strings.Builder
	for _, name := range []string{p.Given, p.Preferred, p.Family} {
		if folded := fold(name); folded != "" {
			words.WriteString(" " + folded)
		}
	}
	return words.String()
}

// wordBeginnings are the words that somebody looks for, as nameWords holds them.
func wordBeginnings(query string) []string {
	words := strings.Fields(fold(query))
	for i, w := range words {
		words[i] = " " + w
	}
	return words
}
