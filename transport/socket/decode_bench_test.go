package socket

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/homeline/homeline/transport/operation"
)

// BenchmarkReadingASend compares what reading a send costs with the least that
// encoding/json alone needs for the same, which would let through what can be
// read in two ways.
func BenchmarkReadingASend(b *testing.B) {
	raw, err := json.Marshal(map[string]any{
		"id": 7, "type": "send", "conversation": strings.Repeat("0", 36), "key": strings.Repeat("1", 36),
		"body": strings.Repeat("Please sign the form.\n", 10),
	})
	if err != nil {
		b.Fatal(err)
	}
	var r operation.SendRequest
	b.Run("generous", func(b *testing.B) {
		for b.Loop() {
			var bare struct {
				ID   json.RawMessage `json:"id"`
				Type json.RawMessage `json:"type"`
			}
			if !json.Valid(raw) || json.Unmarshal(raw, &bare) != nil || json.Unmarshal(raw, &r) != nil {
				b.Fatal("not read")
			}
		}
	})
	b.Run("strict", func(b *testing.B) {
		for b.Loop() {
			if _, err := decodeHeader(raw); err != nil || operation.Fill(&r, raw) != nil {
				b.Fatal("not read")
			}
		}
	})
}
