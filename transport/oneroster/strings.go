package oneroster

import "strings"

// arena holds strings end to end in large pieces: a million identifiers of 36
// bytes take what they are long, and the collector has little to look at.
type arena struct{ piece strings.Builder }

const arenaPiece = 64 << 10

func (a *arena) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if a.piece.Cap()-a.piece.Len() < len(b) {
		a.piece = strings.Builder{}
		a.piece.Grow(max(arenaPiece, len(b)))
	}
	from := a.piece.Len()
	a.piece.Write(b)
	return a.piece.String()[from:]
}

// words gives equal strings one copy, as long as there are not too many
// different ones.
type words map[string]string

const maxWords = 100_000

func (w words) of(cell []byte) (s string, windows bool) {
	if s, ok := w[string(cell)]; ok {
		return s, false
	}
	s, windows = text(cell)
	if !windows && len(w) < maxWords {
		w[string(cell)] = s
	}
	return s, windows
}
