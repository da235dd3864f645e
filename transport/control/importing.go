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
}

// Plan is what an import would do.
type Plan struct {
	Changes   roster.Changes
	WouldSeal int // conversations
	Excess    []roster.Excess
	Reach     roster.ReachReport
	// Ended are ties that would end, Left guardians who would go: at most
	// reachShown of each, by name. More are how many are not listed.
	Ended, Left         []string
	MoreEnded, MoreLeft int
}

// Done is what an import did.
type Done struct {
	Summary roster.Summary
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
	return state, plan, nil
}

// Run makes the changes, all or none: an *ExcessError, like any other error,
// leaves everything as it was.
func (i Import) Run(ctx context.Context) (Done, error) {
	for try := 1; ; try++ {
		_, plan, err := i.compare(ctx)
		if err != nil {
			return Done{}, err
		}
		if len(plan.Excess) > 0 && !i.Large {
			return Done{}, &ExcessError{Excess: plan.Excess}
		}
		done := Done{Summary: plan.Changes.Summary}
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
