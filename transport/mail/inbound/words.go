package inbound

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// piece is a line as it is compared: whatever mail programs change about a line
// that they quote is left out of it.
type piece struct {
	words []string // without links
	links []string
}

func (p piece) empty() bool { return len(p.words) == 0 && len(p.links) == 0 }

// pieceOf returns what a line says, without marks of quotation, invisible
// characters, and the stars and brackets that programs write for bold and links.
func pieceOf(line string) (p piece) {
	line = norm.NFC.String(strings.Map(visibleRune, line))
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r == '<' || r == '>' || r == '|' }) {
		if word = strings.Trim(word, `*_[]()"'`); word == "" {
			continue
		}
		if strings.Contains(word, "://") || strings.HasPrefix(word, "mailto:") {
			p.links = append(p.links, word)
			continue
		}
		p.words = append(p.words, strings.ToLower(word))
	}
	return p
}

// visibleRune leaves out what shows nothing: fillers, marks of direction, joiners.
func visibleRune(r rune) rune {
	switch {
	case r == '\u034f', r == '\u00ad', unicode.Is(unicode.Cf, r):
		return -1
	case r == '\u00a0', r == '\u3000':
		return ' '
	}
	return r
}

// marked reports whether a line begins with a mark of quotation.
func marked(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " \t\u00a0"), ">") }

// blank reports whether a line shows nothing but marks of quotation.
func blank(line string) bool {
	return strings.Trim(strings.Map(visibleRune, line), "> \t|") == ""
}

// unmarked is a line without its marks of quotation.
func unmarked(line string) string { return strings.TrimLeft(line, "> \t\u00a0") }
