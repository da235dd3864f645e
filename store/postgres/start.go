package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// planner works out what a start stores; see hub.Store.
type planner = func(roster.Facts) ([]hub.NewConversation, error)

// Start is one transaction under the shared lock of the district.
func (s *Store) Start(ctx context.Context, r hub.Start, plan planner) (hub.Started, error) {
	var started hub.Started
	err := s.writeOnce(ctx, func(ctx context.Context, tx pgx.Tx, maybe bool) error {
		var err error
		started, err = start(ctx, tx, r, plan)
		if err == nil && started.Repeated && maybe {
			started = late(started)
		}
		return err
	})
	if err != nil {
		return hub.Started{}, notFoundBy(err)
	}
	return started, nil
}

func start(ctx context.Context, tx pgx.Tx, r hub.Start, plan planner) (hub.Started, error) {
	if err := lockDistrict(ctx, tx, r.District, shared); err != nil {
		return hub.Started{}, notFound(err)
	}
	first, err := keepStart(ctx, tx, r)
	if err != nil {
		return hub.Started{}, err
	}
	if !first {
		return startedWith(ctx, tx, r)
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
	return openAll(ctx, tx, r, list)
}

// late is what an earlier attempt has started.
func late(s hub.Started) hub.Started {
	s.Repeated = false
	for i := range s.Receipts {
		s.Receipts[i].Repeated, s.Receipts[i].Late = false, true
	}
	return s
}

const (
	insertStart = `
INSERT INTO start (district, sender, key, fingerprint) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
	selectStart       = `SELECT fingerprint FROM start WHERE district = $1 AND sender = $2 AND key = $3`
	selectStartedWith = `SELECT conversation FROM started WHERE district = $1 AND sender = $2 AND key = $3 ORDER BY no`
	selectStarted     = `
SELECT m.conversation, m.seq, m.sent_at, m.hash, m.body, m.key, p.given, p.family, p.preferred,
       coalesce((SELECT part FROM tie t WHERE t.district = m.district AND t.conversation = m.conversation
                 AND t.person = m.sender ORDER BY no LIMIT 1), '')
FROM started s
JOIN message m ON m.district = s.district AND m.conversation = s.conversation AND m.seq = 1
JOIN person p ON p.district = m.district AND p.id = m.sender
WHERE s.district = $1 AND s.sender = $2 AND s.key = $3
ORDER BY s.no`
)

// keepStart keeps a key, and says whether it is the first with it. It waits for
// another with the same key that is under way.
func keepStart(ctx context.Context, tx pgx.Tx, r hub.Start) (first bool, err error) {
	done, err := tx.Exec(ctx, insertStart, r.District, r.Sender, r.Key, r.Fingerprint[:])
	if err != nil {
		return false, fmt.Errorf("keep the key: %w", err)
	}
	return done.RowsAffected() == 1, nil
}

// startedWith is what the sender started with that key.
func startedWith(ctx context.Context, tx pgx.Tx, r hub.Start) (hub.Started, error) {
	var fingerprint []byte
	if err := tx.QueryRow(ctx, selectStart, r.District, r.Sender, r.Key).Scan(&fingerprint); err != nil {
		return hub.Started{}, err
	}
	type sent struct {
		hub.Receipt
		roster.Person
		hash []byte
	}
	rows, err := tx.Query(ctx, selectStarted, r.District, r.Sender, r.Key)
	list, err := scanAll(rows, err, func(m *sent) []any {
		return []any{&m.Conversation, &m.Seq, &m.SentAt, &m.hash, text(&m.Body), &m.Key,
			text(&m.Given), text(&m.Family), text(&m.Preferred), &m.SenderPart}
	})
	if err != nil {
		return hub.Started{}, err
	}
	before := hub.Started{Repeated: true}
	for _, m := range list {
		m.Sender, m.Hash, m.SenderName, m.Repeated = r.Sender, [32]byte(m.hash), m.Name(), true
		before.Receipts = append(before.Receipts, m.Receipt)
	}
	if !bytes.Equal(fingerprint, r.Fingerprint[:]) {
		return hub.Started{}, &hub.Error{Code: hub.CodeKeyReused, Field: "key", Stored: before.Receipts}
	}
	return before, nil
}

// StartedWith implements hub.Store.
func (s *Store) StartedWith(ctx context.Context, district, sender, key uuid.UUID) ([]uuid.UUID, error) {
	var list []uuid.UUID
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error {
		rows, err := q.Query(ctx, selectStartedWith, district, sender, key)
		list, err = scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
		return err
	})
	return list, wrap("started with a key", err)
}
