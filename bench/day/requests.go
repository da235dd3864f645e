package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// breath is between two requests: a person may make 20 a second.
const breath = 60 * time.Millisecond

// price is what a kind of request asks the database, on the average of some. What
// the nodes ask by themselves meanwhile is in it, a fraction.
type price struct {
	request       string
	asks, bracket float64 // bracket: of these, begin and commit
	log           float64 // bytes of WAL
}

// asker makes one request after the other, as one person.
type asker struct {
	crowd        *crowd
	teacher      *person
	conversation uuid.UUID
	socket       *websocket.Conn
}

// prices makes every kind of request alone, when nobody else is there.
func prices(ctx context.Context, c *crowd, db *pgx.Conn) ([]price, error) {
	a, err := newAsker(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { a.socket.CloseNow() }()
	conversation := "/api/v1/conversations/" + a.conversation.String()
	var all []price
	for _, kind := range []struct {
		name string
		do   func() error
	}{
		{"the inbox's page", func() error { return a.page(ctx, "/inbox") }},
		{"a conversation's page", func() error { return a.page(ctx, "/conversations/"+a.conversation.String()) }},
		{"a socket, until welcome", func() error { return a.dial(ctx) }},
		{"subscribe, one's inbox", func() error { return a.ask(ctx, map[string]any{"type": "subscribe", "channel": "user"}) }},
		{"subscribe, a conversation", func() error {
			return a.ask(ctx, map[string]any{"type": "subscribe", "channel": "conversation:" + a.conversation.String()})
		}},
		{"send", func() error {
			return a.call(ctx, "POST", conversation+"/messages", map[string]any{"key": uuid.New(), "body": a.teacher.words()})
		}},
		{"start, with one family", func() error { return a.start(ctx) }},
		{"read", func() error { return a.call(ctx, "POST", conversation+"/read", map[string]any{"up_to": 1}) }},
		{"unread", func() error { return a.call(ctx, "GET", "/api/v1/unread", nil) }},
		{"inbox", func() error { return a.call(ctx, "GET", "/api/v1/inbox", nil) }},
		{"conversation", func() error { return a.call(ctx, "GET", conversation, nil) }},
		{"messages", func() error { return a.call(ctx, "GET", conversation+"/messages", nil) }},
		{"contacts of staff", func() error { return a.call(ctx, "GET", "/api/v1/contacts?side=staff", nil) }},
	} {
		p, err := priceOf(ctx, db, kind.name, c.options.repeats, kind.do)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind.name, err)
		}
		all = append(all, p)
	}
	return all, nil
}

func priceOf(ctx context.Context, db *pgx.Conn, name string, repeats int, do func() error) (price, error) {
	if err := do(); err != nil { // what is done once only is not counted
		return price{}, err
	}
	if err := beginCount(ctx, db); err != nil {
		return price{}, err
	}
	for range repeats {
		if err := do(); err != nil {
			return price{}, err
		}
		sleep(ctx, breath)
	}
	s, err := readCount(ctx, db)
	n := float64(repeats)
	return price{name, float64(s.calls) / n, float64(s.bracket) / n, float64(s.log) / n}, err
}

func newAsker(ctx context.Context, c *crowd) (*asker, error) {
	for _, p := range c.wrote {
		if p.group != uuid.Nil {
			a := &asker{crowd: c, teacher: p, conversation: p.group}
			return a, a.dial(ctx)
		}
	}
	return nil, errors.New("no teacher has a conversation")
}

func (a *asker) page(ctx context.Context, path string) error {
	_, err := a.crowd.pages.fetch(ctx, a.teacher.token, path)
	return err
}

// dial opens a socket in the place of the one that is open.
func (a *asker) dial(ctx context.Context) error {
	if a.socket != nil {
		a.socket.CloseNow()
	}
	conn, _, err := websocket.Dial(ctx, "ws://"+a.crowd.server+"/socket", &websocket.DialOptions{Subprotocols: []string{"homeline.v1"}})
	if err != nil {
		return err
	}
	a.socket = conn
	return exchange(ctx, a.socket, map[string]any{"type": "hello", "token": a.teacher.token}, "welcome")
}

func (a *asker) ask(ctx context.Context, request map[string]any) error {
	return exchange(ctx, a.socket, request, "answer")
}

// exchange says a frame and waits for one of a type.
func exchange(ctx context.Context, socket *websocket.Conn, request map[string]any, until string) error {
	request["id"] = 1
	raw, err := json.Marshal(request)
	if err != nil {
		return err
	}
	if err := socket.Write(ctx, websocket.MessageText, raw); err != nil {
		return err
	}
	for {
		_, raw, err := socket.Read(ctx)
		if err != nil {
			return err
		}
		var f struct {
			Type string `json:"type"`
		}
		switch err := json.Unmarshal(raw, &f); {
		case err != nil:
			return err
		case f.Type == until:
			return nil
		case f.Type == "error":
			return fmt.Errorf("refused: %s", raw)
		}
	}
}

func (a *asker) start(ctx context.Context) error {
	return a.call(ctx, "POST", "/api/v1/conversations", map[string]any{
		"key": uuid.New(), "side": "staff", "mode": "together", "subject": "Afterwards", "body": a.teacher.words(),
		"recipients": recipientsOf(a.teacher.families[0]),
	})
}

// call asks the JSON API.
func (a *asker) call(ctx context.Context, method, path string, asked any) error {
	var body bytes.Buffer
	if asked != nil {
		if err := json.NewEncoder(&body).Encode(asked); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+a.crowd.server+path, &body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+a.teacher.token)
	if asked != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := a.crowd.pages.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return err
	case answer.StatusCode >= 300:
		return fmt.Errorf("%s: %s", answer.Status, said)
	}
	return nil
}
