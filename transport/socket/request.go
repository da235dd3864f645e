package socket

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/strict"
)

// header is what the socket itself reads of a frame.
type header struct {
	ID        json.RawMessage `json:"id"`
	Type      string          `json:"type"`
	Token     string          `json:"token"`     // of hello and token
	Channel   string          `json:"channel"`   // of subscribe and unsubscribe
	After     int64           `json:"after"`     // of subscribe
	Limit     *int            `json:"limit"`     // of subscribe
	Subscribe []string        `json:"subscribe"` // of hello
}

const maxID = 64 // of the id of a request, in bytes

// decodeHeader reads a frame. Its error is [strict.ErrNotUTF8],
// [strict.ErrNotObject] or a *hub.Error; of a JSON object the header then has as
// much as could be read, without an id that has come twice.
func decodeHeader(raw []byte) (header, error) {
	var id, kind json.RawMessage
	err := operation.Check(raw, func(key, value []byte) {
		switch string(key) {
		case "id":
			id = value
		case "type":
			kind = value
		}
	})
	if err != nil && hub.CodeOf(err) == "" {
		return header{}, err
	}
	var h header
	if validID(id) {
		h.ID = id
	}
	switch {
	case err != nil:
		return h, err
	case h.ID == nil:
		return h, &hub.Error{Code: wire.CodeBadRequest, Field: "id"}
	case json.Unmarshal(kind, &h.Type) != nil || h.Type == "":
		return h, &hub.Error{Code: wire.CodeBadRequest, Field: "type"}
	}
	switch h.Type {
	case "subscribe", "unsubscribe", "hello", "token":
		err = operation.Fill(&h, raw)
	}
	if i := slices.IndexFunc(h.Subscribe, func(channel string) bool { return channel != userChannel }); err == nil && i >= 0 {
		err = &hub.Error{Code: hub.CodeInvalid, Field: "subscribe", Detail: "subscribe: user is the only channel that a hello subscribes to"}
	}
	return h, err
}

// validID says whether an id is a number or a string that is short enough.
func validID(id json.RawMessage) bool {
	if len(id) == 0 || len(id) > maxID {
		return false
	}
	return id[0] == '"' || id[0] == '-' || id[0] >= '0' && id[0] <= '9'
}

func encodeError(id json.RawMessage, e wire.Error) ([]byte, error) {
	return json.Marshal(wire.ErrorFrame{ID: id, Type: wire.TypeError, Error: e})
}

// encodeAnswer puts id and type before the fields of an answer.
func encodeAnswer(id json.RawMessage, answer any) ([]byte, error) {
	fields, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	frame := make([]byte, 0, len(fields)+len(id)+32)
	frame = append(frame, `{"id":`...)
	frame = append(frame, id...)
	frame = append(frame, `,"type":"`+wire.TypeAnswer+`"`...)
	if len(fields) > len(`{}`) {
		frame = append(frame, ',')
	}
	return append(frame, fields[1:]...), nil
}

// take keeps a frame for the goroutine that handles this connection's requests,
// one after the other, and starts it if there is none. It waits while too many
// are unanswered.
func (c *connection) take(raw []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for (len(c.pending) >= maxUnanswered || c.bytes > maxPending) && !c.closed {
		c.changed.Wait()
	}
	if c.closed {
		return
	}
	c.pending = append(c.pending, request{raw})
	c.bytes += len(raw)
	if !c.handling && c.session.Hold() {
		c.handling = c.server.goes(c.handleAll)
	}
}

func (c *connection) handleAll() {
	defer c.session.Release()
	for {
		r, ok := c.current()
		if !ok {
			return
		}
		c.handle(r)
		c.answered()
	}
}

// current is the oldest request that is not answered.
func (c *connection) current() (request, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) == 0 {
		c.handling, c.pending, c.bytes = false, nil, 0
		return request{}, false
	}
	return c.pending[0], true
}

func (c *connection) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) > 0 { // not closed meanwhile
		c.bytes -= len(c.pending[0].raw)
		c.pending[0] = request{}
		c.pending = c.pending[1:]
		c.changed.Signal()
	}
}

// handle answers one request, once there is room for an answer.
func (c *connection) handle(r request) {
	if c.session.Room(c.server.ctx) != nil {
		return
	}
	var h header
	err := operation.TooLarge(operation.MaxRequest)
	if r.raw != nil {
		h, err = decodeHeader(r.raw)
	}
	switch {
	case errors.Is(err, strict.ErrNotUTF8):
		c.session.End(closeNotUTF8)
		return
	case errors.Is(err, strict.ErrNotObject):
		c.session.End(live.CloseBadProtocol)
		return
	case err == nil:
		err = c.do(h, r.raw)
	}
	if err == nil || errors.Is(err, live.ErrEnded) {
		return
	}
	if hub.Failed(err) {
		c.server.log.Error("a request failed", "type", h.Type, "error", err)
	}
	if frame, err := encodeError(h.ID, wire.FromError(err)); err == nil {
		c.session.Send(frame)
	}
}

// do does a request and sends its answer; an error is still to be answered. What
// asks the store waits for its turn.
func (c *connection) do(h header, raw []byte) error {
	switch h.Type {
	case "ping":
		return c.answer(h.ID, struct{}{})
	case "unsubscribe":
		return c.unsubscribe(h)
	}
	who := c.session.Who()
	if (h.Type == "send" || h.Type == "start") && !c.due(who.Person) {
		return live.ErrEnded
	}
	leave, err := c.server.turns.take(c.server.ctx, personKey{who.District, who.Person})
	if err != nil {
		return live.ErrEnded // the server ends
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.server.ctx, requestPatience)
	defer cancel()
	switch h.Type {
	case "subscribe":
		return c.subscribe(ctx, h)
	case "token":
		return c.renew(ctx, h)
	}
	answer, err := c.server.operations.Do(ctx, hub.Actor{District: who.District, Person: who.Person}, h.Type, raw)
	if err != nil {
		return err
	}
	return c.answer(h.ID, answer)
}

// due waits until a person may send once more, and reports false if the
// connection ends before.
func (c *connection) due(person uuid.UUID) bool {
	wait := c.server.letters.Reserve(person.String())
	return wait == 0 || c.line.sleep(wait)
}

func (c *connection) answer(id json.RawMessage, answer any) error {
	frame, err := encodeAnswer(id, answer)
	if err != nil {
		return err
	}
	c.session.Send(frame)
	return nil
}

// The names of channels.
const (
	userChannel        = "user"
	conversationPrefix = "conversation:"
)

// channelOf is the conversation of a channel, uuid.Nil for the user's own.
func channelOf(name string) (uuid.UUID, error) {
	if name == userChannel {
		return uuid.Nil, nil
	}
	if name == "" {
		return uuid.Nil, &hub.Error{Code: hub.CodeRequired, Field: "channel"}
	}
	id, ok := strings.CutPrefix(name, conversationPrefix)
	if !ok {
		return uuid.Nil, &hub.Error{Code: hub.CodeInvalid, Field: "channel"}
	}
	conversation, err := operation.ParseID(id)
	if err != nil || conversation == uuid.Nil {
		return uuid.Nil, &hub.Error{Code: hub.CodeInvalid, Field: "channel"}
	}
	return conversation, nil
}

// subscribedAnswer is the answer to subscribing to a conversation.
type subscribedAnswer struct {
	Epoch    uuid.UUID      `json:"epoch"`
	LastSeq  int64          `json:"last_seq"`
	ReadSeq  int64          `json:"read_seq"`
	Sealed   bool           `json:"sealed"`
	Messages []wire.Message `json:"messages"`
	More     bool           `json:"more"`
}

func (c *connection) subscribe(ctx context.Context, h header) error {
	conversation, err := channelOf(h.Channel)
	if err != nil {
		return err
	}
	if h.After < 0 {
		return &hub.Error{Code: hub.CodeInvalid, Field: "after"}
	}
	if conversation == uuid.Nil {
		return c.session.OpenInbox(ctx, func(head hub.Head) ([]byte, error) {
			return encodeAnswer(h.ID, operation.UnreadAnswer{Epoch: c.session.Epoch(), Version: head.Version, Unread: head.Unread})
		})
	}
	limit := live.MaxMessages
	if h.Limit != nil {
		limit = *h.Limit
	}
	if limit < 0 || limit > live.MaxMessages {
		return &hub.Error{Code: hub.CodeInvalid, Field: "limit"}
	}
	return c.session.OpenConversation(ctx, conversation, h.After, limit, func(o live.Opened) ([]byte, error) {
		return encodeAnswer(h.ID, subscribedAnswer{c.session.Epoch(), o.LastSeq, o.ReadSeq, o.Sealed, o.Messages, o.More})
	})
}

func (c *connection) unsubscribe(h header) error {
	conversation, err := channelOf(h.Channel)
	if err != nil {
		return err
	}
	if conversation == uuid.Nil {
		c.session.CloseInbox()
	} else {
		c.session.CloseConversation(conversation)
	}
	return c.answer(h.ID, struct{}{})
}
