package live

import (
	"encoding/json"
	"strconv"

	"github.com/homeline/homeline/hub/wire"
)

// encodeInboxState is a state of the inbox without what happened.
func encodeInboxState(version, unread int64) []byte {
	b := make([]byte, 0, 64)
	b = append(b, `{"type":"inbox","version":`...)
	b = strconv.AppendInt(b, version, 10)
	b = append(b, `,"unread":`...)
	b = strconv.AppendInt(b, unread, 10)
	return append(b, '}')
}

func encodeMessage(m wire.Message) []byte {
	return encode(wire.MessageEvent{Type: wire.TypeMessage, Message: m})
}

// encode writes one of the shapes of hub/wire, which hold text, numbers,
// identifiers and times only.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("live: a frame cannot be encoded: " + err.Error())
	}
	return b
}
