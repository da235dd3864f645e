package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/inbox"
)

// Inbox implements hub.Store. With a filter a page may hold fewer rows than
// asked for, even none, and still have a Next.
func (s *Store) Inbox(ctx context.Context, district, person uuid.UUID, q hub.InboxQuery) (hub.InboxPage, error) {
	limit, err := q.PageSize()
	if err != nil {
		return hub.InboxPage{}, err
	}
	after, err := inbox.ParseCursor(q.After)
	if err != nil {
		return hub.InboxPage{}, err
	}
	var page hub.InboxPage
	err = s.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		page, err = inboxTx(ctx, tx, inboxOf{district, person}, q, after, limit)
		return err
	})
	if err != nil {
		return hub.InboxPage{}, fmt.Errorf("inbox: %w", err)
	}
	return page, nil
}

type inboxOf struct{ district, person uuid.UUID }

func inboxTx(ctx context.Context, tx pgx.Tx, of inboxOf, q hub.InboxQuery, after inbox.Cursor, limit int) (page hub.InboxPage, err error) {
	known := false
	if page.Head, known, err = headOf(ctx, tx, of.district, of.person); err != nil || !known {
		return page, err
	}
	f := inbox.FilterOf(q, page.Head)
	found, next, err := f.Find(after, limit, func(after inbox.Cursor, take int) ([]inbox.Candidate, error) {
		return candidates(ctx, tx, of, f, after, take)
	})
	if err != nil {
		return hub.InboxPage{}, err
	}
	page.Next = next
	if len(found) == 0 {
		return page, nil
	}
	rows, batch := inboxRows{of: of}, &pgx.Batch{}
	rows.queue(batch, found)
	err = tx.SendBatch(ctx, batch).Close()
	page.Rows = rows.all()
	return page, err
}
