package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

const selectThrough = `
SELECT DISTINCT t.conversation FROM tie t
WHERE t.district = $1 AND t.person = $2 AND t.student = $3 AND t.part = 'guardian'
  AND NOT EXISTS (SELECT FROM seal WHERE district = t.district AND conversation = t.conversation)
ORDER BY t.conversation`

// openThrough are the conversations, not sealed, that a guardian is in through
// a student.
func openThrough(ctx context.Context, tx pgx.Tx, district, guardian, student uuid.UUID) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, selectThrough, district, guardian, student)
	return scanAll(rows, err, func(id *uuid.UUID) []any { return []any{id} })
}

// sealThrough seals the conversations that guardians are in through students,
// because their ties have ended (R26): whoever ends some calls it once, with a
// seal for each that names the two, in the same transaction and under the
// district's exclusive lock, and takes no lock on conversations or inboxes
// before it. A conversation that several ties lead into takes the first seal.
func sealThrough(ctx context.Context, tx pgx.Tx, district uuid.UUID, seals ...hub.Seal) ([]roster.Sealed, error) {
	with := map[uuid.UUID]hub.Seal{}
	var ids []uuid.UUID
	for _, seal := range seals {
		open, err := openThrough(ctx, tx, district, seal.Guardian, seal.Student)
		if err != nil {
			return nil, fmt.Errorf("conversations of an ended tie: %w", err)
		}
		for _, id := range open {
			if _, known := with[id]; !known {
				with[id], ids = seal, append(ids, id)
			}
		}
	}
	locked, err := lockAll(ctx, tx, district, ids)
	if err != nil {
		return nil, fmt.Errorf("lock the conversations of ended ties: %w", err)
	}
	if _, err := tx.Exec(ctx, lockInboxes, district, ids); err != nil {
		return nil, fmt.Errorf("lock the inboxes of ended ties: %w", err)
	}
	var all []roster.Sealed
	for _, id := range ids {
		if locked[id] { // sealed while we waited
			continue
		}
		seal, told, err := sealTx(ctx, tx, district, id, with[id])
		if err != nil {
			return nil, fmt.Errorf("seal conversation %s: %w", id, err)
		}
		all = append(all, sealedOf(id, seal.At, told))
	}
	return all, nil
}

func sealedOf(conversation uuid.UUID, at time.Time, told []hub.Told) roster.Sealed {
	sealed := roster.Sealed{Conversation: conversation, At: at}
	for _, t := range told {
		sealed.Heads = append(sealed.Heads, t.Head)
		sealed.Here = append(sealed.Here, t.Here)
	}
	return sealed
}
