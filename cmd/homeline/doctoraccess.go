package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/control"
)

// rosters is what the doctor looks at of a school.
type rosters interface {
	Districts(ctx context.Context) ([]roster.District, error)
	State(ctx context.Context, district uuid.UUID) (roster.State, error)
	Grants(ctx context.Context, district uuid.UUID) ([]roster.Grant, error)
	People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) ([]roster.Person, error)
	Entries(ctx context.Context, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) ([]roster.Entry, error)
}

// access names, for each district, the staff who reach no one (R3). It looks
// where addresses does, and changes nothing.
func (d doctor) access(ctx context.Context) []diagnosis {
	school, err := d.addressBook(ctx)
	if err != nil {
		return []diagnosis{unseen("access", err)}
	}
	if school == nil {
		return nil
	}
	defer school.Close()
	return d.accessIn(ctx, school)
}

func (d doctor) accessIn(ctx context.Context, school rosters) []diagnosis {
	districts, err := school.Districts(ctx)
	if err != nil {
		return []diagnosis{unseen("access", err)}
	}
	var found []diagnosis
	for _, district := range districts {
		without, err := withoutAccess(ctx, school, district)
		switch {
		case err != nil:
			found = append(found, noted("access: %s was not looked at: %v", district.Slug, err))
		case len(without) == 0:
			found = append(found, well("access: everyone on the staff of %s can reach students", district.Slug))
		default:
			found = append(found, noted("access: on the staff of %s, %s", district.Slug, accessInWords(without, district.Slug)))
		}
	}
	return found
}

// withoutAccess are the staff of a district who reach no one today.
func withoutAccess(ctx context.Context, school rosters, d roster.District) ([]roster.WithoutAccess, error) {
	today := d.Today(time.Now())
	grants, err := control.SnapshotGrants(ctx, school, d.ID, today)
	if err != nil {
		return nil, err
	}
	state, err := school.State(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	return state.WithoutAccess(grants, today), nil
}

// accessInWords counts them by role, names a few, and says what to do.
func accessInWords(without []roster.WithoutAccess, slug string) string {
	counts := map[roster.Role]int{}
	var roles []roster.Role
	var names []string
	for _, p := range without {
		if counts[p.Role]++; counts[p.Role] == 1 {
			roles = append(roles, p.Role)
		}
		if len(names) < namedStudents {
			names = append(names, fmt.Sprintf("%s (%s)", p.Name, p.SourcedID))
		}
	}
	slices.Sort(roles)
	var byRole []string
	for _, r := range roles {
		byRole = append(byRole, fmt.Sprintf("%d %s", counts[r], roleName(r)))
	}
	if more := len(without) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("%d can start no conversation (%s): %s. Nurses, counselors and case managers are often exported as teachers without classes. "+
		"Give them access with: homeline access grant --district %s", len(without), strings.Join(byRole, ", "), strings.Join(names, ", "), slug)
}
