package postgres

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTextComesBackAsItCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(
			rapid.String(),
			rapid.StringOf(rapid.SampledFrom([]rune{0, 'a', 0x10FF00, 0x10FF41, 0x10FFFF, 0x10FEFF, 0xFFFD, 0xF4})),
			rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }),
		).Draw(t, "word")
		column := kept(word)
		if strings.ContainsRune(column, 0) || !utf8.ValidString(column) {
			t.Errorf("%q is kept as %q, which PostgreSQL does not take", word, column)
		}
		if got := plain(column); got != word {
			t.Errorf("%q came back as %q", word, got)
		}
	})
}

func TestOrdinaryTextIsKeptAsItIs(t *testing.T) {
	for _, word := range []string{"", "Núñez", "王小明", "👩‍👧", "\uFFFD", "\U000F0000", "O'Brien\n"} {
		if column := kept(word); column != word {
			t.Errorf("%q is kept as %q", word, column)
		}
	}
}
