package hub

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Seal seals a conversation (R25), with a reason that all in it read: by staff
// who are in it, or, without reading it, by district staff who have its number.
func (h *Hub) Seal(ctx context.Context, a Actor, conversation uuid.UUID, reason string) (Seal, error) {
	reason, err := paragraphs("reason", reason, MaxReason)
	if err != nil {
		return Seal{}, err
	}
	seal := Seal{At: h.now(), By: a.Person, Cause: SealedByStaff, Reason: reason}
	receipt, err := h.store.Seal(ctx, a.District, conversation, seal, func(f roster.Facts) bool { return f.IsDistrictStaff(a.Person) })
	if err != nil {
		h.doubt(ctx, a.District, err)
		return Seal{}, fmt.Errorf("seal: %w", err)
	}
	h.publishOr(ctx, receipt.Late, Event{
		District: a.District, Conversation: conversation, Audience: receipt.Audience, Seal: &receipt.Seal,
	})
	return receipt.Seal, nil
}
