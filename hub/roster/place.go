package roster

import (
	"encoding/base64"

	"github.com/google/uuid"
)

// Place is a place in a list of people by name: behind this one. Its text is
// the cursor of a page.
type Place struct {
	SortKey string
	Person  uuid.UUID
}

// String is opaque to whoever keeps it.
func (p Place) String() string {
	return base64.RawURLEncoding.EncodeToString(append(p.Person[:], p.SortKey...))
}

// ParsePlace reads what String gave; ok is false for anything else. The empty
// text is the place before everybody.
func ParsePlace(text string) (p Place, ok bool) {
	if text == "" {
		return p, true
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < len(p.Person) {
		return p, false
	}
	copy(p.Person[:], b)
	p.SortKey = string(b[len(p.Person):])
	return p, true
}

// PageOf cuts a list that was read one place further than a page down to the
// page, and says where the next one begins: empty on the last.
func PageOf(found []Place, limit int) (ids []uuid.UUID, next string) {
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].String()
	}
	for _, f := range found {
		ids = append(ids, f.Person)
	}
	return ids, next
}

// PageSize is how many a page holds, of those asked for: 25 where that is not
// positive, at most 100.
func PageSize(asked int) int {
	if asked <= 0 {
		return 25
	}
	return min(asked, 100)
}
