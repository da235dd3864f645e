package strict

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/homeline/homeline/hub"
)

// scanner walks over JSON that is known to be well formed.
type scanner struct {
	raw   []byte
	at    int
	known *Keys
}

func (s *scanner) space() {
	for s.at < len(s.raw) {
		switch s.raw[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// next steps over the byte that must come next, and the space around it.
func (s *scanner) next() {
	s.space()
	s.at++
	s.space()
}

func (s *scanner) value(depth int) *fault {
	switch s.raw[s.at] {
	case '{':
		return s.object(depth, nil)
	case '[':
		return s.array(depth)
	case '"':
		return fine(s.text())
	}
	for s.at < len(s.raw) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(s.raw[s.at])) {
		s.at++
	}
	return nil
}

func (s *scanner) array(depth int) *fault {
	if depth > maxDepth {
		return tooDeep()
	}
	s.next()
	for i := 0; s.raw[s.at] != ']'; i++ {
		s.separator()
		if f := s.value(depth + 1); f != nil {
			return f.within("[" + strconv.Itoa(i) + "]")
		}
		s.space()
	}
	s.at++
	return nil
}

// separator steps over the comma between two values.
func (s *scanner) separator() {
	if s.raw[s.at] == ',' {
		s.next()
	}
}

func (s *scanner) object(depth int, each func(key, value []byte)) *fault {
	if depth > maxDepth {
		return tooDeep()
	}
	var seen names
	for s.next(); s.raw[s.at] != '}'; s.space() {
		s.separator()
		begin := s.at
		if f := fine(s.text()); f != nil {
			return f.within(`a key`)
		}
		key := unquote(s.raw[begin:s.at])
		if f := s.check(key, &seen); f != nil {
			return f
		}
		s.next() // the colon
		begin = s.at
		if f := s.value(depth + 1); f != nil {
			return f.within(string(key))
		}
		if each != nil {
			each(key, s.raw[begin:s.at])
		}
	}
	s.at++
	return nil
}

func (s *scanner) check(key []byte, seen *names) *fault {
	if before, twice := seen.add(key); twice {
		detail := "the key stands twice"
		if before != string(key) {
			detail = "the key stands beside " + strconv.Quote(before) + ", which differs in case alone"
		}
		return &fault{path: string(key), code: hub.CodeInvalid, detail: detail}
	}
	if right, other := s.known.inOtherCase(key); other {
		return &fault{path: string(key), code: hub.CodeInvalid, detail: "write the key as " + strconv.Quote(right)}
	}
	return nil
}

// text steps over a string and returns what stands between its quotes.
func (s *scanner) text() []byte {
	begin := s.at + 1
	for s.at = begin; ; s.at++ {
		end := bytes.IndexByte(s.raw[s.at:], '"')
		s.at += end
		slashes := 0
		for s.at-slashes > begin && s.raw[s.at-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			s.at++
			return s.raw[begin : s.at-1]
		}
	}
}

// fine refuses the escapes that stand for no character, and NUL.
func fine(text []byte) *fault {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return nil
		}
		if text[i+1] != 'u' {
			text = text[i+2:]
			continue
		}
		r := escaped(text[i:])
		text = text[i+6:]
		switch {
		case r == 0:
			return &fault{code: hub.CodeInvalid, detail: "NUL is not text"}
		case !utf16.IsSurrogate(r):
		case len(text) < 6 || utf16.DecodeRune(r, escaped(text)) == utf8.RuneError:
			return &fault{code: hub.CodeInvalid, detail: "half of a surrogate pair is no character"}
		default:
			text = text[6:]
		}
	}
}

// escaped is the unit that \uXXXX stands for, -1 if that is not what comes.
func escaped(text []byte) rune {
	if text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// unquote is the text of a string. Few keys have escapes.
func unquote(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		return quoted
	}
	return []byte(text)
}

func tooDeep() *fault {
	return &fault{code: hub.CodeInvalid, detail: "nested more than " + strconv.Itoa(maxDepth) + " deep"}
}
