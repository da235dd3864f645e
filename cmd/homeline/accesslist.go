package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

type accessList struct {
	chosenDistrict
	All bool `help:"Those that have ended, too."`
}

// Run lists the grants of a district.
func (a accessList) Run(ctx context.Context, c console) error {
	school, d, closer, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	all, err := school.Grants(ctx, d.ID)
	if err != nil {
		return err
	}
	today := d.Today(time.Now())
	grants := slices.DeleteFunc(all, func(g roster.Grant) bool { return !a.All && !g.Holds(today) })
	names, err := namesOf(ctx, school, d, grants)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "GRANT\tTO\tFOR\tSINCE\tUNTIL\tBY\tREASON"+ended(a.All, "ENDED"))
	for _, g := range grants {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s%s\n", g.ID, names.to(g), names.target(g), d.Today(g.MadeAt), g.Until, g.By, oneLine(g.Reason),
			ended(a.All, endInWords(d, g.EndedAt, g.EndedBy)))
	}
	return w.Flush()
}

// grantNames are what the people, organizations and classes of grants are called.
type grantNames map[uuid.UUID]string

func namesOf(ctx context.Context, s control.School, d roster.District, grants []roster.Grant) (grantNames, error) {
	var people, orgs, sections []uuid.UUID
	for _, g := range grants {
		people = append(append(people, g.Person), g.Students...)
		orgs = append(orgs, g.RoleOrg, g.Org)
		sections = append(sections, g.Section)
	}
	names := grantNames{}
	found, err := s.People(ctx, d.ID, roster.Distinct(people))
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		names.add(p.ID, p.Name(), p.SourcedID, p.Gone)
	}
	for kind, ids := range map[roster.Kind][]uuid.UUID{roster.KindOrg: orgs, roster.KindSection: sections} {
		entries, err := s.Entries(ctx, d.ID, kind, roster.Distinct(ids), nil)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			names.add(e.ID, e.Name, e.SourcedID, e.Gone)
		}
	}
	return names, nil
}

func (n grantNames) add(id uuid.UUID, name, sourcedID string, gone bool) {
	n[id] = fmt.Sprintf("%s (%s)", name, sourcedID)
	if gone {
		n[id] = fmt.Sprintf("%s (%s, no longer in the roster)", name, sourcedID)
	}
}

// to says whom a grant is given to.
func (n grantNames) to(g roster.Grant) string {
	if g.Role == "" {
		return n[g.Person]
	}
	return fmt.Sprintf("every %s of %s", roleName(g.Role), n[g.RoleOrg])
}

// namedStudents is how many students of a grant are named.
const namedStudents = 3

// students says which students a grant gives access to.
func (n grantNames) students(g roster.Grant) string {
	if len(g.Students) > 0 {
		return n.target(g)
	}
	return "the students of " + n.target(g)
}

// target says what a grant is for.
func (n grantNames) target(g roster.Grant) string {
	switch {
	case g.Org != uuid.Nil:
		return n[g.Org]
	case g.Section != uuid.Nil:
		return n[g.Section]
	}
	var names []string
	for _, id := range g.Students[:min(len(g.Students), namedStudents)] {
		names = append(names, n[id])
	}
	if more := len(g.Students) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}
