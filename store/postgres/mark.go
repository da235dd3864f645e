package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

const callMarkRead = `SELECT taken, moved, read_seq, here, version, total FROM mark_read($1, $2, $3, $4)`

// MarkRead implements hub.Store.
func (s *Store) MarkRead(ctx context.Context, district, conversation, person uuid.UUID, upTo int64) (hub.ReadReceipt, error) {
	var receipt hub.ReadReceipt
	err := s.call(ctx, func(ctx context.Context, q queryer, maybe bool) error {
		var err error
		receipt, err = markRead(ctx, q, district, conversation, person, upTo)
		receipt.Late = maybe && !receipt.Moved
		receipt.Moved = receipt.Moved || maybe // told twice is better than never
		return err
	})
	if err != nil {
		return hub.ReadReceipt{}, fmt.Errorf("mark as read: %w", err)
	}
	return receipt, nil
}

func markRead(ctx context.Context, q queryer, district, conversation, person uuid.UUID, upTo int64) (hub.ReadReceipt, error) {
	receipt := hub.ReadReceipt{Told: hub.Told{Head: hub.Head{Person: person}}}
	var taken bool
	var readSeq, here, version, total *int64
	var moved *bool
	err := q.QueryRow(ctx, callMarkRead, district, conversation, person, upTo).Scan(&taken, &moved, &readSeq, &here, &version, &total)
	if err != nil {
		return hub.ReadReceipt{}, err
	}
	if !taken {
		return hub.ReadReceipt{}, hub.ErrNotFound
	}
	receipt.Moved, receipt.ReadSeq, receipt.Here = *moved, *readSeq, *here
	receipt.Version, receipt.Unread = *version, *total
	return receipt, nil
}
