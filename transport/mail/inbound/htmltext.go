package inbound

import (
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"

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
			w.endLink()
			return strings.TrimSpace(w.b.String())
		case html.TextToken:
			if w.hidden == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			w.start(atom.Lookup(name), attributes(z, more))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
}

// attributes are those of a tag that say how it is read.
func attributes(z *html.Tokenizer, more bool) map[string]string {
	var all map[string]string
	for n := 0; more && n < 50; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch k := string(key); k {
		case "href", "alt", "style", "start":
			if all == nil {
				all = map[string]string{}
			}
			if _, twice := all[k]; !twice {
				all[k] = string(value)
			}
		}
	}
	return all
}

// textWriter writes words into lines.
type textWriter struct {
	b      strings.Builder
	depth  int    // of quotations
	hidden int    // of elements that show nothing
	begun  bool   // something stands in the line
	space  bool   // before the next word
	cell   bool   // before the next word another cell begins
	empty  int    // lines just ended without anything in them
	styled []span // elements that are read otherwise, and those of their kind within
	pre    int    // of elements whose lines stay
	struck int    // of elements that do not hold any more
	lists  []int  // number of the next item; 0: they have none
	link   string // where the link leads that is open
	linked strings.Builder
}

// span is an element that is open.
type span struct {
	tag    atom.Atom
	pre    bool
	struck bool
}

// maxNested bounds what is kept of elements within one another.
const maxNested = 1_000

func (w *textWriter) start(tag atom.Atom, has map[string]string) {
	w.style(tag, has["style"])
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template:
		w.hidden++
	case atom.Br:
		w.newline()
	case atom.Blockquote:
		w.block()
		w.depth++
	case atom.Td, atom.Th:
		w.cell = w.begun
	case atom.A:
		w.endLink()
		w.link = has["href"]
		w.linked.Reset()
	case atom.Img:
		if w.hidden == 0 && isEmoji(has["alt"]) {
			w.text(has["alt"])
		}
	case atom.Ul, atom.Ol:
		w.block()
		if len(w.lists) < maxNested {
			next, _ := strconv.Atoi(has["start"])
			w.lists = append(w.lists, map[bool]int{true: max(1, next), false: 0}[tag == atom.Ol])
		}
	case atom.Li:
		w.block()
		w.item()
	default:
		if isBlock[tag] {
			w.block()
		}
	}
}

func (w *textWriter) end(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template:
		w.hidden = max(0, w.hidden-1)
	case atom.Blockquote:
		w.block()
		w.depth = max(0, w.depth-1)
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table:
		w.block()
		w.newline()
	case atom.A:
		w.endLink()
	case atom.Ul, atom.Ol:
		w.block()
		w.lists = w.lists[:max(0, len(w.lists)-1)]
	default:
		if isBlock[tag] {
			w.block()
		}
	}
	w.unstyle(tag)
}

// isBlock are elements that stand in lines of their own.
var isBlock = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Tr: true, atom.Li: true, atom.Table: true, atom.Hr: true, atom.Pre: true, atom.H1: true, atom.H2: true, atom.H3: true,
	atom.H4: true, atom.H5: true, atom.H6: true, atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Address: true, atom.Dl: true,
	atom.Dt: true, atom.Dd: true, atom.Figure: true, atom.Figcaption: true, atom.Center: true, atom.Form: true, atom.Fieldset: true, atom.Body: true, atom.Caption: true,
}

// style notes what an element says of how its words are read.
func (w *textWriter) style(tag atom.Atom, style string) {
	s := span{tag: tag}
	style = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, style)
	s.pre = tag == atom.Pre || strings.Contains(style, "white-space:pre")
	s.struck = tag == atom.S || tag == atom.Strike || tag == atom.Del || strings.Contains(style, "line-through")
	within := false
	for _, open := range w.styled {
		within = within || open.tag == tag
	}
	if !s.pre && !s.struck && !within || len(w.styled) == maxNested || tag == atom.Br || tag == atom.Img || tag == atom.Hr {
		return
	}
	w.styled = append(w.styled, s)
	w.pre += count(s.pre)
	if s.struck {
		if w.struck++; w.struck == 1 {
			w.mark()
		}
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// unstyle ends the innermost element of a tag.
func (w *textWriter) unstyle(tag atom.Atom) {
	for i := len(w.styled) - 1; i >= 0; i-- {
		s := w.styled[i]
		if s.tag != tag {
			continue
		}
		w.styled = append(w.styled[:i], w.styled[i+1:]...)
		w.pre -= count(s.pre)
		if s.struck {
			if w.struck--; w.struck == 0 {
				w.unmark()
			}
		}
		return
	}
}

// struckOut stands around words that do not hold any more.
const struckOut = "~~"

func (w *textWriter) mark() {
	if w.hidden == 0 {
		for _, r := range struckOut {
			w.rune(r)
		}
		w.space = false
	}
}

func (w *textWriter) unmark() {
	if w.hidden > 0 {
		return
	}
	space := w.space
	w.space = false
	for _, r := range struckOut {
		w.rune(r)
	}
	w.space = space
}

// item begins an item of a list.
func (w *textWriter) item() {
	if len(w.lists) == 0 {
		return
	}
	mark := "-"
	if last := &w.lists[len(w.lists)-1]; *last > 0 {
		mark = strconv.Itoa(*last) + "."
		*last++
	}
	w.text(mark + " ")
}

// endLink says where a link leads that does not say it itself.
func (w *textWriter) endLink() {
	link, said := w.link, strings.TrimSpace(w.linked.String())
	w.link = ""
	w.linked.Reset()
	if said == "" || len(link) > maxKind || w.hidden > 0 {
		return
	}
	u, err := url.Parse(link)
	switch {
	case err != nil:
		return
	case u.Scheme == "mailto":
		if strings.Contains(strings.ToLower(said), "@") {
			return
		}
		link = u.Opaque
	case u.Scheme != "http" && u.Scheme != "https", sameLink(said, u):
		return
	}
	space := w.space
	w.space = w.begun
	w.words("<" + link + ">")
	w.space = space
}

// sameLink reports whether the words of a link are where it leads.
func sameLink(said string, u *url.URL) bool {
	said = strings.TrimSuffix(strings.ToLower(strings.Trim(said, "<>()[] ")), "/")
	for _, prefix := range []string{"https://", "http://"} {
		said = strings.TrimPrefix(said, prefix)
	}
	leads := strings.TrimSuffix(strings.ToLower(u.Host+u.EscapedPath()+map[bool]string{true: "?" + u.RawQuery}[u.RawQuery != ""]), "/")
	return said == leads || said == strings.TrimPrefix(leads, "www.") || strings.HasPrefix(leads, said) && strings.Contains(said, ".")
}

// isEmoji reports whether the words for a picture are one: neither a name nor a
// description.
func isEmoji(alt string) bool {
	return alt != "" && len(alt) < 40 && !strings.ContainsFunc(alt, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) && r < 0x80 })
}

// text writes words, one space between them, or as they stand where lines stay.
func (w *textWriter) text(s string) {
	if w.link != "" {
		w.linked.WriteString(s)
	}
	if !w.begun && strings.Trim(s, "\n") == "-- " { // above a signature
		w.words("--")
		w.b.WriteByte(' ')
		return
	}
	w.words(s)
}

func (w *textWriter) words(s string) {
	for _, r := range s {
		switch r {
		case '\n':
			if w.pre > 0 {
				w.newline()
				continue
			}
			w.space = w.begun
		case ' ', '\t', '\u00a0':
			if w.pre > 0 {
				w.rune(' ')
				continue
			}
			w.space = w.begun
		case '\r', '\f':
			w.space = w.begun && w.pre == 0
		default:
			w.rune(r)
		}
	}
}

func (w *textWriter) rune(r rune) {
	switch {
	case !w.begun:
		if depth := min(w.depth, 3); depth > 0 {
			w.b.WriteString(strings.Repeat(">", depth) + " ")
		}
		w.begun = true
	case w.cell:
		w.b.WriteString(" | ")
	case w.space:
		w.b.WriteByte(' ')
	}
	w.space, w.cell, w.empty = false, false, 0
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
	w.begun, w.space, w.cell = false, false, false
}
