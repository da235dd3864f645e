// Package inbox is what stores with a database do alike to show an inbox: where
// a page begins and ends, and how far it looks for what it is narrowed to.
package inbox

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Cursor is a place in an inbox: behind this conversation, as it was then.
type Cursor struct {
	LastAt       int64 // in microseconds since 1970 UTC
	Conversation uuid.UUID
}

// newest is the place before all.
var newest = Cursor{LastAt: math.MaxInt64}

const cursorSize = 8 + 16 + 4

// String is opaque to whoever keeps it. The checksum keeps typing errors from
// being places; there is nothing to guard, since a place shows only what is the
// reader's.
func (c Cursor) String() string {
	b := make([]byte, 0, cursorSize)
	b = binary.BigEndian.AppendUint64(b, uint64(c.LastAt))
	b = append(b, c.Conversation[:]...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor is the reverse of String; empty text is the place before all.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return newest, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != cursorSize {
		return Cursor{}, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	body, sum := b[:cursorSize-4], binary.BigEndian.Uint32(b[cursorSize-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return Cursor{}, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	return Cursor{LastAt: int64(binary.BigEndian.Uint64(body)), Conversation: uuid.UUID(body[8:])}, nil
}

// Bucket is the hour of the place.
func (c Cursor) Bucket() int64 { return Bucket(c.LastAt) }

// Bucket is the hour, since 1970 UTC, by which inboxes are ordered coarsely.
func Bucket(us int64) int64 { return us / time.Hour.Microseconds() }
