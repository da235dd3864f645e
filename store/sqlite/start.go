package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// planner works out what a start stores; see hub.Store.
type planner = func(roster.Facts) ([]hub.NewConversation, error)

// Start is one immediate transaction, which is the district's shared lock too.
func (s *Store) Start(ctx context.Context, r hub.Start, plan planner) (hub.Started, error) {
	var started hub.Started
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		started, err = s.start(ctx, tx, r, plan)
		return err
	})
	if err != nil {
		return hub.Started{}, notFoundBy(err)
	}
	return started, nil
}

func (s *Store) start(ctx context.Context, tx *sql.Tx, r hub.Start, plan planner) (hub.Started, error) {
	before, known, err := s.startedWith(ctx, tx, r)
	if err != nil || known {
		return before, err
	}
	facts, err := factsTx(ctx, tx, r.District, r.About, r.Now)
	if errors.Is(err, roster.ErrNoDistrict) {
		return hub.Started{}, hub.ErrNotFound
	}
	if err != nil {
		return hub.Started{}, err
	}
	list, err := plan(facts)
	if err != nil {
		return hub.Started{}, err
	}
	if err := s.keepStart(ctx, tx, r); err != nil {
		return hub.Started{}, err
	}
	var started hub.Started
	for no, c := range list {
		receipt, err := s.open(ctx, tx, r, no, c)
		if err != nil {
			return hub.Started{}, err
		}
		started.Receipts = append(started.Receipts, receipt)
	}
	return started, nil
}

const (
	selectStart   = `SELECT fingerprint FROM start WHERE district = ?1 AND sender = ?2 AND key = ?3`
	selectStarted = `
SELECT m.key FROM started s
JOIN message m ON m.district = s.district AND m.conversation = s.conversation AND m.seq = 1
WHERE s.district = ?1 AND s.sender = ?2 AND s.key = ?3
ORDER BY s.no`
	selectStartedWith = `SELECT conversation FROM started WHERE district = ?1 AND sender = ?2 AND key = ?3 ORDER BY no`
	insertStart       = `INSERT INTO start (district, sender, key, fingerprint) VALUES (?1, ?2, ?3, ?4)`
)

// startedWith is what the sender started with that key, if they did.
func (s *Store) startedWith(ctx context.Context, tx *sql.Tx, r hub.Start) (hub.Started, bool, error) {
	var fingerprint []byte
	args := []any{key(r.District), key(r.Sender), key(r.Key)}
	err := s.writes.queryRow(ctx, tx, selectStart, args...).Scan(&fingerprint)
	if errors.Is(err, sql.ErrNoRows) {
		return hub.Started{}, false, nil
	}
	if err != nil {
		return hub.Started{}, false, err
	}
	rows, err := s.writes.query(ctx, tx, selectStarted, args...)
	keys, err := scanAll(rows, err, func(k *uuid.UUID) []any { return []any{k} })
	if err != nil {
		return hub.Started{}, false, err
	}
	before := hub.Started{Repeated: true}
	for _, k := range keys {
		receipt, err := s.sentWith(ctx, tx, r.District, r.Sender, k)
		if err != nil {
			return hub.Started{}, false, err
		}
		before.Receipts = append(before.Receipts, receipt)
	}
	if !bytes.Equal(fingerprint, r.Fingerprint[:]) {
		return hub.Started{}, false, &hub.Error{Code: hub.CodeKeyReused, Field: "key", Stored: before.Receipts}
	}
	return before, true, nil
}

func (s *Store) keepStart(ctx context.Context, tx *sql.Tx, r hub.Start) error {
	err := s.writes.exec(ctx, tx, insertStart, key(r.District), key(r.Sender), key(r.Key), r.Fingerprint[:])
	if err != nil {
		return fmt.Errorf("keep the key: %w", err)
	}
	return nil
}

// StartedWith implements hub.Store.
func (s *Store) StartedWith(ctx context.Context, district, sender, used uuid.UUID) ([]uuid.UUID, error) {
	rows, err := s.reads[selectStartedWith].QueryContext(ctx, key(district), key(sender), key(used))
	list, err := scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
	return list, wrap("started with a key", readFailure(ctx, err))
}
