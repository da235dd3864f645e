package main

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

// outsider is a client that does what docs/protocol.md says, with one
// conversation: it compares versions and numbers within an epoch, and forgets all
// of them with it.
type outsider struct {
	t            *testing.T
	token        string
	conversation uuid.UUID
	at           *server
	ws           *websocket.Conn

	epoch           string
	version, unread int64
	letters         []string // the nth has the number n
	closed          []int    // with which codes connections ended
}

type outsiderFrame struct {
	Type, Epoch     string
	Version, Unread *int64
	Messages        []outsiderMessage
	Message         *outsiderMessage
}

type outsiderMessage struct {
	Conversation uuid.UUID
	Seq          int64
	Body         string
}

// until follows what it is told, over however many connections, until its state
// is this one.
func (o *outsider) until(unread int64, letters ...string) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	for o.unread != unread || !slices.Equal(o.letters, letters) {
		if o.ws == nil {
			o.connect(ctx)
		}
		if o.ws == nil {
			continue
		}
		_, raw, err := o.ws.Read(ctx)
		if ctx.Err() != nil {
			o.t.Fatalf("it shows %d unread and %q, want %d and %q", o.unread, o.letters, unread, letters)
		}
		if err != nil {
			o.ends(err)
			continue
		}
		var f outsiderFrame
		if err := json.Unmarshal(raw, &f); err != nil {
			o.t.Fatalf("%v: %s", err, raw)
		}
		o.take(ctx, f)
	}
}

func (o *outsider) connect(ctx context.Context) {
	ws, _, err := websocket.Dial(ctx, o.at.url+"/socket", &websocket.DialOptions{Subprotocols: []string{"homeline.v1"}})
	if err != nil {
		time.Sleep(50 * time.Millisecond) // as one comes back
		return
	}
	o.ws = ws
	o.t.Cleanup(func() { ws.CloseNow() })
	o.say(ctx, map[string]any{"id": 1, "type": "hello", "token": o.token})
}

func (o *outsider) ends(err error) {
	code := int(websocket.CloseStatus(err))
	if code >= 4500 {
		o.t.Fatalf("it was told to stay away: %v", err)
	}
	o.closed = append(o.closed, code)
	o.ws = nil
}

func (o *outsider) say(ctx context.Context, frame map[string]any) {
	raw, err := json.Marshal(frame)
	if err != nil {
		o.t.Fatal(err)
	}
	_ = o.ws.Write(ctx, websocket.MessageText, raw) // reading tells
}

func (o *outsider) take(ctx context.Context, f outsiderFrame) {
	if f.Type == "welcome" {
		if f.Epoch != o.epoch {
			o.epoch, o.version, o.unread, o.letters = f.Epoch, -1, 0, nil
		}
		o.say(ctx, map[string]any{"id": 2, "type": "subscribe", "channel": "user"})
		o.say(ctx, map[string]any{"id": 3, "type": "subscribe", "channel": "conversation:" + o.conversation.String(), "after": len(o.letters)})
		return
	}
	if f.Epoch != "" && f.Epoch != o.epoch {
		o.t.Fatalf("an answer is of the epoch %s, the welcome was of %s", f.Epoch, o.epoch)
	}
	if f.Version != nil && *f.Version > o.version {
		o.version, o.unread = *f.Version, *f.Unread
	}
	if f.Message != nil {
		f.Messages = append(f.Messages, *f.Message)
	}
	for _, m := range f.Messages {
		if m.Conversation == o.conversation && m.Seq == int64(len(o.letters))+1 {
			o.letters = append(o.letters, m.Body)
		}
	}
}

// says sends a letter over the API.
func (s *server) says(token string, conversation uuid.UUID, body string) {
	s.t.Helper()
	raw, err := json.Marshal(map[string]string{"body": body})
	if err != nil {
		s.t.Fatal(err)
	}
	path, key := "/api/v1/conversations/"+conversation.String()+"/messages", uuid.NewString()
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		status, answer := s.call(http.MethodPost, path, token, key, string(raw))
		if status == http.StatusCreated || status == http.StatusOK {
			return
		}
		if status != http.StatusServiceUnavailable || time.Since(began) > patience {
			s.t.Fatalf("sending %q: %d %s", body, status, answer)
		}
	}
}
