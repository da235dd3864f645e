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

// maxBatches bounds one MarkAllRead, whatever goes on meanwhile.
const maxBatches = 1_000

// MarkAllRead marks all that a page told of as read (R12). Tabs read the rows of
// their inboxes anew.
func (h *Hub) MarkAllRead(ctx context.Context, a Actor, m MarkAll) (Head, error) {
	if len(m.Shown) > MaxShown {
		return Head{}, &Error{Code: CodeTooLong, Field: "shown", Limit: MaxShown, Got: len(m.Shown)}
	}
	for range maxBatches {
		marked, err := h.store.MarkAllRead(ctx, a.District, a.Person, m)
		if err != nil {
			h.doubt(ctx, a.District, err)
			return Head{}, fmt.Errorf("mark all as read: %w", err)
		}
		if marked.Moved {
			h.publishOr(ctx, marked.Late, Event{District: a.District, Audience: []Told{{Head: marked.Head}}})
		}
		if !marked.More {
			return marked.Head, nil
		}
	}
	return h.Unread(ctx, a)
}
