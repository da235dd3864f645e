package memory

import (
	"cmp"
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
			return slices.Clone(d.drafts[draft{person, slot}].Content), nil
		}
		return nil, nil
	})
}

// SaveDraft implements hub.Store.
func (s *Store) SaveDraft(ctx context.Context, districtID, person uuid.UUID, slot string, content []byte, now time.Time) error {
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
		if _, there := d.drafts[draft{person, slot}]; !there && len(d.draftsOf(person)) >= hub.MaxDrafts {
			return none, hub.ErrDraftsFull
		}
		d.drafts[draft{person, slot}] = hub.Draft{Slot: slot, SavedAt: stored(now), Content: append([]byte{}, content...)}
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

// Drafts implements hub.Store.
func (s *Store) Drafts(ctx context.Context, districtID, person uuid.UUID, content bool) ([]hub.Draft, error) {
	return call(ctx, s, "Drafts", func() ([]hub.Draft, error) {
		d := s.districts[districtID]
		if d == nil {
			return nil, nil
		}
		all := d.draftsOf(person)
		slices.SortFunc(all, func(a, b hub.Draft) int {
			return cmp.Or(b.SavedAt.Compare(a.SavedAt), cmp.Compare(a.Slot, b.Slot))
		})
		for i := range all {
			if !content {
				all[i].Content = nil
			}
			all[i].Content = slices.Clone(all[i].Content)
		}
		return all, nil
	})
}

func (d *district) draftsOf(person uuid.UUID) (all []hub.Draft) {
	for of, kept := range d.drafts {
		if of.person == person {
			all = append(all, kept)
		}
	}
	return all
}
