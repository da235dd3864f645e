package simulation_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// history is all that a page was told and did, in order.
type history struct{ entries []entry }

// entry is one thing that happened. Where it is something that the page did
// (Opened, Sent, Random), it belongs to what happened before it.
type entry struct {
	At float64 `json:"at"` // ms since the page was opened

	Do     string          `json:"do,omitempty"`     // what the person does, or the browser
	Talk   string          `json:"talk,omitempty"`   // of look, and of what was posted
	Type   string          `json:"type,omitempty"`   // of ask
	Fields json.RawMessage `json:"fields,omitempty"` // of ask
	Frame  json.RawMessage `json:"frame,omitempty"`  // from the server
	Closed *int            `json:"closed,omitempty"` // the connection, with its code
	Timer  int             `json:"timer,omitempty"`  // the nth that there was has fired
	Due    float64         `json:"due,omitempty"`    // when it was due
	Loaded *loaded         `json:"loaded,omitempty"` // the rows were read again, over HTTP
	Posted *posted         `json:"posted,omitempty"` // a mark was told over HTTP
	Reread *reread         `json:"reread,omitempty"` // the letters of Talk were read again, over HTTP

	Opened bool            `json:"opened,omitempty"` // a socket, by the page
	Sent   json.RawMessage `json:"sent,omitempty"`   // by the page
	Random *float64        `json:"random,omitempty"` // that the page drew
}

// loaded is a page of the inbox.
type loaded struct {
	Failed  bool             `json:"failed,omitempty"`
	Epoch   uuid.UUID        `json:"epoch"`
	Version int64            `json:"version"`
	Unread  int64            `json:"unread"`
	Rows    map[string]int64 `json:"rows,omitempty"` // unread, by conversation
}

// reread is a page of a conversation.
type reread struct {
	Failed  bool      `json:"failed,omitempty"`
	Epoch   uuid.UUID `json:"epoch"`
	Last    int64     `json:"last"`
	ReadSeq int64     `json:"read_seq"`
	Own     []int64   `json:"own"` // of the letters up to Last, those of one's own
}

// posted is what the API answered to a mark.
type posted struct {
	Failed  bool  `json:"failed,omitempty"`
	Refused bool  `json:"refused,omitempty"` // for good
	Version int64 `json:"version"`
	Unread  int64 `json:"unread"`
}

func (h *history) add(at float64, e entry) {
	e.At = at
	h.entries = append(h.entries, e)
}

// String is the history as one reads it, a line an entry.
func (h *history) String() string {
	var b strings.Builder
	for _, e := range h.entries {
		line, err := json.Marshal(e)
		if err != nil {
			line = []byte(err.Error())
		}
		fmt.Fprintf(&b, "    %s\n", line)
	}
	return b.String()
}
