package sqlite

import (
	"time"

	"github.com/google/uuid"
)

// key is an identifier as the tables hold it: 16 bytes. uuid.UUID reads itself
// back from them, but would write itself as text.
func key(id uuid.UUID) []byte { return id[:] }

// orNull is NULL for uuid.Nil.
func orNull(id uuid.UUID) []byte {
	if id == uuid.Nil {
		return nil
	}
	return id[:]
}

// micros is an instant as the tables hold it.
func micros(t time.Time) int64 { return t.UnixMicro() }

// instant is the reverse of micros.
func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }
