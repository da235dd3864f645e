package sqlite

import (
	"cmp"
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

// foldedName is a person's name as the tables hold it.
type foldedName struct {
	// sortKey orders people by family name, then given name: a shorter family
	// name comes before every longer one that begins with it.
	sortKey string
	// words are those of all names, each after a space, so that a word begins
	// where " " and its beginning are found.
	words string
	// shown are those of the name that pages show: who shares a conversation with
	// somebody cannot search for a legal name that they do not go by.
	shown string
}

func foldName(p roster.SnapshotPerson) foldedName {
	given, family := fold(p.Given), fold(p.Family)
	preferred := fold(p.Preferred)
	return foldedName{
		sortKey: family + "\x01" + given, words: beginnings(given, preferred, family),
		shown: beginnings(cmp.Or(preferred, given), family),
	}
}

func beginnings(names ...string) string {
	var words strings.Builder
	for _, name := range names {
		if name != "" {
			words.WriteString(" " + name)
		}
	}
	return words.String()
}

// wordBeginnings are the words that somebody looks for, as foldedName holds them.
func wordBeginnings(query string) []string {
	words := strings.Fields(fold(query))
	for i, w := range words {
		words[i] = " " + w
	}
	return words
}
