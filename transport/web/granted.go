package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// mostGranted is how many grants a page speaks of.
const mostGranted = 5

// granted says why the visitor reaches students beyond the roster: a sentence
// for each grant that holds (R3).
func (s *Site) granted(ctx context.Context, v *visitor) ([]string, error) {
	facts, err := s.facts(ctx, v)
	if err != nil {
		return nil, err
	}
	classes, err := s.grantedClasses(ctx, v, facts)
	if err != nil {
		return nil, err
	}
	var said []string
	for g, until := range facts.Granted(v.person.ID) {
		what := facts.Orgs[g.Org].Name
		switch {
		case g.Section != uuid.Nil:
			what = classes[g.Section]
		case len(g.Students) > 0:
			what = v.lang.Count("access_students", int64(len(g.Students)))
		}
		if what == "" {
			continue // it is not in the roster at the moment
		}
		words := v.lang.Say("access_given", "what", what)
		if until != roster.NoDate {
			year, month, day := until.Time().Date()
			words = v.lang.Say("access_given_until", "what", what, "date", v.lang.Date(year, month, day, facts.Today.Time().Year()))
		}
		if !slices.Contains(said, words) {
			said = append(said, words)
		}
	}
	return said[:min(len(said), mostGranted)], nil
}

// grantedClasses are the names of the classes among what was granted.
func (s *Site) grantedClasses(ctx context.Context, v *visitor, facts roster.Facts) (map[uuid.UUID]string, error) {
	var ids []uuid.UUID
	for g := range facts.Granted(v.person.ID) {
		if g.Section != uuid.Nil {
			ids = append(ids, g.Section)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := s.opts.Roster.Entries(ctx, v.district.ID, roster.KindSection, ids, nil)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	names := map[uuid.UUID]string{}
	for _, class := range found {
		if !class.Gone {
			names[class.ID] = class.Name
		}
	}
	return names, nil
}
