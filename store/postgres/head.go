package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
)

const selectHead = `SELECT version, unread_total FROM inbox WHERE district = $1 AND person = $2`

// Head implements hub.Store. Who was never in a conversation has read all.
func (s *Store) Head(ctx context.Context, district, person uuid.UUID) (hub.Head, error) {
	var head hub.Head
	err := s.readOne(ctx, func(ctx context.Context, q queryer) error {
		var err error
		head, _, err = headOf(ctx, q, district, person)
		return err
	})
	if err != nil {
		return hub.Head{}, fmt.Errorf("head: %w", err)
	}
	return head, nil
}

// headOf also says whether the person was ever in a conversation.
func headOf(ctx context.Context, q queryer, district, person uuid.UUID) (head hub.Head, known bool, err error) {
	head.Person = person
	err = q.QueryRow(ctx, selectHead, district, person).Scan(&head.Version, &head.Unread)
	if errors.Is(err, pgx.ErrNoRows) {
		return head, false, nil
	}
	return head, err == nil, err
}

const selectHeads = `
SELECT person, version, unread_total FROM inbox WHERE district = $1 AND person = ANY ($2)`

// Heads implements hub.Store. It has nothing of people who were never in a
// conversation of the district.
func (s *Store) Heads(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]hub.Head, error) {
	heads, err := list(ctx, s, func(h *hub.Head) []any {
		return []any{&h.Person, &h.Version, &h.Unread}
	}, selectHeads, district, people)
	return heads, wrap("heads", err)
}

const selectTails = `
SELECT id, last_seq, seal_hash IS NOT NULL FROM conversation WHERE district = $1 AND id = ANY ($2)`

// Tails implements hub.Store.
func (s *Store) Tails(ctx context.Context, district uuid.UUID, conversations []uuid.UUID) ([]hub.Tail, error) {
	tails, err := list(ctx, s, func(t *hub.Tail) []any {
		return []any{&t.Conversation, &t.LastSeq, &t.Sealed}
	}, selectTails, district, conversations)
	return tails, wrap("tails", err)
}

const selectStandings = `
SELECT q.conversation, q.person, c.last_seq, q.read_seq, c.seal_hash IS NOT NULL
FROM unnest($2::uuid[], $3::uuid[]) AS s (conversation, person)
JOIN participant q ON q.district = $1 AND q.conversation = s.conversation AND q.person = s.person
JOIN conversation c ON c.district = q.district AND c.id = q.conversation`

// Standings implements hub.Store.
func (s *Store) Standings(ctx context.Context, district uuid.UUID, seats []hub.Seat) ([]hub.Standing, error) {
	conversations, people := make([]uuid.UUID, len(seats)), make([]uuid.UUID, len(seats))
	for i, seat := range seats {
		conversations[i], people[i] = seat.Conversation, seat.Person
	}
	standings, err := list(ctx, s, func(st *hub.Standing) []any {
		return []any{&st.Conversation, &st.Person, &st.LastSeq, &st.ReadSeq, &st.Sealed}
	}, selectStandings, district, conversations, people)
	return standings, wrap("standings", err)
}
