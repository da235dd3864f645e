package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const selectThrough = `
SELECT DISTINCT t.conversation FROM tie t INDEXED BY tie_guardian
WHERE t.district = ?1 AND t.person = ?2 AND t.student = ?3 AND t.part = 'guardian'
  AND NOT EXISTS (SELECT 1 FROM seal WHERE district = t.district AND conversation = t.conversation)
ORDER BY t.conversation`

// openThrough are the conversations, not sealed, that a guardian is in through
// a student.
func openThrough(ctx context.Context, tx *sql.Tx, district, guardian, student uuid.UUID) ([]uuid.UUID, error) {
	rows, err := tx.QueryContext(ctx, selectThrough, key(district), key(guardian), key(student))
	return scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
}

// sealThrough seals the conversations that a guardian is in through a student,
// because their tie has ended (R26): whoever ends one calls it in the same
// transaction. The seal names the two.
func sealThrough(ctx context.Context, tx *sql.Tx, district uuid.UUID, seal hub.Seal) ([]roster.Sealed, error) {
	ids, err := openThrough(ctx, tx, district, seal.Guardian, seal.Student)
	if err != nil {
		return nil, fmt.Errorf("conversations of an ended tie: %w", err)
	}
	var all []roster.Sealed
	for _, id := range ids {
		stored, told, err := sealTx(ctx, tx, nil, district, id, seal)
		if err != nil {
			return nil, fmt.Errorf("seal conversation %s: %w", id, err)
		}
		sealed := roster.Sealed{Conversation: id, At: stored.At}
		for _, t := range told {
			sealed.Heads = append(sealed.Heads, t.Head)
			sealed.Here = append(sealed.Here, t.Here)
		}
		all = append(all, sealed)
	}
	return all, nil
}
