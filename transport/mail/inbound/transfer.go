package inbound

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// transferred is the content of a part, up to room bytes of it, as it was before it
// was made fit to be sent. What is malformed is read as far as it can be. ok is false
// for an encoding that cannot be read; cut says that there is more.
func transferred(body []byte, encoding string, room int) (content []byte, cut, ok bool) {
	encoding = strings.ToLower(encoding)
	if i := strings.IndexAny(encoding, ";,("); i >= 0 {
		encoding = encoding[:i]
	}
	letters := strings.Map(func(r rune) rune {
		if r < '0' || r > 'z' || r > '9' && r < 'a' {
			return -1
		}
		return r
	}, encoding)
	switch name := strings.TrimPrefix(letters, "x"); {
	case (name == "base64" || name == "b") && !isProse(body):
		content = base64Lines(body, room)
	case name == "quotedprintable" || name == "q" || name == "qp":
		content = quotedPrintable(body, room)
	case name == "uuencode" || name == "uue" || name == "uu" || name == "yencode" || name == "binhex" || name == "macbinhex40":
		return nil, false, false
	default: // what is called 7-bit, 8 bit, plain or utf-8 is as it is
		if bare := bytes.TrimRight(body, " \t\r\n"); len(bare) <= room { // nothing is cut but empty lines
			body = body[:min(len(body), room)]
		}
		content = body[:min(len(body), room+1)]
	}
	if len(content) > room {
		return content[:room], true, true
	}
	return content, false, true
}

// quotedPrintable reads RFC 2045; what is no code is as it stands.
func quotedPrintable(b []byte, room int) []byte {
	out := make([]byte, 0, min(len(b), room+1))
	for i := 0; i < len(b) && len(out) <= room; i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if i+2 < len(b) && unhex(b[i+1]) >= 0 && unhex(b[i+2]) >= 0 {
			out = append(out, byte(unhex(b[i+1])<<4|unhex(b[i+2])))
			i += 2
			continue
		}
		rest := bytes.TrimLeft(b[i+1:min(len(b), i+80)], " \t")
		switch {
		case bytes.HasPrefix(rest, []byte("\r\n")):
			i = soft(b, i, 2)
		case bytes.HasPrefix(rest, []byte("\n")), bytes.HasPrefix(rest, []byte("\r")):
			i = soft(b, i, 1)
		case len(rest) == 0 && i+80 >= len(b):
			i = len(b)
		default:
			out = append(out, '=')
		}
	}
	return out
}

// soft is the last byte of a line end that is none, with spaces before it.
func soft(b []byte, at, length int) int {
	for at++; b[at] == ' ' || b[at] == '\t'; at++ {
	}
	return at + length - 1
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// isProse reports whether the first line of what is called base64 is none: it has
// spaces between words, or too much that is no code.
func isProse(b []byte) bool {
	line := bytes.TrimSpace(lineAt(bytes.TrimSpace(b), 0))
	stray, spaces := 0, 0
	for _, c := range line {
		switch {
		case c == ' ' || c == '\t':
			spaces++
		case !inBase64(c) && c != '=':
			stray++
		}
	}
	return spaces > 0 && len(line)/(spaces+1) < 20 || stray > 1+len(line)/20 || stray > 0 && len(line) < 8
}

// base64Lines reads base64 line by line: a stray character is left out, padding may
// come early or not at all, and what a gateway puts below it ends it.
func base64Lines(b []byte, room int) []byte {
	var out []byte
	quantum := make([]byte, 0, 4)
	flush := func() {
		if n := len(quantum); n >= 2 {
			var into [3]byte
			if m, err := base64.RawStdEncoding.Decode(into[:], quantum); err == nil || m > 0 {
				out = append(out, into[:m]...)
			}
		}
		quantum = quantum[:0]
	}
	ended := false // by an empty line
	for at := 0; at < len(b) && len(out) <= room; {
		line := lineAt(b, at)
		at += len(line)
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			ended = len(out) > 0
			continue
		}
		stray := 0
		for _, c := range line {
			if !inBase64(c) && c != '=' {
				stray++
			}
		}
		if ended && (stray > 0 || len(line)%4 != 0) || stray > 1+len(line)/20 {
			if len(out) > 0 {
				break
			}
			continue
		}
		for _, c := range line {
			switch {
			case c == '=':
				flush()
			case inBase64(c):
				if quantum = append(quantum, c); len(quantum) == 4 {
					flush()
				}
			}
		}
	}
	flush()
	return out
}

func inBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}
