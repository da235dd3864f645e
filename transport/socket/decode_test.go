package socket

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/strict"
)

func FuzzWhatAClientSendsIsUnderstoodOrRefused(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"type":"ping"}`, `{"id":"a","type":"subscribe","channel":"user"}`,
		`{"id":-1e9,"type":"subscribe","channel":"conversation:0","after":-1}`, `{"ID":1,"TYPE":"hello","token":null}`,
		`{"id":1,"id":2,"type":{"a":[]}}`, ` {"id":"\ud800","type":"\u0000"} `, `[]`, `null`, `{`, "\xff", `{"id":01}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := decodeHeader(raw)
		var object map[string]json.RawMessage
		isObject := json.Unmarshal(raw, &object) == nil && object != nil
		if isRefused := err == strict.ErrNotObject || err == strict.ErrNotUTF8; isRefused != (!isObject || !utf8.Valid(raw)) {
			t.Fatalf("%q: object %v, %v", raw, isObject, err)
		} else if err != nil && !isRefused && hub.CodeOf(err) == "" {
			t.Fatalf("%q: an error without a code: %v", raw, err)
		}
		if len(h.ID) > maxID || h.ID != nil && !json.Valid(h.ID) {
			t.Fatalf("%q: an id %q", raw, h.ID)
		}
		if frame, err := encodeAnswer(json.RawMessage(`1`), struct{}{}); err != nil || !json.Valid(frame) {
			t.Fatalf("%q, %v", frame, err)
		}
		_, _ = channelOf(h.Channel)
	})
}
