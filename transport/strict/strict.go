// Package strict refuses JSON that encoding/json reads more generously than its
// sender meant: bytes that are not UTF-8, half surrogate pairs and NUL, which
// would be stored as something else; a key that stands twice, of which the last
// would count; a key in another case, which would count as the right one.
package strict

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/homeline/homeline/hub"
)

// What is wrong with a text as a whole.
var (
	ErrNotUTF8   = errors.New("not valid UTF-8")
	ErrNotObject = errors.New("not a JSON object")
)

// maxDepth bounds how deep objects and arrays nest.
const (
	maxDepth   = 32
	farTooDeep = 1000
)

// Object checks that raw is one JSON object which can be read in one way only.
// known are the keys that mean something, at whatever level: others are ignored,
// unless they differ from one of these in case alone. It calls each (which may be
// nil) with the members of the object. Its error is ErrNotUTF8, ErrNotObject or a
// *hub.Error that names the key.
func Object(raw []byte, known *Keys, each func(key, value []byte)) error {
	if !utf8.Valid(raw) {
		return ErrNotUTF8
	}
	s := scanner{raw: raw, known: known}
	s.space()
	switch {
	case s.at == len(raw) || raw[s.at] != '{':
		return ErrNotObject
	case json.Valid(raw):
	case deep(raw): // encoding/json has a bound of its own, and does not say so
		return tooDeep().refusal()
	default:
		return ErrNotObject
	}
	if err := s.object(1, each); err != nil {
		return err.refusal()
	}
	return nil
}

// deep reports whether objects and arrays nest far deeper than they may, as far
// as that can be told of what may be no JSON.
func deep(raw []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			if depth++; depth > farTooDeep {
				return true
			}
		case c == '}', c == ']':
			depth--
		}
	}
	return false
}

// fault is what is wrong, and where: the path grows from the inside.
type fault struct {
	path   string
	code   hub.Code
	detail string
}

func (f *fault) refusal() error {
	if f.path == "" {
		return &hub.Error{Code: f.code, Detail: f.detail}
	}
	return &hub.Error{Code: f.code, Field: f.path, Detail: fmt.Sprintf("%s: %s", f.path, f.detail)}
}

// within puts the step before the path of a fault.
func (f *fault) within(step string) *fault {
	switch {
	case f.path == "":
		f.path = step
	case f.path[0] == '[':
		f.path = step + f.path
	default:
		f.path = step + "." + f.path
	}
	return f
}
