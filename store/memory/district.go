package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// Districts implements roster.Districts.
func (s *Store) Districts(ctx context.Context) ([]roster.District, error) {
	return call(ctx, s, "Districts", func() (all []roster.District, err error) {
		for _, d := range s.districts {
			all = append(all, d.District)
		}
		slices.SortFunc(all, func(a, b roster.District) int { return cmp.Compare(a.Slug, b.Slug) })
		return all, nil
	})
}

// District implements roster.Districts.
func (s *Store) District(ctx context.Context, id uuid.UUID) (roster.District, error) {
	return call(ctx, s, "District", func() (roster.District, error) {
		d := s.districts[id]
		if d == nil {
			return roster.District{}, roster.ErrNoDistrict
		}
		return d.District, nil
	})
}

// CreateDistrict implements roster.Districts.
func (s *Store) CreateDistrict(ctx context.Context, created roster.District) error {
	_, err := call(ctx, s, "CreateDistrict", func() (none struct{}, err error) {
		for _, d := range s.districts {
			if d.Slug == created.Slug {
				return none, roster.ErrSlugTaken
			}
		}
		created.RosterVersion = 0
		s.districts[created.ID] = &district{
			District: created, ids: map[record]uuid.UUID{}, people: map[uuid.UUID]roster.Person{},
			conversations: map[uuid.UUID]*conversation{}, heads: map[uuid.UUID]*hub.Head{},
			sent: map[usedKey]*sent{}, started: map[usedKey]*started{}, drafts: map[draft]hub.Draft{},
			preferences: map[uuid.UUID]identity.Preferences{}, notices: map[uuid.UUID]time.Time{}, mails: map[uuid.UUID]*mail{}, unsettled: map[uuid.UUID]*mail{},
			marked: map[string]notify.Address{}, nonces: map[string]time.Time{},
		}
		return none, nil
	})
	return err
}

// SaveDistrict implements roster.Districts.
func (s *Store) SaveDistrict(ctx context.Context, saved roster.District) error {
	_, err := call(ctx, s, "SaveDistrict", func() (none struct{}, err error) {
		d := s.districts[saved.ID]
		if d == nil {
			return none, roster.ErrNoDistrict
		}
		d.Name, d.Enabled, d.Settings = saved.Name, saved.Enabled, saved.Settings
		d.RosterVersion++
		return none, nil
	})
	return err
}
