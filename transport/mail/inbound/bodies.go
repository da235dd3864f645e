package inbound

import (
	"regexp"
	"strings"
	"unicode"
)

// bodies collects what one reads of a mail's parts, in their order.
type bodies struct {
	texts      []body
	read       map[bool]int // bytes of text, and of HTML
	files      int          // that came with it
	cut        bool
	unreadable bool
}

// body is one text.
type body struct {
	text   string
	words  map[string]int // how often it says them
	all    int
	html   bool
	cut    bool
	choice int // which alternatives it is one of
}

// take takes one part.
func (b *bodies) take(p part) {
	isHTML := p.kind == "text/html" || p.kind == "application/xhtml+xml"
	switch {
	case attached(p, len(b.texts) == 0):
		b.files++
		return
	case !isHTML && p.kind != "text/plain" && p.kind != "text/enriched" && p.kind != "text/markdown":
		return
	}
	content, cut, ok := transferred(p.body, p.header.Get("Content-Transfer-Encoding"), maxText-b.read[isHTML])
	if b.read == nil {
		b.read = map[bool]int{}
	}
	b.read[isHTML] += len(content)
	if cut { // the last character may be cut off, and none is guessed at
		content = content[:max(0, strings.LastIndexAny(string(content), " \n"))]
	}
	text, readable := textIn(content, p.params["charset"], isHTML)
	if !ok || !readable {
		b.unreadable = true
		return
	}
	if isHTML {
		text = textOf(text)
	} else if text = clean(text); strings.EqualFold(p.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(p.params["delsp"], "yes"))
	}
	text = clean(text)
	words, all := wordsOf(text)
	b.texts = append(b.texts, body{text: text, words: words, all: all, html: isHTML, cut: cut, choice: p.choice})
}

// text is what one reads: all texts, and one of those that say the same.
func (b *bodies) text() string {
	var said []string
	for i, t := range b.texts {
		if !shows(t.text) || b.other(i) || isBanner(t.text) && b.others(i) {
			continue
		}
		said = append(said, strings.Trim(t.text, "\n"))
		b.cut = b.cut || t.cut
	}
	if len(said) > 0 { // it can be read, whatever else there is
		b.unreadable = b.unreadable && b.onlyOne()
	}
	text := armored(strings.Join(said, "\n\n"))
	if encrypted.MatchString(text) {
		b.unreadable = true
	}
	return text
}

// onlyOne reports whether what cannot be read was a text of its own, rather than
// another form of one that can be.
func (b *bodies) onlyOne() bool {
	for _, t := range b.texts {
		if t.choice > 0 && shows(t.text) {
			return false
		}
	}
	return true
}

// other reports whether a text is another form of one that is read.
func (b *bodies) other(i int) bool {
	t := b.texts[i]
	for j, o := range b.texts {
		switch {
		case j == i || o.choice != t.choice || o.html == t.html || !shows(o.text):
		case t.choice == 0: // they are no forms of one another, but say the same
			if t.html && shared(o, t) == t.all {
				return true
			}
		case t.html:
			return !richer(o, t) && alike(o, t)
		default:
			return richer(t, o)
		}
	}
	return false
}

// others reports whether there is a text beside that one.
func (b *bodies) others(i int) bool {
	for j, o := range b.texts {
		if j != i && shows(o.text) && !isBanner(o.text) {
			return true
		}
	}
	return false
}

// shows reports whether a text has anything to be seen in it.
func shows(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && visibleRune(r) == r })
}

// stub is what programs put beside HTML for those who cannot see it.
var stub = regexp.MustCompile(`(?i)\bhtml\b|\bmulti-?part\b|does not support|cannot (?:show|display|view)|can'?t (?:show|display|view)|to view this`)

// banner is what gateways put above mails from elsewhere.
var banner = regexp.MustCompile(`(?i)^\W*(?:caution|warning|attention|external|precauci[oó]n|advertencia|atenci[oó]n)\b[^\n]{0,40}\b(?:external|outside|externo|externa|fuera)\b`)

func isBanner(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) < 600 && banner.MatchString(text) && !strings.Contains(text, "\n\n")
}

// moreWords is how many words a form has at least that has more than the other.
const moreWords = 5

// richer reports whether of two forms the plain one is left out: it only says that one
// cannot see the other, or is a part of it.
func richer(plain, rich body) bool {
	inRich, inPlain := shared(rich, plain), shared(plain, rich)
	if len(plain.text) < 400 && stub.MatchString(plain.text) && inRich < plain.all {
		return true
	}
	return 10*inRich >= 9*plain.all && 10*inPlain < 7*rich.all && rich.all-inPlain > moreWords
}

// alike reports whether two forms say the same, more or less. Two texts that have
// little in common are both read.
func alike(plain, rich body) bool {
	return 2*shared(rich, plain) >= plain.all || 2*shared(plain, rich) >= rich.all
}

// shared is how many words of the second text are in the first.
func shared(text, words body) (found int) {
	for word, n := range words.words {
		if text.words[word] > 0 {
			found += n
		}
	}
	return found
}

// wordsOf counts the words of a text.
func wordsOf(text string) (words map[string]int, all int) {
	words = map[string]int{}
	for _, word := range strings.FieldsFunc(strings.Join(pieceOf(text).words, " "), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		words[word]++
		all++
	}
	return words, all
}

var (
	encrypted   = regexp.MustCompile(`(?m)^-----BEGIN PGP MESSAGE-----`)
	signedBegin = regexp.MustCompile(`(?m)^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash: [^\n]*\n)*\n?`)
	dashed      = regexp.MustCompile(`(?m)^- -`) // how a line that begins with a dash is signed
	signedEnd   = regexp.MustCompile(`(?ms)^-----BEGIN PGP SIGNATURE-----\n.*?^-----END PGP SIGNATURE-----\n?`)
)

// armored is a text without what PGP puts around one that it has signed.
func armored(text string) string {
	if !signedBegin.MatchString(text) {
		return text
	}
	return dashed.ReplaceAllString(signedEnd.ReplaceAllString(signedBegin.ReplaceAllString(text, ""), ""), "-")
}

// How large pictures within a text are at most that were drawn for a signature, rather
// than taken: in bytes, as they are sent.
const (
	drawnSize = 40 << 10
	takenSize = 12 << 10 // of those that cameras make
)

// attached says whether a part is a file that came with the mail. Small pictures that
// the text shows are none, nor are signatures, and invitations; photographs are, also
// where they stand within the text.
func attached(p part, first bool) bool {
	isText := strings.HasPrefix(p.kind, "text/")
	switch {
	case strings.HasSuffix(p.kind, "-signature"), p.kind == "application/ms-tnef", p.kind == "text/calendar", p.kind == "application/ics", p.kind == "application/pgp-encrypted":
		return false
	case p.disposition == "attachment":
		return true
	case isText:
		return p.file != "" && !(first && (p.kind == "text/plain" || p.kind == "text/html"))
	}
	return p.header.Get("Content-Id") == "" || !strings.HasPrefix(p.kind, "image/") || len(p.body) > drawnSize ||
		len(p.body) > takenSize && taken.MatchString(p.kind)
}

// taken are kinds of pictures that cameras make.
var taken = regexp.MustCompile(`^image/(?:jpe?g|hei[cf])$`)

// unflow joins the lines of a paragraph (RFC 3676).
func unflow(text string, deleteSpace bool) string {
	var b strings.Builder
	flows, before := false, 0
	for i, line := range strings.Split(text, "\n") {
		depth := len(line) - len(strings.TrimLeft(line, ">"))
		content := strings.TrimPrefix(line[depth:], " ")
		if i > 0 && (!flows || depth != before) {
			b.WriteByte('\n')
		}
		if depth > 0 && (!flows || depth != before) {
			b.WriteString(strings.Repeat(">", depth) + " ")
		}
		flows, before = strings.HasSuffix(content, " ") && content != "-- ", depth
		if flows && deleteSpace {
			content = strings.TrimSuffix(content, " ")
		}
		b.WriteString(content)
	}
	return b.String()
}
