package socket_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/coder/websocket"
)

// An outsider is a client as somebody else would write it: from
// docs/protocol.md alone, with a WebSocket and a JSON library and nothing of
// this program. Fields that the document does not name are an error to it,
// so it fails when the program says more than the document, or less.
type outsider struct {
	t       *testing.T
	address string // ws://host:port/socket
	token   string

	conn   *websocket.Conn
	asked  int
	events []told // those nobody has asked for yet
}

// A told frame is any frame of the server.
type told struct {
	ID   json.RawMessage `json:"id"`
	Type string          `json:"type"`
	raw  []byte
}

// refusal is the frame `error`; it is also what ask returns as its error.
type refusal struct {
	Code       string           `json:"code"`
	Field      string           `json:"field"`
	Limit      int              `json:"limit"`
	Got        int              `json:"got"`
	Detail     string           `json:"detail"`
	RetryAfter float64          `json:"retry_after"`
	Refused    []map[string]any `json:"refused"`
	Messages   []letterOutside  `json:"messages"`
}

func (r *refusal) Error() string { return r.Code + ": " + r.Detail }

// letterOutside is what the document calls message.
type letterOutside struct {
	Conversation string `json:"conversation"`
	Seq          int64  `json:"seq"`
	Sender       string `json:"sender"`
	SenderName   string `json:"sender_name"`
	Part         string `json:"part"`
	SentAt       string `json:"sent_at"`
	Body         string `json:"body"`
}

// connect dials, says hello and returns once it is welcome.
func (o *outsider) connect(ctx context.Context) (person string, err error) {
	o.conn, _, err = websocket.Dial(ctx, o.address, &websocket.DialOptions{Subprotocols: []string{"homeline.v1"}})
	if err != nil {
		return "", err
	}
	o.conn.SetReadLimit(1 << 20)
	o.events = nil
	if err := o.write(ctx, map[string]any{"id": 0, "type": "hello", "token": o.token}); err != nil {
		return "", err
	}
	frame, err := o.next(ctx)
	if err != nil {
		return "", err
	}
	if frame.Type == "error" {
		return "", refused(frame)
	}
	var welcome struct {
		Person, District, Name string
		Heartbeat              int
		Epoch, Time            string
		Messaging              bool
		ExpiresAt              string `json:"expires_at"`
		Limits                 struct{ Frame, Answer, Rate, Burst, Unanswered, Subscriptions int }
		Inbox                  *unreadAnswer
	}
	if err := strictly(frame.raw, &welcome); err != nil {
		return "", err
	}
	if frame.Type != "welcome" || string(frame.ID) != "0" || welcome.Name == "" || welcome.Heartbeat <= 0 {
		return "", fmt.Errorf("the first frame is no welcome: %s", frame.raw)
	}
	return welcome.Person, nil
}

// cut ends the connection as a tunnel does: without a word.
func (o *outsider) cut() { o.conn.CloseNow() }

// ask sends a request and reads up to its answer, which it decodes into
// answer. Events on the way are kept for hear.
func (o *outsider) ask(ctx context.Context, kind string, fields map[string]any, answer any) error {
	id, err := o.say(ctx, kind, fields)
	if err != nil {
		return err
	}
	for {
		frame, err := o.next(ctx)
		switch {
		case err != nil:
			return err
		case frame.ID == nil:
			o.events = append(o.events, frame)
		case string(frame.ID) != id:
			return fmt.Errorf("an answer to %s, which was not asked", frame.ID)
		case frame.Type == "error":
			return refused(frame)
		case frame.Type != "answer":
			return fmt.Errorf("neither answer nor error: %s", frame.raw)
		default:
			return strictly(frame.raw, answer)
		}
	}
}

// say sends a request and does not wait.
func (o *outsider) say(ctx context.Context, kind string, fields map[string]any) (id string, err error) {
	o.asked++
	request := map[string]any{"id": o.asked, "type": kind}
	maps.Copy(request, fields)
	return fmt.Sprint(o.asked), o.write(ctx, request)
}

// hear returns the next event of a type, decoded into event.
func (o *outsider) hear(ctx context.Context, kind string, event any) error {
	for {
		for i, frame := range o.events {
			if frame.Type == kind {
				o.events = append(o.events[:i:i], o.events[i+1:]...)
				return strictly(frame.raw, event)
			}
		}
		frame, err := o.next(ctx)
		if err != nil {
			return fmt.Errorf("waiting for %s: %w", kind, err)
		}
		o.events = append(o.events, frame)
	}
}

func (o *outsider) next(ctx context.Context) (told, error) {
	kind, raw, err := o.conn.Read(ctx)
	if err != nil {
		return told{}, err
	}
	if kind != websocket.MessageText {
		return told{}, errors.New("a frame that is not text")
	}
	o.t.Logf("← %s", raw)
	frame := told{raw: raw}
	return frame, json.Unmarshal(raw, &frame)
}

func (o *outsider) write(ctx context.Context, frame map[string]any) error {
	raw, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	o.t.Logf("→ %s", raw)
	return o.conn.Write(ctx, websocket.MessageText, raw)
}

func refused(frame told) error {
	r := new(refusal)
	if err := strictly(frame.raw, r); err != nil {
		return err
	}
	return r
}

// strictly decodes a frame whose id and type are known already.
func strictly(raw []byte, into any) error {
	if into == nil {
		into = &struct{}{}
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	delete(fields, "id")
	delete(fields, "type")
	rest, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(rest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%w in %s", err, raw)
	}
	return nil
}
