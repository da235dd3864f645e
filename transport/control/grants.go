package control

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// grantsOf is what SnapshotGrants asks of a school.
type grantsOf interface {
	Grants(ctx context.Context, district uuid.UUID) ([]roster.Grant, error)
	People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) ([]roster.Person, error)
	Entries(ctx context.Context, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) ([]roster.Entry, error)
}

// SnapshotGrants are the grants of a district that hold on a day, by the
// identifiers of the roster.
func SnapshotGrants(ctx context.Context, s grantsOf, district uuid.UUID, today roster.Date) ([]roster.SnapshotGrant, error) {
	grants, err := s.Grants(ctx, district)
	if err != nil {
		return nil, fmt.Errorf("grants: %w", err)
	}
	grants = slices.DeleteFunc(grants, func(g roster.Grant) bool { return !g.Holds(today) })
	if len(grants) == 0 {
		return nil, nil
	}
	sourced, err := sourcedIDs(ctx, s, district, grants)
	if err != nil {
		return nil, fmt.Errorf("grants: %w", err)
	}
	all := make([]roster.SnapshotGrant, len(grants))
	for i, g := range grants {
		all[i] = roster.SnapshotGrant{
			Person: sourced[g.Person], Role: g.Role, RoleOrg: sourced[g.RoleOrg], Org: sourced[g.Org], Section: sourced[g.Section],
		}
		for _, student := range g.Students {
			all[i].Students = append(all[i].Students, sourced[student])
		}
	}
	return all, nil
}

func sourcedIDs(ctx context.Context, s grantsOf, district uuid.UUID, grants []roster.Grant) (map[uuid.UUID]string, error) {
	var people, orgs, sections []uuid.UUID
	for _, g := range grants {
		people = append(append(people, g.Person), g.Students...)
		orgs, sections = append(orgs, g.RoleOrg, g.Org), append(sections, g.Section)
	}
	sourced := map[uuid.UUID]string{}
	found, err := s.People(ctx, district, roster.Distinct(people))
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		sourced[p.ID] = p.SourcedID
	}
	for kind, ids := range map[roster.Kind][]uuid.UUID{roster.KindOrg: orgs, roster.KindSection: sections} {
		entries, err := s.Entries(ctx, district, kind, roster.Distinct(ids), nil)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			sourced[e.ID] = e.SourcedID
		}
	}
	return sourced, nil
}
