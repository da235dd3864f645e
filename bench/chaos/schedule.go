package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/homeline/homeline/bench/installation"
)

const (
	mostFaults = 3               // in one round
	spread     = 2 * time.Second // over which they begin
)

// plan is what goes wrong in a round.
type plan []planned

type planned struct {
	fault
	scene scene
	after time.Duration
}

// draw draws a round's faults: the same for a seed and a round, whatever else
// happens.
func draw(o options, round int, in *installation.Installation) plan {
	random := rand.New(rand.NewPCG(o.seed, uint64(round)))
	var p plan
	taken := map[string]bool{}
	for len(p) < 1+random.IntN(mostFaults) {
		f := faults[random.IntN(len(faults))]
		s := scene{in: in, node: in.Nodes[random.IntN(len(in.Nodes))], rand: rand.New(rand.NewPCG(random.Uint64(), random.Uint64()))}
		if o.only != "" && f.name != o.only {
			f = faults[slices.IndexFunc(faults, func(f fault) bool { return f.name == o.only })]
		}
		if taken[f.target(s)] {
			break
		}
		taken[f.target(s)] = true
		p = append(p, planned{f, s, s.between(0, spread)})
	}
	return p
}

func (p plan) String() string {
	var names []string
	for _, f := range p {
		name := f.name
		if t := f.target(f.scene); strings.HasPrefix(t, "node") {
			name += "@" + f.scene.node.Name
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// strike causes everything, and returns when the last has ended, with when that
// was.
func (p plan) strike(ctx context.Context) (time.Time, error) {
	failed := make([]error, len(p))
	var all sync.WaitGroup
	for i, f := range p {
		all.Go(func() {
			sleep(ctx, f.after)
			if err := f.strike(ctx, f.scene); err != nil {
				failed[i] = fmt.Errorf("%s: %w", f.name, err)
			}
		})
	}
	all.Wait()
	return time.Now(), errors.Join(failed...)
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
