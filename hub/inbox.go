package hub

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// Inbox is a page of the actor's inbox, newest first.
func (h *Hub) Inbox(ctx context.Context, a Actor, q InboxQuery) (InboxPage, error) {
	q.Name = cleanLine(q.Name)
	return h.store.Inbox(ctx, a.District, a.Person, q)
}

// Row is one conversation as the actor's inbox shows it.
func (h *Hub) Row(ctx context.Context, a Actor, conversation uuid.UUID) (InboxRow, error) {
	return h.store.Row(ctx, a.District, conversation, a.Person)
}

// Unread is the state of the actor's inbox: one look-up by key.
func (h *Hub) Unread(ctx context.Context, a Actor) (Head, error) {
	return h.store.Head(ctx, a.District, a.Person)
}

// Epoch names the history that numbers and versions are of, see [Store].
func (h *Hub) Epoch(ctx context.Context) (uuid.UUID, error) { return h.store.Epoch(ctx) }

// Messaging reports whether a district has messaging on (R1).
func (h *Hub) Messaging(ctx context.Context, district uuid.UUID) (on bool, err error) {
	d, err := h.roster.District(ctx, district)
	if err != nil {
		return false, fmt.Errorf("messaging: %w", err)
	}
	return d.Enabled, nil
}

// Conversation is one that the actor takes part in, without its messages. What
// is for staff only is blank for everybody else.
func (h *Hub) Conversation(ctx context.Context, a Actor, conversation uuid.UUID) (Conversation, error) {
	c, err := h.store.Conversation(ctx, a.District, conversation, a.Person)
	if err != nil {
		return Conversation{}, err
	}
	if me, ok := c.Participant(a.Person); c.Seal != nil && !(ok && me.Staff()) {
		seal := c.Seal.ForFamilies()
		c.Seal = &seal
	}
	return c, nil
}

// Messages are those of a conversation that the actor takes part in.
func (h *Hub) Messages(ctx context.Context, a Actor, conversation uuid.UUID, r Range) ([]Message, error) {
	if r.After < 0 {
		return nil, &Error{Code: CodeInvalid, Field: "after"}
	}
	if r.Before < 0 || r.After > 0 && r.Before > 0 {
		return nil, &Error{Code: CodeInvalid, Field: "before"}
	}
	return h.store.Messages(ctx, a.District, conversation, a.Person, r)
}

// ClosedForFamilies are conversations that a change in a family sealed, which
// the actor is in as staff and has not gone on from yet (R26): at most 20.
func (h *Hub) ClosedForFamilies(ctx context.Context, a Actor) ([]InboxRow, error) {
	return h.store.SealedForFamilies(ctx, a.District, a.Person, 20)
}
