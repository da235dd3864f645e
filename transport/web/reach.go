package web

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// facts are what the roster knows of the visitor, read once a request.
func (s *Site) facts(ctx context.Context, v *visitor) (roster.Facts, error) {
	if v.facts != nil {
		return *v.facts, nil
	}
	facts, err := s.opts.Roster.Facts(ctx, v.district.ID, []uuid.UUID{v.person.ID}, v.now)
	if err != nil {
		return roster.Facts{}, fmt.Errorf("facts: %w", err)
	}
	v.facts = &facts
	return facts, nil
}

// mayNotBegin says why somebody, as staff alone, begins no conversation (R3);
// empty where they do.
func (s *Site) mayNotBegin(ctx context.Context, v *visitor) (string, error) {
	if !v.person.Staff() || v.person.IsFamily() {
		return "", nil
	}
	scope, err := s.scope(ctx, v)
	if err != nil || !scope.Empty() {
		return "", err
	}
	for _, r := range v.person.Roles {
		if r.Role.Reach() != roster.ReachNone {
			return v.lang.Say("begins_not_now"), nil
		}
	}
	return v.lang.Say("begins_never"), nil
}

// scope is the reach of a visitor who is staff (R3).
func (s *Site) scope(ctx context.Context, v *visitor) (roster.Scope, error) {
	facts, err := s.facts(ctx, v)
	if err != nil {
		return roster.Scope{}, err
	}
	return facts.Scope(v.person.ID), nil
}
