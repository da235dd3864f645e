package operation

import (
	"fmt"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
)

// MaxRequest is how many bytes a request may have, as a frame of the socket or a
// body over HTTP. The longest that the fields allow fits in, also if every
// character of its text is written as two escapes of six bytes.
const MaxRequest = 256 << 10

// longest is how many bytes the longest request has: a start.
const longest = (hub.MaxBody+hub.MaxSubject)*len(`\ud83d\udc67`) +
	hub.MaxRequested*(len(`{"person":"","student":""},`)+2*idLength) + 1024 // names, key, type, spaces

const _ = uint(MaxRequest - longest) // does not compile if the longest does not fit

// TooLarge is the refusal of a request that has more bytes than it may.
func TooLarge(most int) error {
	return &hub.Error{Code: wire.CodeTooLarge, Limit: most, Detail: fmt.Sprintf("a request has at most %d bytes", most)}
}
