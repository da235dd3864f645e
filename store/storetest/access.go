package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// AccessStore is what [Access] needs: a roster, and what the district decides
// over it.
type AccessStore interface {
	roster.Districts
	roster.Grants
	State(ctx context.Context, district uuid.UUID) (roster.State, error)
	Apply(ctx context.Context, district uuid.UUID, c roster.Changes, now time.Time) (roster.Effects, error)
	Bar(ctx context.Context, district uuid.UUID, b roster.Bar, now time.Time) (roster.Effects, error)
	Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string, now time.Time) error
	Bars(ctx context.Context, district uuid.UUID) ([]roster.Bar, error)
	Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error)
	PersonBySourcedID(ctx context.Context, district uuid.UUID, sourcedID string) (roster.Person, error)
}

// Access asks of the stores that open opens, an empty one for each test, what
// becomes of the decisions of a district: grants (R3) and bars (R26). How a
// search minds them is asked by [Roster].
func Access(t *testing.T, open func(*testing.T) AccessStore) {
	for _, group := range []struct {
		name  string
		tests []accessTest
	}{
		{"Grants", grantTests},
		{"Bars", barTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, one := range group.tests {
				t.Run(one.says, func(t *testing.T) { one.run(t, open(t)) })
			}
		})
	}
}

// accessTest is one thing that a store is asked.
type accessTest struct {
	says string
	run  func(*testing.T, AccessStore)
}

// judged is what Judge says, at an instant, of somebody of the school who would
// write about a student.
func judged(t *testing.T, s AccessStore, d roster.District, sender string, side roster.Side, to, student string, now time.Time) roster.Code {
	t.Helper()
	from, person, about := person(t, s, d.ID, sender), person(t, s, d.ID, to), person(t, s, d.ID, student)
	facts := given(s.Facts(t.Context(), d.ID, ids(from, person, about), now))(t)
	return facts.Judge(from.ID, side, roster.Recipient{Person: person.ID, Student: about.ID}).Code
}

// entry is an organization or a class of the school.
func entry(t *testing.T, s AccessStore, d roster.District, kind roster.Kind, sourcedID string) uuid.UUID {
	t.Helper()
	found := given(s.Entries(t.Context(), d.ID, kind, nil, []string{sourcedID}))(t)
	if len(found) != 1 {
		t.Fatalf("%s %s: %+v", kind, sourcedID, found)
	}
	return found[0].ID
}
