package oneroster

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// mark is the byte order mark in UTF-8.
var mark = []byte("\uFEFF")

// withoutMarks leaves byte order marks out wherever they stand: files that were
// put together have one before each part, where it would hide a quote.
type withoutMarks struct{ transform.NopResetter }

// Transform is that of transform.Transformer.
func (withoutMarks) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		rest := src[nSrc:]
		run := bytes.IndexByte(rest, mark[0])
		switch {
		case run < 0:
			run = len(rest)
		case run > 0:
		case len(rest) < len(mark) && !atEOF && bytes.HasPrefix(mark, rest):
			return nDst, nSrc, transform.ErrShortSrc
		case bytes.HasPrefix(rest, mark):
			nSrc += len(mark)
			continue
		default:
			run = 1
		}
		n := copy(dst[nDst:], rest[:run])
		nDst, nSrc = nDst+n, nSrc+n
		if n < run {
			return nDst, nSrc, transform.ErrShortDst
		}
	}
	return nDst, nSrc, nil
}

// ignorable reports whether a rune is one that nobody sees (Unicode's
// Default_Ignorable_Code_Point): zero-width spaces, soft hyphens, marks of
// direction and the like. It is no part of an identifier or an address.
func ignorable(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r >= 0xFFF9 && r <= 0xFFFB, r >= 0x13430 && r <= 0x1343F, unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// visible is a cell without what nobody sees, and without spaces around it.
func visible(cell []byte) []byte {
	cell = bytes.TrimSpace(cell)
	for _, c := range cell {
		if c >= utf8.RuneSelf {
			return bytes.TrimSpace(onlyVisible(cell))
		}
	}
	return cell
}

func onlyVisible(cell []byte) []byte {
	if !utf8.Valid(cell) || !bytes.ContainsFunc(cell, ignorable) {
		return cell
	}
	return bytes.Map(func(r rune) rune {
		if ignorable(r) {
			return -1
		}
		return r
	}, cell)
}
