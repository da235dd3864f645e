package roster

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFolded is how many bytes of a name are searched and ordered by.
const maxFolded = 120

// undecomposed are Latin letters whose accent is no mark in Unicode.
var undecomposed = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i")

// Fold is a name as it is compared: without regard to case, accents and
// punctuation, and in no language's own order: what "Núñez" and "NUNEZ" have in
// common. It holds letters and digits, words parted by one space, at most 120
// bytes.
func Fold(name string) string {
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

// FoldedName is a person's name as stores hold it.
type FoldedName struct {
	// SortKey orders people by family name, then given name: a shorter family
	// name comes before every longer one that begins with it.
	SortKey string
	// Words are those of all names, each after a space, so that a word begins
	// where " " and its beginning are found.
	Words string
	// Shown are those of the name that pages show: who shares a conversation with
	// somebody cannot search for a legal name that they do not go by.
	Shown string
}

// FoldName folds the names of a person.
func FoldName(p SnapshotPerson) FoldedName {
	given, family := Fold(p.Given), Fold(p.Family)
	preferred := Fold(p.Preferred)
	return FoldedName{
		SortKey: family + "\x01" + given, Words: beginnings(given, preferred, family),
		Shown: beginnings(cmp.Or(preferred, given), family),
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

// WordBeginnings are the words that somebody looks for, each after a space as
// in FoldedName.Words.
func WordBeginnings(query string) []string {
	words := strings.Fields(Fold(query))
	for i, w := range words {
		words[i] = " " + w
	}
	return words
}

// ComparableAddress is an e-mail address as addresses are compared.
func ComparableAddress(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
