package memory

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// Draft implements hub.Store.
func (s *Store) Draft(ctx context.Context, districtID, person uuid.UUID, slot string) ([]byte, error) {
	return call(ctx, s, "Draft", func() ([]byte, error) {
		if d := s.districts[districtID]; d != nil {
			return slices.Clone(d.drafts[draft{person, slot}]), nil
		}
		return nil, nil
	})
}

// SaveDraft implements hub.Store.
func (s *Store) SaveDraft(ctx context.Context, districtID, person uuid.UUID, slot string, content []byte, _ time.Time) error {
	if err := hub.CheckDraft(slot, content); err != nil {
		return err
	}
	_, err := call(ctx, s, "SaveDraft", func() (none struct{}, err error) {
		d := s.districts[districtID]
		if d == nil {
			return none, hub.ErrNotFound
		}
		if _, known := d.people[person]; !known {
			return none, hub.ErrNotFound
		}
		d.drafts[draft{person, slot}] = append([]byte{}, content...)
		return none, nil
	})
	return err
}

// DropDraft implements hub.Store.
func (s *Store) DropDraft(ctx context.Context, districtID, person uuid.UUID, slot string) error {
	_, err := call(ctx, s, "DropDraft", func() (none struct{}, err error) {
		if d := s.districts[districtID]; d != nil {
			delete(d.drafts, draft{person, slot})
		}
		return none, nil
	})
	return err
}
