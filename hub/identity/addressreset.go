package identity

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// ResetAddress takes back, at the district's word, the address that somebody
// chose, and signs them out everywhere: whoever reads the other one, or was
// signed in with it, is out, with all links. It answers the address that was
// theirs; hub.ErrNotFound where they chose none.
func (s *Service) ResetAddress(ctx context.Context, district, person uuid.UUID) (chosen string, err error) {
	m, err := s.mover(ctx, district, person)
	if err != nil {
		return "", err
	}
	if m.chosen == "" {
		return "", hub.ErrNotFound
	}
	if err := s.store.ChooseAddress(ctx, district, person, "", s.now()); err != nil {
		return "", fmt.Errorf("the roster's address: %w", err)
	}
	if err := s.SignOutEverywhere(ctx, Session{District: district, Person: person}); err != nil {
		return "", err
	}
	// A link to a further address may have been used between the two.
	if err := s.store.ChooseAddress(ctx, district, person, "", s.now()); err != nil {
		return "", fmt.Errorf("the roster's address: %w", err)
	}
	return m.chosen, nil
}
