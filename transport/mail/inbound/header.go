package inbound

import (
	"bytes"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
)

// fieldEnd returns the length of the beginning of a line that names a field of a
// header, with its colon; 0 if the line names none (RFC 5322, sections 2.2 and 4.5).
func fieldEnd(line []byte) int {
	name := 0
	for name < len(line) && line[name] > ' ' && line[name] <= '~' && line[name] != ':' {
		name++
	}
	colon := name
	for colon < len(line) && (line[colon] == ' ' || line[colon] == '\t') {
		colon++
	}
	if name == 0 || colon == len(line) || line[colon] != ':' {
		return 0
	}
	return colon + 1
}

// mended is a mail without the lines of its header that no program can read: the
// line with which mailboxes keep mails apart, one that a virus scanner put there, a
// field that was not folded right. A mail is never refused for one of these. It is
// the same bytes where there are none.
func mended(raw []byte) []byte {
	end, last := headerEnd(raw)
	if end > maxHeader { // it is not read
		return raw
	}
	var kept [][]byte
	dropped, whole := false, true
	at := 0
	for at < end {
		line := lineAt(raw, at)
		bare := bytes.TrimRight(line, "\r\n")
		switch {
		case fieldEnd(bare) > 0:
			kept, dropped = append(kept, line), false
		case (bare[0] == ' ' || bare[0] == '\t') && at > 0 && !dropped:
			kept = append(kept, line)
		case at > last && last >= 0: // nothing stands between header and body
			return bytes.Join(append(kept, lineEnd(raw), raw[at:]), nil)
		default:
			dropped, whole = true, false
		}
		at += len(line)
	}
	switch {
	case whole:
		return raw
	case at == len(raw):
		return bytes.Join(append(kept, lineEnd(raw)), nil)
	}
	return bytes.Join(append(kept, raw[at:]), nil)
}

// headerEnd is where the empty line begins that ends a header, and where its last
// field does; negative if it has none.
func headerEnd(raw []byte) (end, last int) {
	last = -1
	for end < len(raw) {
		line := lineAt(raw, end)
		bare := bytes.TrimRight(line, "\r\n")
		if len(bare) == 0 {
			break
		}
		if fieldEnd(bare) > 0 {
			last = end
		}
		end += len(line)
	}
	return end, last
}

func lineAt(raw []byte, at int) []byte {
	if end := bytes.IndexByte(raw[at:], '\n'); end >= 0 {
		return raw[at : at+end+1]
	}
	return raw[at:]
}

func lineEnd(raw []byte) []byte {
	if bytes.Contains(raw[:min(len(raw), maxHeader)], []byte("\r\n")) {
		return []byte("\r\n")
	}
	return []byte("\n")
}

// header reads the header of a mail or of a part that was mended, and returns what
// follows it.
func header(raw []byte) (h textproto.MIMEHeader, body []byte) {
	h = textproto.MIMEHeader{}
	name, value := "", strings.Builder{}
	add := func() {
		if name != "" {
			h[name] = append(h[name], strings.TrimSpace(value.String()))
		}
		name = ""
		value.Reset()
	}
	for at := 0; at < len(raw); {
		line := lineAt(raw, at)
		at += len(line)
		bare := bytes.TrimRight(line, "\r\n")
		if len(bare) == 0 {
			add()
			return h, raw[at:]
		}
		if end := fieldEnd(bare); end > 0 {
			add()
			name = textproto.CanonicalMIMEHeaderKey(strings.TrimRight(string(bare[:end-1]), " \t"))
			value.Write(bare[end:])
			continue
		}
		value.WriteByte(' ')
		value.Write(bytes.TrimLeft(bare, " \t"))
	}
	add()
	return h, nil
}

// only is a header that may be there once; empty if it is there more often.
func only(h textproto.MIMEHeader, name string) string {
	if len(h[name]) != 1 {
		return ""
	}
	return h[name][0]
}

// bareAddress is an address in a header that is not written as one should be.
var bareAddress = regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?`)

// senderOf is the one address that a From names, empty if it names none, or more: of
// two nobody knows which is meant. Mail programs show it also where it is not written
// as it should be.
func senderOf(from string) string {
	found := addresses(from)
	if len(found) == 0 {
		for _, a := range bareAddress.FindAllString(decoded(from[:min(len(from), maxSubject)]), -1) {
			found = append(found, strings.ToLower(a))
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 1 {
		return found[0]
	}
	return ""
}
