package inbound

import (
	"bytes"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2/mediatype"
)

// part is a part of a mail that holds no others.
type part struct {
	header      textproto.MIMEHeader
	kind        string // media type
	params      map[string]string
	disposition string
	file        string // its name
	body        []byte
	// choice says which alternatives it is one of; 0: none.
	choice int
}

// How much of a mail is looked at.
const (
	maxParts = 100
	maxDepth = 16
	maxKind  = 4 << 10 // bytes of a field that says what a part is
)

// walk goes through the parts of a mail, whose bytes it never copies.
type walk struct {
	parts   []part
	seen    int // parts, and what holds them
	choices int
	// cut says that there are more than are looked at; encrypted that a part can be
	// read by nobody but whom it was written to.
	cut, encrypted bool
}

// into takes what a header begins.
func (w *walk) into(h textproto.MIMEHeader, body []byte, depth, choice int) {
	if w.seen++; w.seen > maxParts || depth > maxDepth {
		w.cut = true
		return
	}
	kind, params := media(h.Get("Content-Type"))
	if kind == "" || !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		if kind == "multipart/encrypted" {
			w.encrypted = true
			return
		}
		if boundary, ok := boundaryOf(params["boundary"], body); ok {
			w.several(kind, boundary, body, depth, choice)
			return
		}
		kind = "text/plain" // it says that it has parts, and has none
	}
	p := part{header: h, kind: kind, params: params, body: body, choice: choice}
	disposition, named := media(h.Get("Content-Disposition"))
	p.disposition, p.file = disposition, named["filename"]
	if p.file == "" {
		p.file = params["name"]
	}
	if kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime" {
		w.encrypted = true
		return
	}
	w.parts = append(w.parts, p)
}

func (w *walk) several(kind, boundary string, body []byte, depth, choice int) {
	if kind == "multipart/alternative" {
		w.choices++
		choice = w.choices
	}
	for _, section := range sections(body, boundary) {
		if w.seen > maxParts {
			w.cut = true
			return
		}
		h, inner, ok := partHeader(section)
		if !ok {
			w.cut = true
			return
		}
		w.into(h, inner, depth+1, choice)
	}
}

// partHeader reads the header of a part, which may have none. ok is false for one
// that is longer than one may be: it takes many times its length.
func partHeader(section []byte) (h textproto.MIMEHeader, body []byte, ok bool) {
	switch end, last := headerEnd(section); {
	case last < 0:
		return textproto.MIMEHeader{}, bytes.TrimLeft(section, "\r\n"), true
	case end > maxHeader:
		return nil, nil, false
	}
	h, body = header(mended(section))
	return h, body, true
}

// media reads a field that says what a part is, however it is malformed.
func media(value string) (kind string, params map[string]string) {
	kind, params, _, err := mediatype.Parse(value[:min(len(value), maxKind)])
	if err != nil {
		kind, _, _ = strings.Cut(value, ";")
		params = map[string]string{}
		for _, m := range looseParam.FindAllStringSubmatch(value[:min(len(value), maxKind)], -1) {
			params[strings.ToLower(m[1])] = m[2]
		}
	}
	return strings.ToLower(strings.TrimSpace(kind)), params
}

// looseParam is a parameter of a field that is malformed.
var looseParam = regexp.MustCompile(`;\s*([A-Za-z-]+)\s*=\s*"?([^";\s]*)`)

// boundaryOf is what separates parts: what the header says, if that is there, else
// the first line that looks so.
func boundaryOf(said string, body []byte) (string, bool) {
	said = strings.TrimRight(said, " \t")
	if said != "" && (bytes.HasPrefix(body, []byte("--"+said)) || bytes.Contains(body, []byte("\n--"+said))) {
		return said, true
	}
	for at, lines := 0, 0; at < len(body) && lines < maxParts; lines++ {
		line := lineAt(body, at)
		at += len(line)
		if bare := bytes.TrimRight(line, " \t\r\n"); len(bare) > 2 && len(bare) <= 80 && bytes.HasPrefix(bare, []byte("--")) && fieldEnd(lineAt(body, at)) > 0 {
			return string(bare[2:]), true
		}
	}
	return "", false
}

// sections are what stands between the lines that separate parts, one more than are
// looked at.
func sections(body []byte, boundary string) (all [][]byte) {
	begins := -1
	for at := 0; at < len(body) && len(all) <= maxParts; {
		line := lineAt(body, at)
		if bytes.HasPrefix(line, []byte("--")) {
			bare := strings.TrimRight(string(line[2:min(len(line), 2+len(boundary)+80)]), " \t\r\n")
			closes := strings.TrimRight(strings.TrimSuffix(bare, "--"), " \t") == boundary && bare != boundary
			if bare == boundary || closes {
				if begins >= 0 {
					all = append(all, body[begins:at])
				}
				begins = at + len(line)
				if closes {
					return all
				}
			}
		}
		at += len(line)
	}
	if begins >= 0 && begins < len(body) {
		all = append(all, body[begins:])
	}
	return all
}
