package hub

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// MarkRead marks a conversation as read up to a number that was shown without a
// gap (R12). Marks only go forward; a number beyond the last is the last.
func (h *Hub) MarkRead(ctx context.Context, a Actor, conversation uuid.UUID, upTo int64) (ReadReceipt, error) {
	if upTo < 0 {
		return ReadReceipt{}, &Error{Code: CodeInvalid, Field: "up_to"}
	}
	receipt, err := h.store.MarkRead(ctx, a.District, conversation, a.Person, upTo)
	if err != nil {
		h.doubt(ctx, a.District, err)
		return ReadReceipt{}, fmt.Errorf("mark as read: %w", err)
	}
	if receipt.Moved {
		h.publishOr(ctx, receipt.Late, Event{
			District: a.District, Conversation: conversation, Audience: []Told{receipt.Told},
			Read: &ReadMark{ReadSeq: receipt.ReadSeq},
		})
	}
	return receipt, nil
}
