package inbound

import (
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textOf is HTML as a person reads it, a line for each block, with what it quotes
// behind a > as in plain text.
func textOf(source string) string {
	w := &textWriter{}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(maxText)
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return "" // too long a token is no text
			}
			return strings.TrimSpace(w.b.String())
		case html.TextToken:
			if w.hidden == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.open(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.close(atom.Lookup(name))
		}
	}
}

// textWriter writes words into lines.
type textWriter struct {
	b      strings.Builder
	depth  int  // of quotations
	hidden int  // of elements that show nothing
	begun  bool // something stands in the line
	space  bool // before the next word
	empty  int  // lines just ended without anything in them
}

func (w *textWriter) open(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Title:
		w.hidden++
	case atom.Br:
		w.newline()
	case atom.Blockquote:
		w.block()
		w.depth++
	case atom.P, atom.Div, atom.Tr, atom.Li, atom.Ul, atom.Ol, atom.Table, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.Pre:
		w.block()
	}
}

func (w *textWriter) close(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Title:
		w.hidden = max(0, w.hidden-1)
	case atom.Blockquote:
		w.block()
		w.depth = max(0, w.depth-1)
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.Table:
		w.block()
		w.newline()
	case atom.Div, atom.Tr, atom.Li, atom.Ul, atom.Ol, atom.Pre:
		w.block()
	}
}

// text writes words, one space between them.
func (w *textWriter) text(s string) {
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\f', '\u00a0':
			w.space = w.begun
		default:
			w.rune(r)
		}
	}
}

func (w *textWriter) rune(r rune) {
	if !w.begun {
		if depth := min(w.depth, 3); depth > 0 {
			w.b.WriteString(strings.Repeat(">", depth) + " ")
		}
		w.begun = true
	} else if w.space {
		w.b.WriteByte(' ')
	}
	w.space, w.empty = false, 0
	w.b.WriteRune(r)
}

// block ends a line that has begun.
func (w *textWriter) block() {
	if w.begun {
		w.newline()
	}
}

// newline ends a line; of empty ones, one.
func (w *textWriter) newline() {
	if !w.begun {
		if w.empty > 0 {
			return
		}
		w.empty++
	}
	w.b.WriteByte('\n')
	w.begun, w.space = false, false
}
