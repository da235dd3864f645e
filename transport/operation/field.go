package operation

import (
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// fields reads identifiers out of text and keeps the first thing that is wrong.
type fields struct{ err error }

// id is one that has to be there.
func (f *fields) id(name, text string) uuid.UUID {
	if text == "" {
		f.refuse(hub.CodeRequired, name)
		return uuid.Nil
	}
	return f.optionalID(name, text)
}

// key reads the key of a send, which is not all zeros.
func (f *fields) key(text string) uuid.UUID {
	key := f.id("key", text)
	if key == uuid.Nil {
		f.refuse(hub.CodeInvalid, "key")
	}
	return key
}

// optionalID is uuid.Nil where there is none.
func (f *fields) optionalID(name, text string) uuid.UUID {
	if text == "" {
		return uuid.Nil
	}
	id, err := ParseID(text)
	if err != nil {
		f.refuse(hub.CodeInvalid, name)
	}
	return id
}

func (f *fields) refuse(code hub.Code, name string) {
	if f.err == nil {
		f.err = &hub.Error{Code: code, Field: name}
	}
}

const idLength = 36

// ParseID reads an identifier in its usual form, and no other.
func ParseID(text string) (uuid.UUID, error) {
	if len(text) != idLength {
		return uuid.Nil, &hub.Error{Code: hub.CodeInvalid}
	}
	return uuid.Parse(text)
}
