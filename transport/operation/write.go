package operation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/hub/wire"
)

// SendRequest is a message for a conversation.
type SendRequest struct {
	Conversation string `json:"conversation"`
	Key          string `json:"key"`
	Body         string `json:"body"`
}

// SendAnswer is what was stored, now or under the same key before.
type SendAnswer struct {
	Message  wire.Message `json:"message"`
	Repeated bool         `json:"repeated"`
}

// Send adds a message to a conversation.
func (o *Operations) Send(ctx context.Context, a hub.Actor, r SendRequest) (SendAnswer, error) {
	var f fields
	conversation, key := f.id("conversation", r.Conversation), f.key(r.Key)
	if f.err != nil {
		return SendAnswer{}, f.err
	}
	receipt, err := o.hub.Reply(ctx, a, conversation, key, r.Body)
	if err != nil {
		return SendAnswer{}, err
	}
	return SendAnswer{wire.FromReceipt(receipt), receipt.Repeated}, nil
}

// StartRequest is a message that starts conversations.
type StartRequest struct {
	Key        string      `json:"key"`
	Side       roster.Side `json:"side"`
	Subject    string      `json:"subject"`
	Body       string      `json:"body"`
	Recipients []Recipient `json:"recipients"`
	Mode       roster.Mode `json:"mode"`
	Continues  string      `json:"continues"`
}

// Recipient is somebody one writes to, and about which student.
type Recipient struct {
	Person  string `json:"person"`
	Student string `json:"student"`
}

// StartAnswer are the conversations that were started, now or under the same
// key before.
type StartAnswer struct {
	Conversations []uuid.UUID `json:"conversations"`
	Repeated      bool        `json:"repeated"`
}

// Start starts conversations.
func (o *Operations) Start(ctx context.Context, a hub.Actor, r StartRequest) (StartAnswer, error) {
	var f fields
	request := hub.StartRequest{
		Key: f.key(r.Key), Side: r.Side, Subject: r.Subject, Body: r.Body,
		Mode: r.Mode, Continues: f.optionalID("continues", r.Continues),
	}
	for i, to := range r.Recipients {
		at := fmt.Sprintf("recipients[%d].", i)
		request.Recipients = append(request.Recipients, roster.Recipient{
			Person: f.id(at+"person", to.Person), Student: f.id(at+"student", to.Student),
		})
	}
	if f.err != nil {
		return StartAnswer{}, f.err
	}
	started, err := o.hub.Start(ctx, a, request)
	if err != nil {
		return StartAnswer{}, err
	}
	answer := StartAnswer{Conversations: []uuid.UUID{}, Repeated: started.Repeated}
	for _, receipt := range started.Receipts {
		answer.Conversations = append(answer.Conversations, receipt.Conversation)
	}
	return answer, nil
}

// ReadRequest marks a conversation as read up to a number, which is of an epoch if
// one is given.
type ReadRequest struct {
	Conversation string `json:"conversation"`
	UpTo         int64  `json:"up_to"`
	Epoch        string `json:"epoch"`
}

// ReadAnswer is the state of the inbox after it.
type ReadAnswer struct {
	Version int64 `json:"version"`
	Unread  int64 `json:"unread"`
}

// Read marks a conversation as read.
func (o *Operations) Read(ctx context.Context, a hub.Actor, r ReadRequest) (ReadAnswer, error) {
	var f fields
	conversation, known := f.id("conversation", r.Conversation), f.optionalID("epoch", r.Epoch)
	if f.err != nil {
		return ReadAnswer{}, f.err
	}
	if known != uuid.Nil {
		if err := o.mustBe(ctx, known); err != nil {
			return ReadAnswer{}, err
		}
	}
	receipt, err := o.hub.MarkRead(ctx, a, conversation, r.UpTo)
	if err != nil {
		return ReadAnswer{}, err
	}
	return ReadAnswer{receipt.Version, receipt.Unread}, nil
}

// mustBe refuses what is of another epoch than the store's: of a message that has
// the number now, the client has seen nothing.
func (o *Operations) mustBe(ctx context.Context, known uuid.UUID) error {
	epoch, err := o.hub.Epoch(ctx)
	if err == nil && epoch != known {
		err = &hub.Error{Code: wire.CodeAnotherEpoch, Field: "epoch"}
	}
	return err
}

// SealRequest seals a conversation.
type SealRequest struct {
	Conversation string `json:"conversation"`
	Reason       string `json:"reason"`
}

// SealAnswer is the seal.
type SealAnswer struct {
	Seal wire.Seal `json:"seal"`
}

// Seal seals a conversation.
func (o *Operations) Seal(ctx context.Context, a hub.Actor, r SealRequest) (SealAnswer, error) {
	var f fields
	conversation := f.id("conversation", r.Conversation)
	if f.err != nil {
		return SealAnswer{}, f.err
	}
	seal, err := o.hub.Seal(ctx, a, conversation, r.Reason)
	if err != nil {
		return SealAnswer{}, err
	}
	c, err := o.hub.Conversation(ctx, a, conversation)
	if err != nil && !errors.Is(err, hub.ErrNotFound) { // district staff seal without reading
		return SealAnswer{}, err
	}
	return SealAnswer{wire.FromSeal(seal, c.Participants, true)}, nil
}
