package postgres

import (
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"
)

// PostgreSQL takes neither NUL nor what is not UTF-8 into its text, and rosters
// have both; what a roster says must come back as it came, or every import
// would find it changed. So such a byte is kept as a character of the last
// private plane, U+10FF00 and up, and so is each byte of those characters
// themselves. All other text is kept as it is.

const (
	firstKept = 0x10FF00
	// leadByte begins no other characters than the last planes'.
	leadByte = 0xF4
)

// kept is text as a column holds it.
func kept(text string) string {
	if strings.IndexByte(text, 0) < 0 && strings.IndexByte(text, leadByte) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if r == 0 || r == utf8.RuneError && size == 1 || r >= firstKept {
			for _, c := range []byte(text[:size]) {
				b.WriteRune(firstKept + rune(c))
			}
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// plain is the reverse of kept.
func plain(column string) string {
	if strings.IndexByte(column, leadByte) < 0 {
		return column
	}
	var b strings.Builder
	for _, r := range column {
		if r >= firstKept {
			b.WriteByte(byte(r - firstKept))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func keptList(words []string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = kept(w)
	}
	return list
}

// plainList is nil for an empty list.
func plainList(column []string) []string {
	if len(column) == 0 {
		return nil
	}
	list := make([]string, len(column))
	for i, w := range column {
		list[i] = plain(w)
	}
	return list
}

// text reads a column as plain text into a string, empty where it is NULL.
func text[S ~string](into *S) pgtype.TextScanner { return textInto[S]{into} }

type textInto[S ~string] struct{ into *S }

// ScanText implements pgtype.TextScanner.
func (t textInto[S]) ScanText(v pgtype.Text) error {
	*t.into = S(plain(v.String))
	return nil
}
