package hub

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// legible refuses what could only be kept as something else: bytes that are not
// UTF-8, and NUL.
func legible(field, s string) error {
	switch {
	case !utf8.ValidString(s):
		return &Error{Code: CodeInvalid, Field: field, Detail: field + ": not valid UTF-8"}
	case strings.IndexByte(s, 0) >= 0:
		return &Error{Code: CodeInvalid, Field: field, Detail: field + ": NUL is not text"}
	}
	return nil
}

// paragraphs cleans and checks what may have several lines.
func paragraphs(field, s string, limit int) (string, error) {
	if err := legible(field, s); err != nil {
		return "", err
	}
	s = clean(s)
	return s, check(field, s, limit)
}

// line cleans and checks what has one line.
func line(field, s string, limit int) (string, error) {
	if err := legible(field, s); err != nil {
		return "", err
	}
	s = cleanLine(s)
	return s, check(field, s, limit)
}

// clean makes what somebody typed fit to be kept: line breaks are \n, control
// characters other than line breaks and tabs are left out (pages do not take
// them), and the ends are trimmed. All else stays, bidirectional controls too.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
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
