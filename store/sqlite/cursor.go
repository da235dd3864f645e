package sqlite

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// cursor is a place in an inbox: behind this conversation, as it was then.
type cursor struct {
	lastAt       int64
	conversation uuid.UUID
}

// newest is the place before all.
var newest = cursor{lastAt: math.MaxInt64}

const cursorSize = 8 + 16 + 4

// String is opaque to whoever keeps it. The checksum keeps typing errors from
// being places; there is nothing to guard, since a place shows only what is the
// reader's.
func (c cursor) String() string {
	b := make([]byte, 0, cursorSize)
	b = binary.BigEndian.AppendUint64(b, uint64(c.lastAt))
	b = append(b, c.conversation[:]...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s string) (cursor, error) {
	if s == "" {
		return newest, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != cursorSize {
		return cursor{}, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	body, sum := b[:cursorSize-4], binary.BigEndian.Uint32(b[cursorSize-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return cursor{}, &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	return cursor{lastAt: int64(binary.BigEndian.Uint64(body)), conversation: uuid.UUID(body[8:])}, nil
}

// bucket is the hour of the place.
func (c cursor) bucket() int64 { return bucketOf(c.lastAt) }
