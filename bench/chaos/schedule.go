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

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/installation"
)

const (
	mostFaults = 3               // in one round
	spread     = 2 * time.Second // over which they begin
)

// plan is what goes wrong in a round.
type plan []planned

type planned struct {
	fault.Fault
	scene fault.Scene
	after time.Duration
}

// draw draws a round's faults: the same for a seed and a round, whatever else
// happens.
func draw(o options, round int, in *installation.Installation) plan {
	random := rand.New(rand.NewPCG(o.seed, uint64(round)))
	var p plan
	taken := map[string]bool{}
	for len(p) < 1+random.IntN(mostFaults) {
		f := fault.All[random.IntN(len(fault.All))]
		s := fault.Scene{In: in, Node: in.Nodes[random.IntN(len(in.Nodes))], Rand: rand.New(rand.NewPCG(random.Uint64(), random.Uint64()))}
		if o.only != "" && f.Name != o.only {
			f = fault.All[slices.IndexFunc(fault.All, func(f fault.Fault) bool { return f.Name == o.only })]
		}
		if taken[f.Target(s)] {
			break
		}
		taken[f.Target(s)] = true
		p = append(p, planned{f, s, s.Between(0, spread)})
	}
	return p
}

func (p plan) String() string {
	var names []string
	for _, f := range p {
		name := f.Name
		if t := f.Target(f.scene); strings.HasPrefix(t, "node") {
			name += "@" + f.scene.Node.Name
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
			fault.Sleep(ctx, f.after)
			if err := f.Strike(ctx, f.scene); err != nil {
				failed[i] = fmt.Errorf("%s: %w", f.Name, err)
			}
		})
	}
	all.Wait()
	return time.Now(), errors.Join(failed...)
}
