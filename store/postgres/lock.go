package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// strength is that of a lock on a district, which comes before all others.
// Whoever starts a conversation shares it; whoever changes the roster or a bar
// has it alone, and works the change out before.
type strength string

const (
	shared    strength = "SHARE"
	exclusive strength = "NO KEY UPDATE"
)

// lockDistrict is pgx.ErrNoRows where there is no such district.
func lockDistrict(ctx context.Context, tx pgx.Tx, district uuid.UUID, how strength) error {
	var one int
	return tx.QueryRow(ctx, `SELECT 1 FROM district WHERE id = $1 FOR `+string(how), district).Scan(&one)
}

const (
	lockConversations = `
SELECT id, seal_hash IS NOT NULL FROM conversation
WHERE district = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE`
	lockInboxes = `SELECT lock_inboxes($1, $2)`
)

// lockAll locks conversations in the order of their keys, and says which of
// them are sealed.
func lockAll(ctx context.Context, tx pgx.Tx, district uuid.UUID, conversations []uuid.UUID) (sealed map[uuid.UUID]bool, err error) {
	type locked struct {
		id     uuid.UUID
		sealed bool
	}
	rows, err := tx.Query(ctx, lockConversations, district, conversations)
	list, err := scanAll(rows, err, func(l *locked) []any { return []any{&l.id, &l.sealed} })
	sealed = make(map[uuid.UUID]bool, len(list))
	for _, l := range list {
		sealed[l.id] = l.sealed
	}
	return sealed, err
}
