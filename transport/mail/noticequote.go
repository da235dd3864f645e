package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/homeline/homeline/transport/weblink"
)

// Bounds, in characters, of what a roster or a person wrote. With them a mail
// stays below 100 kB, where Gmail cuts.
const (
	mostName    = 60
	mostSubject = 100   // in the subject line; whole in the mail
	mostQuote   = 3_000 // of one message
	mostQuoted  = 9_000 // of all messages
	mostLetters = 30    // messages of all conversations
	mostLinks   = 60    // in all messages
	mostParts   = 20    // conversations
)

// oneLine is a name or subject fit for a line of a mail: no line breaks, nothing
// that turns round what stands beside it, and not endless.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if !strings.ContainsFunc(s, unicode.IsGraphic) {
		return ""
	}
	if utf8.RuneCountInString(s) > most {
		s, _ = cut(s, most-1)
		s += "…"
	}
	return s
}

// cut is the beginning of a text, ended at a word where one ends near, and
// whether anything was left out.
func cut(s string, most int) (string, bool) {
	runes := []rune(s)
	if len(runes) <= most {
		return s, false
	}
	end := most
	for back := most; back > max(0, most-100); back-- {
		if unicode.IsSpace(runes[back]) {
			end = back
			break
		}
	}
	return strings.TrimSpace(string(runes[:end])), true
}

// quoter quotes messages until the mail is full.
type quoter struct{ runes, letters, links int }

func newQuoter() *quoter {
	return &quoter{runes: mostQuoted, letters: mostLetters, links: mostLinks}
}

// quote is a message as a mail shows it: by lines, each of pieces. ok is false
// where there is no room left for any of it.
func (q *quoter) quote(body string) (lines [][]weblink.Piece, more, ok bool) {
	if q.letters == 0 || q.runes < 200 {
		return nil, false, false
	}
	text, more := cut(tidy(body), min(mostQuote, q.runes))
	q.letters--
	q.runes -= utf8.RuneCountInString(text)
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, q.pieces(line))
	}
	return lines, more, true
}

// tidy leaves at most one empty line in a row.
func tidy(body string) string {
	for strings.Contains(body, "\n\n\n") {
		body = strings.ReplaceAll(body, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(body)
}

// pieces are a line with the addresses of the web in it.
func (q *quoter) pieces(line string) []weblink.Piece {
	list := weblink.Split(line, q.links)
	for _, p := range list {
		if p.Link {
			q.links--
		}
	}
	return list
}
