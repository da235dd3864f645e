package inbound

import (
	"io"
	"strings"

	gomessage "github.com/emersion/go-message"
)

// bodies collects what one reads of a mail's parts.
type bodies struct {
	plain, html strings.Builder
	attachments int
	parts       int
}

// take takes one part, with what is wrong with it. A part in an unknown character set is read as it
// is; one in an unknown encoding cannot be.
func (b *bodies) take(e *gomessage.Entity, err error) error {
	if b.parts++; b.parts > maxParts {
		return errTooManyParts
	}
	kind, params, typeErr := e.Header.ContentType()
	if typeErr != nil || !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"), gomessage.IsUnknownEncoding(err):
		return nil
	case attached(e, kind, params):
		b.attachments++
	case kind == "text/html":
		return copyText(&b.html, e.Body)
	case kind == "text/plain":
		var part strings.Builder
		if err := copyText(&part, e.Body); err != nil {
			return err
		}
		text := strings.ReplaceAll(part.String(), "\r\n", "\n")
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

// copyText reads a part as far as it is looked at. A part that breaks off is read
// up to there.
func copyText(into *strings.Builder, part io.Reader) error {
	room := maxText - into.Len()
	if room <= 0 {
		return nil
	}
	_, _ = io.Copy(into, io.LimitReader(part, int64(room)))
	return nil
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
