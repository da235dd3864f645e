package memory

import (
	"context"
	"crypto/rand"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
)

// Preferences are those of identity.Store.
func (s *Store) Preferences(ctx context.Context, district, person uuid.UUID) (identity.Preferences, error) {
	return call(ctx, s, "Preferences", func() (p identity.Preferences, err error) {
		if d := s.districts[district]; d != nil {
			p = d.preferences[person]
		}
		return p, nil
	})
}

// SavePreferences is that of identity.Store.
func (s *Store) SavePreferences(ctx context.Context, district, person uuid.UUID, p identity.Preferences) error {
	_, err := call(ctx, s, "SavePreferences", func() (none struct{}, err error) {
		d := s.districts[district]
		if d == nil || d.people[person].ID == uuid.Nil {
			return none, hub.ErrNotFound
		}
		p.HomeLanguage = d.preferences[person].HomeLanguage
		d.preferences[person] = p
		return none, nil
	})
	return err
}

// Secret implements notify.Secrets.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	return call(ctx, s, "Secret", func() ([]byte, error) {
		if s.secrets[name] == nil {
			s.secrets[name] = make([]byte, 32)
			rand.Read(s.secrets[name]) // never fails
		}
		return slices.Clone(s.secrets[name]), nil
	})
}
