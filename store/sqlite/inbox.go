package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

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
	err = s.read(ctx, func(tx *sql.Tx) error {
		page, err = s.inbox(ctx, tx, inboxOf{district, person}, q, after, limit)
		return err
	})
	if err != nil {
		return hub.InboxPage{}, fmt.Errorf("inbox: %w", err)
	}
	return page, nil
}

type inboxOf struct{ district, person uuid.UUID }

func (s *Store) inbox(ctx context.Context, tx *sql.Tx, of inboxOf, q hub.InboxQuery, after inbox.Cursor, limit int) (hub.InboxPage, error) {
	page := hub.InboxPage{Head: hub.Head{Person: of.person}}
	err := s.reads.queryRow(ctx, tx, selectHead, key(of.district), key(of.person)).
		Scan(&page.Head.Version, &page.Head.Unread)
	if errors.Is(err, sql.ErrNoRows) {
		return page, nil
	}
	if err != nil {
		return hub.InboxPage{}, err
	}
	f := inbox.FilterOf(q, page.Head)
	found, next, err := f.Find(after, limit, func(after inbox.Cursor, take int) ([]inbox.Candidate, error) {
		return s.candidates(ctx, tx, of, f, after, take)
	})
	if err != nil {
		return hub.InboxPage{}, err
	}
	page.Next = next
	page.Rows, err = s.rows(ctx, tx, of, found)
	return page, err
}
