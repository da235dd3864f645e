package control

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/homeline/homeline/hub/roster"
)

// Import brings a school to what a roster says.
type Import struct {
	School   School
	District roster.District
	Snapshot roster.Snapshot
	Today    roster.Date
	Large    bool // go over the limits of roster.CheckLimits
	// WithoutColumns goes on though columns are missing that the last import had:
	// what is stored of them stays.
	WithoutColumns bool
}

// Plan is what an import would do.
type Plan struct {
	Changes   roster.Changes
	WouldSeal int // conversations
	Excess    []roster.Excess
	Reach     roster.ReachReport
	Remarks   []string // about the school as it would be
	// Ended are ties that would end, Left guardians who would go: at most
	// reachShown of each, by name. More are how many are not listed.
	Ended, Left         []string
	MoreEnded, MoreLeft int
}

// Done is what an import did.
type Done struct {
	Summary roster.Summary
	Effects roster.Effects
	// Lacking and Remarks are as in a Plan, also if the import was stopped.
	Lacking []roster.LackingColumn
	Remarks []string
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
	plan.nameGuardians(state)
	return plan, nil
}

func (i Import) compare(ctx context.Context) (roster.State, Plan, error) {
	state, err := i.School.State(ctx, i.District.ID)
	if err != nil {
		return roster.State{}, Plan{}, fmt.Errorf("reading the roster of %s: %w", i.District.Slug, err)
	}
	plan := Plan{Changes: roster.Compare(state, i.Snapshot)}
	if ended := plan.Changes.RemoveGuardianships; len(ended) > 0 {
		if plan.WouldSeal, err = i.School.WouldSeal(ctx, i.District.ID, ended); err != nil {
			return roster.State{}, Plan{}, fmt.Errorf("counting what would be sealed: %w", err)
		}
	}
	plan.Excess = roster.CheckLimits(plan.Changes.Summary, plan.WouldSeal)
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
		done := Done{Summary: plan.Changes.Summary, Lacking: plan.Changes.Lacking, Remarks: plan.Remarks}
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
