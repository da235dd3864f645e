package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// A page with a filter looks at no more than lookAtMost conversations: it may
// end early, with a cursor for what it has not looked at. Without that, somebody
// who has read all of ten thousand conversations would pay for all of them with
// each look at what is unread. It looks at twice a page first, and doubles.
const lookAtMost = 1000

// Inbox implements hub.Store. With a filter a page may hold fewer rows than
// asked for, even none, and still have a Next.
func (s *Store) Inbox(ctx context.Context, district, person uuid.UUID, q hub.InboxQuery) (hub.InboxPage, error) {
	limit, err := q.PageSize()
	if err != nil {
		return hub.InboxPage{}, err
	}
	after, err := parseCursor(q.After)
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

func (s *Store) inbox(ctx context.Context, tx *sql.Tx, of inboxOf, q hub.InboxQuery, after cursor, limit int) (hub.InboxPage, error) {
	page := hub.InboxPage{Head: hub.Head{Person: of.person}}
	err := s.reads.queryRow(ctx, tx, selectHead, key(of.district), key(of.person)).
		Scan(&page.Head.Version, &page.Head.Unread)
	if errors.Is(err, sql.ErrNoRows) {
		return page, nil
	}
	if err != nil {
		return hub.InboxPage{}, err
	}
	found, next, err := s.find(ctx, tx, of, filterOf(q, page.Head), after, limit)
	if err != nil {
		return hub.InboxPage{}, err
	}
	page.Next = next
	page.Rows, err = s.rows(ctx, tx, of, found)
	return page, err
}
