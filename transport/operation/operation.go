// Package operation holds the operations of docs/protocol.md: what is asked is
// decoded, done by the hub, and what it says is put into the shapes of hub/wire.
// The socket and the JSON API both answer through it, so that names, fields and
// errors are the same on either.
package operation

import (
	"context"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
)

// Operations does what is asked for an actor.
type Operations struct {
	hub   *hub.Hub
	words Words
}

// Words gives, once for each answer with all who stand in it, what says in what
// part somebody takes part in a conversation, for the actor to read in their
// language: parent of Leo.
type Words func(ctx context.Context, a hub.Actor, all []hub.Participant) func(hub.Participant) string

// New are the operations of a hub. Where words is nil, participants are without.
func New(h *hub.Hub, words Words) *Operations { return &Operations{hub: h, words: words} }

// Do does what a request of that type asks. raw is a JSON object with the
// request's fields that [Check] has let pass; others are ignored. Its error is a
// *hub.Error where the request is refused.
func (o *Operations) Do(ctx context.Context, a hub.Actor, name string, raw []byte) (any, error) {
	do, known := byName[name]
	if !known {
		return nil, &hub.Error{Code: wire.CodeUnknownType, Field: "type"}
	}
	return do(o, ctx, a, raw)
}

var byName = map[string]func(*Operations, context.Context, hub.Actor, []byte) (any, error){
	"send":         decoded((*Operations).Send),
	"start":        decoded((*Operations).Start),
	"read":         decoded((*Operations).Read),
	"seal":         decoded((*Operations).Seal),
	"contacts":     decoded((*Operations).Contacts),
	"inbox":        decoded((*Operations).Inbox),
	"conversation": decoded((*Operations).Conversation),
	"messages":     decoded((*Operations).Messages),
}

// decoded is do, with its request read from JSON.
func decoded[Request, Answer any](
	do func(*Operations, context.Context, hub.Actor, Request) (Answer, error),
) func(*Operations, context.Context, hub.Actor, []byte) (any, error) {
	return func(o *Operations, ctx context.Context, a hub.Actor, raw []byte) (any, error) {
		var r Request
		if err := Fill(&r, raw); err != nil {
			return nil, err
		}
		return do(o, ctx, a, r)
	}
}

// say is the Words of one answer.
func (o *Operations) say(ctx context.Context, a hub.Actor, all []hub.Participant) func(hub.Participant) string {
	if o.words == nil {
		return nil
	}
	return o.words(ctx, a, all)
}
