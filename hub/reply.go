package hub

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// Reply adds a message to a conversation that the actor takes part in (R5);
// everybody in it sees it (R10). With a key that was used for the same text
// before it answers what was stored then.
func (h *Hub) Reply(ctx context.Context, a Actor, conversation, key uuid.UUID, body string) (Receipt, error) {
	if key == uuid.Nil {
		return Receipt{}, &Error{Code: CodeRequired, Field: "key"}
	}
	body, err := paragraphs("body", body, MaxBody)
	if err != nil {
		return Receipt{}, err
	}
	receipt, err := h.store.Post(ctx, Post{
		District: a.District, Conversation: conversation, Sender: a.Person,
		Key: key, Body: body, Now: h.now(),
	})
	if err != nil {
		h.doubt(ctx, a.District, err)
		return Receipt{}, fmt.Errorf("reply: %w", err)
	}
	if !receipt.Repeated {
		h.publishLetter(ctx, a.District, receipt)
	}
	return receipt, nil
}

func (h *Hub) publishLetter(ctx context.Context, district uuid.UUID, r Receipt) {
	h.publishOr(ctx, r.Late, Event{
		District: district, Conversation: r.Conversation, Audience: r.Audience,
		Message: &Letter{Message: r.Message, SenderName: r.SenderName, SenderPart: r.SenderPart},
	})
}

// publishOr tells of a commit, or, where it was found late, that there may have
// been one: told with the inboxes as they are now, it would stand in the place of
// whatever has brought them there.
func (h *Hub) publishOr(ctx context.Context, late bool, e Event) {
	if late {
		e = Event{District: e.District}
	}
	h.publish(ctx, e)
}

// publish tells of what is committed already: that whoever asked for it has gone
// away meanwhile does not matter.
func (h *Hub) publish(ctx context.Context, e Event) {
	h.events.Publish(context.WithoutCancel(ctx), e)
}
