package memory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Grant implements roster.Grants.
func (s *Store) Grant(ctx context.Context, districtID uuid.UUID, g roster.Grant, now time.Time) error {
	_, err := call(ctx, s, "Grant", func() (none struct{}, err error) {
		d := s.districts[districtID]
		if d == nil {
			return none, roster.ErrNoDistrict
		}
		for _, person := range append([]uuid.UUID{g.Person}, g.Students...) {
			if _, known := d.people[person]; !known && person != uuid.Nil {
				return none, roster.ErrNoPerson
			}
		}
		for _, org := range []uuid.UUID{g.RoleOrg, g.Org} {
			if org != uuid.Nil && !slices.ContainsFunc(d.entries(roster.KindOrg), func(e roster.Entry) bool { return e.ID == org }) {
				return none, roster.ErrNoOrg
			}
		}
		if g.Section != uuid.Nil && !slices.ContainsFunc(d.entries(roster.KindSection), func(e roster.Entry) bool { return e.ID == g.Section }) {
			return none, roster.ErrNoSection
		}
		g.MadeAt, g.EndedAt, g.EndedBy = stored(now), time.Time{}, ""
		d.grants = append(slices.Clone(d.grants), g)
		d.RosterVersion++
		return none, nil
	})
	return err
}

// Revoke implements roster.Grants.
func (s *Store) Revoke(ctx context.Context, districtID, grant uuid.UUID, by string, now time.Time) error {
	_, err := call(ctx, s, "Revoke", func() (none struct{}, err error) {
		d := s.districts[districtID]
		if d == nil {
			return none, roster.ErrNoGrant
		}
		i := slices.IndexFunc(d.grants, func(g roster.Grant) bool { return g.ID == grant && g.EndedAt.IsZero() })
		if i < 0 {
			return none, roster.ErrNoGrant
		}
		d.grants = slices.Clone(d.grants)
		d.grants[i].EndedAt, d.grants[i].EndedBy = stored(now), by
		d.RosterVersion++
		return none, nil
	})
	return err
}

// Grants implements roster.Grants.
func (s *Store) Grants(ctx context.Context, districtID uuid.UUID) ([]roster.Grant, error) {
	return call(ctx, s, "Grants", func() ([]roster.Grant, error) {
		if d := s.districts[districtID]; d != nil {
			return slices.Clone(d.grants), nil
		}
		return nil, nil
	})
}

// Entries implements roster.Grants.
func (s *Store) Entries(ctx context.Context, districtID uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) ([]roster.Entry, error) {
	return call(ctx, s, "Entries", func() (found []roster.Entry, err error) {
		if kind != roster.KindOrg && kind != roster.KindSection {
			return nil, fmt.Errorf("entries: there are none of kind %q", kind)
		}
		d := s.districts[districtID]
		if d == nil {
			return nil, nil
		}
		for _, e := range d.entries(kind) {
			if slices.Contains(ids, e.ID) || slices.Contains(sourcedIDs, e.SourcedID) {
				found = append(found, e)
			}
		}
		slices.SortFunc(found, func(a, b roster.Entry) int { return strings.Compare(a.SourcedID, b.SourcedID) })
		return found, nil
	})
}

func (d *district) entries(kind roster.Kind) (all []roster.Entry) {
	if kind == roster.KindOrg {
		for _, o := range d.says.Orgs {
			all = append(all, roster.Entry{ID: d.id(kind, o.SourcedID), SourcedID: o.SourcedID, Name: o.Name, Gone: o.Gone})
		}
		return all
	}
	for _, s := range d.says.Sections {
		all = append(all, roster.Entry{ID: d.id(kind, s.SourcedID), SourcedID: s.SourcedID, Name: roster.SectionName(s.Title, s.Period), Gone: s.Gone})
	}
	return all
}

// grantsOf are those not ended to people, and to roles that one of them has at all.
func (d *district) grantsOf(people map[uuid.UUID]roster.PersonFacts) (grants []roster.Grant) {
	for _, g := range d.grants {
		role := g.Role
		if role == roster.TeacherWithoutClasses {
			role = roster.Teacher
		}
		_, given := people[g.Person]
		for _, p := range people {
			given = given || slices.ContainsFunc(p.Roles, func(r roster.RoleAt) bool { return r.Role == role })
		}
		if given && g.EndedAt.IsZero() {
			grants = append(grants, g)
		}
	}
	return grants
}
