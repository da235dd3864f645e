package inbound

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	gomessage "github.com/emersion/go-message"
	"golang.org/x/text/encoding/charmap"
)

// bodies collects what one reads of a mail's parts.
type bodies struct {
	plain, html strings.Builder
	attachments int
	parts       int
	// first says that it begins with HTML that is no other form of plain text: what
	// follows is more of the mail, as what a gateway puts below it.
	first        bool
	alternatives [][]int // where parts are that hold one thing in several forms
}

// text is what one reads, plain where there is a choice.
func (b *bodies) text() string {
	plain := b.plain.String()
	switch {
	case strings.TrimSpace(plain) == "":
		return textOf(b.html.String())
	case b.first:
		return textOf(b.html.String()) + "\n\n" + plain
	}
	return plain
}

// alternative says whether a part is one form of several.
func (b *bodies) alternative(path []int) bool {
	return slices.ContainsFunc(b.alternatives, func(of []int) bool { return len(of) < len(path) && slices.Equal(of, path[:len(of)]) })
}

// take takes one part, with what is wrong with it. A part in an unknown character set is read as it
// is; one in an unknown encoding cannot be.
func (b *bodies) take(path []int, e *gomessage.Entity, err error) error {
	if b.parts++; b.parts > maxParts {
		return errTooManyParts
	}
	kind, params, typeErr := e.Header.ContentType()
	if typeErr != nil || !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	if kind == "multipart/alternative" {
		b.alternatives = append(b.alternatives, path)
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"), gomessage.IsUnknownEncoding(err):
		return nil
	case attached(e, kind, params):
		b.attachments++
	case kind == "text/html":
		b.first = b.first || strings.TrimSpace(b.plain.String()) == "" && !b.alternative(path)
		b.html.WriteString(read8bit(e.Body, maxText-b.html.Len(), params))
	case kind == "text/plain":
		text := strings.ReplaceAll(read8bit(e.Body, maxText-b.plain.Len(), params), "\r\n", "\n")
		if strings.EqualFold(params["format"], "flowed") {
			text = unflow(text, strings.EqualFold(params["delsp"], "yes"))
		}
		if b.plain.Len() > 0 && b.plain.Len() < maxText {
			b.plain.WriteString("\n")
		}
		b.plain.WriteString(text)
	}
	return nil
}

// read8bit reads a part as far as it is looked at. A part that breaks off is read
// up to there. One that says nothing of its character set, and is no UTF-8, is of
// the set that old programs take for granted.
func read8bit(part io.Reader, room int, params map[string]string) string {
	b, _ := io.ReadAll(io.LimitReader(part, int64(max(0, room))))
	whole := b
	for range utf8.UTFMax - 1 { // the last character may be cut off
		if len(whole) > 0 && !utf8.Valid(whole) {
			whole = whole[:len(whole)-1]
		}
	}
	if params["charset"] != "" || utf8.Valid(whole) {
		return string(b)
	}
	text, err := charmap.Windows1252.NewDecoder().String(string(b))
	if err != nil {
		return string(b)
	}
	return text
}

// attached says whether a part is a file that came with the mail. Pictures that
// the text shows are none, nor are signatures; an iPhone's photographs are
// inline, and shown by nothing.
func attached(e *gomessage.Entity, kind string, params map[string]string) bool {
	disposition, named, err := e.Header.ContentDisposition()
	switch {
	case strings.HasSuffix(kind, "-signature"):
		return false
	case err == nil && disposition == "attachment":
		return true
	case strings.HasPrefix(kind, "text/"):
		return err == nil && named["filename"] != "" || params["name"] != ""
	}
	return e.Header.Get("Content-Id") == ""
}

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
