package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/installation"
)

// moment is one of a mail, at which its node is killed.
type moment string

// The moments, in their order. Those from received to answered are the provider's.
const (
	whenIntended moment = "before the call"
	whenCalling  moment = "about to call"
	whenReceived moment = "called, not taken"
	whenTaken    moment = "taken, not answered"
	whenHalf     moment = "within the answer"
	whenAnswered moment = "answered, not recorded"
	whenSettled  moment = "recorded"
)

var moments = []moment{whenIntended, whenCalling, whenReceived, whenTaken, whenHalf, whenAnswered, whenSettled}

// overheard are the moments that the database tells of.
var overheard = map[string]moment{intended: whenIntended, calling: whenCalling, "sent": whenSettled}

// killer breaks things: a node at a moment of a mail, and anything at random.
type killer struct {
	in      *installation.Installation
	moments []moment // of the provider that is used
	faults  []fault.Fault
	under   sync.WaitGroup // of what is broken

	mu      sync.Mutex
	random  *rand.Rand
	broken  map[string]bool // targets
	awaited moment          // at which the next node is killed
	kills   map[moment]int
	breaks  map[string]int
	failed  error
}

func newKiller(in *installation.Installation, seed uint64, moments []moment, lease time.Duration) *killer {
	return &killer{
		in: in, moments: moments, faults: append(slices.Clone(fault.All), sleep(lease)), random: rand.New(rand.NewPCG(seed, 0x6b696c6c)),
		broken: map[string]bool{}, kills: map[moment]int{}, breaks: map[string]int{},
	}
}

// sleep has a node stand still until others have taken over what it held, as a
// laptop does whose lid is closed.
func sleep(lease time.Duration) fault.Fault {
	return fault.Fault{
		Name:   "node-sleep",
		Target: func(s fault.Scene) string { return s.Node.Name },
		Strike: func(ctx context.Context, s fault.Scene) error {
			if err := s.Node.Freeze(); err != nil {
				return err
			}
			fault.Sleep(ctx, lease+s.Between(0, lease/4))
			return s.Node.Thaw()
		},
	}
}

// rage breaks things until ctx is done, every so often, and returns when all of
// them are whole again.
func (k *killer) rage(ctx context.Context, every time.Duration) error {
	ending := context.WithoutCancel(ctx)
	for n := 0; ; n++ {
		fault.Sleep(ctx, k.between(every/2, every))
		if ctx.Err() != nil {
			break
		}
		k.mu.Lock()
		k.awaited = k.moments[n%len(k.moments)]
		k.mu.Unlock()
		k.strike(ending)
	}
	k.mu.Lock()
	k.awaited = ""
	k.mu.Unlock()
	k.under.Wait()
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.failed
}

func (k *killer) between(low, high time.Duration) time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return low + time.Duration(k.random.Float64()*float64(high-low))
}

// strike draws a fault, where its target is whole.
func (k *killer) strike(ctx context.Context) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f := k.faults[k.random.IntN(len(k.faults))]
	s := fault.Scene{In: k.in, Node: k.in.Nodes[k.random.IntN(len(k.in.Nodes))],
		Rand: rand.New(rand.NewPCG(k.random.Uint64(), k.random.Uint64()))}
	target := f.Target(s)
	if k.broken[target] {
		return
	}
	k.breaks[f.Name]++
	k.undergo(target, f.Name, func() error { return f.Strike(ctx, s) })
}

// undergo does something to a target that is whole. The caller holds k.mu.
func (k *killer) undergo(target, name string, do func() error) {
	k.broken[target] = true
	k.under.Go(func() {
		err := do()
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.broken[target] = false; err != nil && k.failed == nil {
			k.failed = fmt.Errorf("%s: %w", name, err)
		}
	})
}

// awaits says whether a node is to be killed at a moment that it has come to: it
// is the caller's then, who must kill it.
func (k *killer) awaits(m moment, n *installation.Node) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.awaited != m || k.broken[n.Name] {
		return false
	}
	k.awaited = ""
	k.broken[n.Name] = true
	k.kills[m]++
	return true
}

// kill kills a node that is awaited, and starts it again later. It has ended when
// kill returns.
func (k *killer) kill(ctx context.Context, n *installation.Node) {
	err := n.Kill()
	down := k.between(0, 4*time.Second)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		k.failed = err
	}
	k.undergo(n.Name, "starting "+n.Name, func() error {
		fault.Sleep(ctx, down)
		return n.Start(ctx)
	})
}

// reached is told of steps that the database has committed.
func (k *killer) reached(ctx context.Context, n *installation.Node, name string) {
	if m, is := overheard[name]; is && k.awaits(m, n) {
		k.kill(ctx, n)
	}
}
