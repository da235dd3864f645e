package hub

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// Seal seals a conversation (R25), with a reason that all in it read: by staff
// who are in it, or, without reading it, by district staff who have its number.
func (h *Hub) Seal(ctx context.Context, a Actor, conversation uuid.UUID, reason string) (Seal, error) {
	reason = clean(reason)
	if err := check("reason", reason, MaxReason); err != nil {
		return Seal{}, err
	}
	facts, err := h.facts(ctx, a)
	if err != nil {
		return Seal{}, fmt.Errorf("seal: %w", err)
	}
	seal := Seal{At: h.now(), By: a.Person, Cause: SealedByStaff, Reason: reason}
	receipt, err := h.store.Seal(ctx, a.District, conversation, seal, facts.IsDistrictStaff(a.Person))
	if err != nil {
		h.doubt(ctx, a.District, err)
		return Seal{}, fmt.Errorf("seal: %w", err)
	}
	h.publish(ctx, Event{
		District: a.District, Conversation: conversation, Audience: receipt.Audience, Seal: &receipt.Seal,
	})
	return receipt.Seal, nil
}
