package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// WouldSeal implements roster.Store.
func (s *Store) WouldSeal(ctx context.Context, district uuid.UUID, ended []roster.SnapshotGuardianship) (closings []roster.Closing, err error) {
	err = s.read(ctx, func(tx *sql.Tx) error {
		closings, err = wouldSealTx(ctx, tx, district, ended)
		return err
	})
	return closings, wrap("conversations that would be sealed", err)
}

func wouldSealTx(ctx context.Context, tx *sql.Tx, district uuid.UUID, ended []roster.SnapshotGuardianship) ([]roster.Closing, error) {
	b := newBulk(ctx, tx, district)
	people, err := b.records("person", 2*len(ended))
	if err != nil {
		return nil, err
	}
	a := &applying{bulk: b, people: people}
	var closings []roster.Closing
	found := map[uuid.UUID]bool{}
	for _, g := range ended {
		tie, ok, err := a.tie(g)
		if err != nil {
			return nil, fmt.Errorf("guardian %q of %q: %w", g.Guardian, g.Student, err)
		}
		if !ok {
			continue
		}
		ids, err := openThrough(ctx, tx, district, tie.Guardian, tie.Student)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if !found[id] {
				found[id] = true
				closings = append(closings, roster.Closing{Conversation: id, Guardian: g.Guardian, Student: g.Student})
			}
		}
	}
	slices.SortFunc(closings, func(a, b roster.Closing) int { return roster.CompareIDs(a.Conversation, b.Conversation) })
	return closings, nil
}
