package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

// Import brings a school to what a roster says.
type Import struct {
	School     School
	District   roster.District
	Snapshot   roster.Snapshot
	Today      roster.Date
	Large      bool              // go over the limits of roster.CheckLimits
	Identities roster.Identities // of sourcedIds that are recycled
	// WithoutColumns goes on though columns are missing that the last import had:
	// what is stored of them stays.
	WithoutColumns bool
}

// Plan is what an import would do.
type Plan struct {
	Changes  roster.Changes
	Impact   roster.Impact
	Closings []Closing
	Excess   []roster.Excess
	Reach    roster.ReachReport // of a dry run only
	Remarks  []string           // about the school as it would be
}

// Closing is a conversation that an import seals, with the names of those whose
// guardianship ends.
type Closing struct {
	roster.Closing
	Guardian, Student string
}

// Done is what an import did: what was planned, also if it was stopped, and what
// became of it.
type Done struct {
	Plan
	Effects roster.Effects
}

// ExcessError is an import that goes over a limit; nothing was changed.
type ExcessError struct{ Excess []roster.Excess }

// Error names all limits.
func (e *ExcessError) Error() string {
	var all []string
	for _, x := range e.Excess {
		all = append(all, x.String())
	}
	return "the import is refused, nothing was changed: it " + strings.Join(all, "; it ")
}

// ColumnsError is an import whose files lack columns; nothing was changed.
type ColumnsError struct {
	Lacking []roster.LackingColumn
	Fatal   bool // to go on without them would mean nothing
}

// Error names the columns and the file of each.
func (e *ColumnsError) Error() string {
	var all []string
	for _, l := range e.Lacking {
		all = append(all, l.File+" has no column "+l.Name)
	}
	return "the import is refused, nothing was changed: " + strings.Join(all, "; ")
}

// checkColumns is a *ColumnsError if columns are missing without which a file
// says nothing, or that the last import had.
func (i Import) checkColumns(lacking []roster.LackingColumn) error {
	var needed, had []roster.LackingColumn
	for _, l := range lacking {
		if l.Needed {
			needed = append(needed, l)
		}
		if l.Had {
			had = append(had, l)
		}
	}
	switch {
	case len(needed) > 0:
		return &ColumnsError{Lacking: needed, Fatal: true}
	case len(had) > 0 && !i.WithoutColumns:
		return &ColumnsError{Lacking: had}
	}
	return nil
}

const (
	// reachShown is how many people a plan lists in each part.
	reachShown = 20
	// staleTries is how often an import compares anew, because somebody changed
	// the roster between the reading and the writing.
	staleTries = 5
)

// Plan works out what Run would do, and does nothing.
func (i Import) Plan(ctx context.Context) (Plan, error) {
	state, plan, err := i.compare(ctx)
	if err != nil {
		return Plan{}, err
	}
	plan.Reach = roster.ReachDiff(state, plan.Changes, i.Today, reachShown)
	grants, err := SnapshotGrants(ctx, i.School, i.District.ID, i.Today)
	if err != nil {
		return Plan{}, err
	}
	plan.Reach.ByGrant, plan.Reach.MoreByGrant = roster.GrantReachDiff(state, plan.Changes, grants, i.Today, reachShown)
	return plan, nil
}

func (i Import) compare(ctx context.Context) (roster.State, Plan, error) {
	failed := func(doing string, err error) (roster.State, Plan, error) {
		return roster.State{}, Plan{}, fmt.Errorf("%s of %s: %w", doing, i.District.Slug, err)
	}
	state, err := i.School.State(ctx, i.District.ID)
	if err != nil {
		return failed("reading the roster", err)
	}
	accounts, err := i.School.Accounts(ctx, i.District.ID)
	if err != nil {
		return failed("reading the accounts", err)
	}
	i.Identities.Today = i.Today
	var plan Plan
	state, plan.Changes = roster.CompareIdentities(state, i.Snapshot, i.Identities)
	plan.Impact = roster.Weigh(state, i.Snapshot, &plan.Changes, accounts, i.Today)
	if ended := plan.Changes.RemoveGuardianships; len(ended) > 0 {
		closings, err := i.School.WouldSeal(ctx, i.District.ID, ended)
		if err != nil {
			return failed("looking for the conversations to be sealed", err)
		}
		for _, c := range closings {
			plan.Closings = append(plan.Closings, Closing{c, whoIs(state, c.Guardian), whoIs(state, c.Student)})
		}
	}
	plan.Excess = roster.CheckLimits(plan.Changes.Summary, plan.Impact.Measured, len(plan.Closings))
	plan.Remarks = roster.Remarks(state, plan.Changes, i.Today)
	return state, plan, nil
}

// Check says why a plan is not to be carried out: a *ColumnsError, an
// *ExcessError, or both.
func (i Import) Check(plan Plan) error {
	err := i.checkColumns(plan.Changes.Lacking)
	if len(plan.Excess) > 0 && !i.Large {
		err = errors.Join(err, &ExcessError{Excess: plan.Excess})
	}
	return err
}

// Run makes the changes, all or none: what Check says, like any other error,
// leaves everything as it was.
func (i Import) Run(ctx context.Context) (Done, error) {
	for try := 1; ; try++ {
		_, plan, err := i.compare(ctx)
		if err != nil {
			return Done{}, err
		}
		done := Done{Plan: plan}
		if err := i.Check(plan); err != nil {
			return done, err
		}
		if plan.Changes.Empty() {
			return done, nil
		}
		done.Effects, err = i.School.ApplyRoster(ctx, i.District.ID, plan.Changes)
		if errors.Is(err, roster.ErrStale) && try < staleTries {
			continue
		}
		return done, err
	}
}

// whoIs names somebody of a state, whose people are in order.
func whoIs(state roster.State, sourcedID string) string {
	at, known := slices.BinarySearchFunc(state.People, sourcedID, func(p roster.SnapshotPerson, id string) int {
		return strings.Compare(p.SourcedID, id)
	})
	if !known {
		return sourcedID
	}
	return roster.NameOf(&state.People[at])
}
