package operation

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
)

// UnreadAnswer is the state of an inbox.
type UnreadAnswer struct {
	Epoch   uuid.UUID `json:"epoch"`
	Version int64     `json:"version"`
	Unread  int64     `json:"unread"`
}

// Unread is the state of the actor's inbox. The epoch is asked for first: if it
// changes in between, the client reads again.
func (o *Operations) Unread(ctx context.Context, a hub.Actor) (UnreadAnswer, error) {
	epoch, err := o.hub.Epoch(ctx)
	if err != nil {
		return UnreadAnswer{}, err
	}
	head, err := o.hub.Unread(ctx, a)
	if err != nil {
		return UnreadAnswer{}, err
	}
	return UnreadAnswer{epoch, head.Version, head.Unread}, nil
}

// StateAnswer is the state of an inbox, and whether anything can be sent.
type StateAnswer struct {
	UnreadAnswer
	Messaging bool `json:"messaging"`
}

// State is the state of the actor's inbox, and whether their district has
// messaging on.
func (o *Operations) State(ctx context.Context, a hub.Actor) (StateAnswer, error) {
	on, err := o.hub.Messaging(ctx, a.District)
	if err != nil {
		return StateAnswer{}, err
	}
	unread, err := o.Unread(ctx, a)
	return StateAnswer{unread, on}, err
}

// Messaging reports whether a district has messaging on.
func (o *Operations) Messaging(ctx context.Context, district uuid.UUID) (bool, error) {
	return o.hub.Messaging(ctx, district)
}

// InboxRequest asks for a page of the inbox.
type InboxRequest struct {
	After      string `json:"after"`
	Limit      int    `json:"limit"`
	UnreadOnly bool   `json:"unread_only"`
	Name       string `json:"name"`
	Section    string `json:"section"`
}

// InboxAnswer is a page of the inbox with the state it belongs to.
type InboxAnswer struct {
	Version int64      `json:"version"`
	Unread  int64      `json:"unread"`
	Rows    []wire.Row `json:"rows"`
	Next    string     `json:"next,omitempty"`
}

// Inbox is a page of the actor's inbox, newest first: fewer rows than were asked
// for if more do not fit in an answer.
func (o *Operations) Inbox(ctx context.Context, a hub.Actor, r InboxRequest) (InboxAnswer, error) {
	var f fields
	q := hub.InboxQuery{
		UnreadOnly: r.UnreadOnly, Name: r.Name, Section: f.optionalID("section", r.Section),
		After: r.After, Limit: r.Limit,
	}
	if f.err != nil {
		return InboxAnswer{}, f.err
	}
	for {
		answer, err := o.inbox(ctx, a, q)
		if err != nil {
			return InboxAnswer{}, err
		}
		n := wire.FitRows(answer.Rows)
		if n == len(answer.Rows) {
			return answer, nil
		}
		q.Limit = n // what goes on after fewer rows is the store's to say
	}
}

func (o *Operations) inbox(ctx context.Context, a hub.Actor, q hub.InboxQuery) (InboxAnswer, error) {
	page, err := o.hub.Inbox(ctx, a, q)
	if err != nil {
		return InboxAnswer{}, err
	}
	answer := InboxAnswer{
		Version: page.Head.Version, Unread: page.Head.Unread,
		Rows: make([]wire.Row, len(page.Rows)), Next: page.Next,
	}
	var all []hub.Participant
	for _, row := range page.Rows {
		all = append(all, row.Participants...)
	}
	words := o.say(ctx, a, all)
	for i, row := range page.Rows {
		answer.Rows[i] = wire.FromRow(row, words)
	}
	return answer, nil
}

// ConversationRequest asks for a conversation without its messages.
type ConversationRequest struct {
	Conversation string `json:"conversation"`
	// ParticipantsAfter is how many participants the client has already.
	ParticipantsAfter int `json:"participants_after"`
}

// ConversationAnswer is a conversation without its messages.
type ConversationAnswer struct {
	Conversation wire.Conversation `json:"conversation"`
}

// Conversation is one that the actor takes part in.
func (o *Operations) Conversation(ctx context.Context, a hub.Actor, r ConversationRequest) (ConversationAnswer, error) {
	var f fields
	id := f.id("conversation", r.Conversation)
	if f.err != nil {
		return ConversationAnswer{}, f.err
	}
	if r.ParticipantsAfter < 0 {
		return ConversationAnswer{}, &hub.Error{Code: hub.CodeInvalid, Field: "participants_after"}
	}
	c, err := o.hub.Conversation(ctx, a, id)
	if err != nil {
		return ConversationAnswer{}, err
	}
	return ConversationAnswer{wire.FromConversation(c, a.Person, r.ParticipantsAfter, o.say(ctx, a, c.Participants))}, nil
}

// MessagesRequest asks for messages: those after a number, or the last ones
// before one.
type MessagesRequest struct {
	Conversation string `json:"conversation"`
	After        int64  `json:"after"`
	Before       int64  `json:"before"`
	Limit        int    `json:"limit"`
}

// MessagesAnswer are messages in the order of their numbers, and whether there
// are more in the direction that was asked for.
type MessagesAnswer struct {
	Messages []wire.Message `json:"messages"`
	More     bool           `json:"more"`
}

// Messages are messages of a conversation that the actor takes part in.
func (o *Operations) Messages(ctx context.Context, a hub.Actor, r MessagesRequest) (MessagesAnswer, error) {
	var f fields
	id := f.id("conversation", r.Conversation)
	if f.err != nil {
		return MessagesAnswer{}, f.err
	}
	messages, err := o.hub.Messages(ctx, a, id, hub.Range{
		After: r.After, Before: r.Before, Limit: r.Limit, Bytes: wire.MessagesBytes,
	})
	if err != nil {
		return MessagesAnswer{}, err
	}
	c, err := o.hub.Conversation(ctx, a, id) // after them: it knows of all that they hold
	if err != nil {
		return MessagesAnswer{}, err
	}
	answer := MessagesAnswer{Messages: wire.FromMessages(messages, c)}
	back := r.After == 0 && r.Before > 0
	if back {
		answer.Messages = wire.PageBack(answer.Messages, wire.MessagesBytes)
	} else {
		answer.Messages = wire.Page(answer.Messages, wire.MessagesBytes)
	}
	if n := len(answer.Messages); n > 0 {
		answer.More = back && answer.Messages[0].Seq > 1 || !back && answer.Messages[n-1].Seq < c.LastSeq
	}
	return answer, nil
}
