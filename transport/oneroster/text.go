package oneroster

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// text is a cell as one line of UTF-8: what is not UTF-8 is taken for
// Windows-1252, line breaks and control characters become spaces, and marks
// that turn the direction of what follows, zero-width spaces and soft hyphens are
// left out. Joiners stay: some scripts are written with them.
func text(cell []byte) (s string, windows bool) {
	if plainASCII(cell) {
		return string(cell), false
	}
	if !utf8.Valid(cell) {
		windows = true
		cell, _ = charmap.Windows1252.NewDecoder().Bytes(cell) // every byte has a meaning
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r == '\uFEFF',
			r == '\u200B', r == '\u2060', r == '\u00AD':
			return -1
		}
		return r
	}, string(cell))
	return strings.Join(strings.Fields(s), " "), windows
}

// plainASCII says whether a cell can be taken as it is.
func plainASCII(cell []byte) bool {
	for i, c := range cell {
		if c < ' ' || c > '~' || c == ' ' && (i == 0 || i == len(cell)-1 || cell[i-1] == ' ') {
			return false
		}
	}
	return true
}

// cutText is at most maxText characters of s.
func cutText(s string) (string, bool) {
	if len(s) <= maxText || utf8.RuneCountInString(s) <= maxText {
		return s, false
	}
	return string([]rune(s)[:maxText-1]) + "…", true
}

// email is an address in lower case; ok is false where the cell holds none.
func email(s string) (_ string, ok bool) {
	s = strings.ToLower(s)
	if len(s) > maxEmail {
		return "", false
	}
	if simpleAddress(s) {
		return s, true
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || !strings.Contains(s[strings.LastIndexByte(s, '@')+1:], ".") {
		return "", false
	}
	return s, true
}

// simpleAddress knows most addresses without a parser: letters, digits, dots
// and hyphens around one @, with a dot after it.
func simpleAddress(s string) bool {
	at, dot := -1, -1
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '@' && at < 0 && i > 0 && s[i-1] != '.':
			at = i
		case c == '.' && i > 0 && s[i-1] != '.' && s[i-1] != '@':
			dot = i
		case (c == '-' || c == '_' || c == '+') && at < 0 || c == '-' && s[i-1] != '@':
		default:
			return false
		}
	}
	return at > 0 && dot > at && dot < len(s)-1
}

// list is the parts of a cell that holds several.
func list(cell []byte) [][]byte {
	if len(cell) == 0 {
		return nil
	}
	parts := bytes.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' })
	kept := parts[:0]
	for _, p := range parts {
		if p = bytes.TrimSpace(p); len(p) > 0 {
			kept = append(kept, p)
		}
	}
	return kept
}

// grade is a grade as CEDS writes it: 09 for 9, KG for K.
func grade(s string) string {
	switch {
	case len(s) == 1 && s[0] >= '1' && s[0] <= '9':
		return "0" + s
	case strings.EqualFold(s, "K"):
		return "KG"
	}
	return strings.ToUpper(s)
}

// quote is a cell fit to be repeated in a reason.
func quote(cell []byte) string {
	s, _ := text(cell)
	if len(s) > maxQuote {
		s = strings.ToValidUTF8(s[:maxQuote], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
