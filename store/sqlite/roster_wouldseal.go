package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// WouldSeal implements roster.Store.
func (s *Store) WouldSeal(ctx context.Context, district uuid.UUID, ended []roster.SnapshotGuardianship) (count int, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		count, err = wouldSealTx(ctx, tx, district, ended)
		return err
	})
	return count, wrap("conversations that would be sealed", err)
}

func wouldSealTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, ended []roster.SnapshotGuardianship) (int, error) {
	b := newBulk(ctx, tx, district)
	people, err := b.records("person", 2*len(ended))
	if err != nil {
		return 0, err
	}
	a := &applying{bulk: b, people: people}
	conversations := map[uuid.UUID]bool{}
	for _, g := range ended {
		tie, ok, err := a.tie(g)
		if err != nil {
			return 0, fmt.Errorf("guardian %q of %q: %w", g.Guardian, g.Student, err)
		}
		if !ok {
			continue
		}
		ids, err := openThrough(ctx, tx, district, tie.Guardian, tie.Student)
		if err != nil {
			return 0, err
		}
		for _, id := range ids {
			conversations[id] = true
		}
	}
	return len(conversations), nil
}
