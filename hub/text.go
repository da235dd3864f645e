package hub

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes what somebody typed fit to be kept: line breaks are \n, control
// characters other than line breaks and tabs are left out (PostgreSQL and pages
// do not take them), what is not UTF-8 becomes the replacement character, and
// the ends are trimmed.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// cleanLine is clean for what has one line.
func cleanLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// check says what is wrong with the length of a text that has been cleaned.
func check(field, s string, limit int) error {
	if !visible(s) {
		return &Error{Code: CodeRequired, Field: field}
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return &Error{Code: CodeTooLong, Field: field, Limit: limit, Got: n}
	}
	return nil
}

// visible says whether s shows anything: a letter of zero-width spaces alone is
// as empty as none.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}
