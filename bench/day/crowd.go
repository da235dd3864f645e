package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/installation"
	"github.com/homeline/homeline/bench/page"
)

const (
	slug     = "lincoln"
	validity = 24 * time.Hour // of tokens
	// sockets a teacher: how many teachers write the evening before so that
	// enough people have something to look at.
	socketsATeacher = 4
	// atOnce is how many requests are made at once while preparing.
	atOnce = 4
)

// crowd is everybody who comes this morning.
type crowd struct {
	options options
	server  string
	begins  time.Time
	wrote   []*person // the evening before
	people  []*person
	pages   *firstBytes

	mu    sync.Mutex
	draws *rand.Rand
}

// gather lets teachers write the evening before, and draws from them and those
// whom they wrote to as many as make the number of open pages that is asked for.
func gather(ctx context.Context, in *installation.Installation, o options) (*crowd, error) {
	c := &crowd{options: o, server: in.Proxy.Address(), draws: rand.New(rand.NewPCG(o.seed, 1))}
	c.pages = newFirstBytes(c.server)
	desk, err := in.OpenDesk(ctx, slug)
	if err != nil {
		return nil, err
	}
	defer desk.Close()
	teachers, err := c.teachers(ctx, in, desk)
	if err != nil {
		return nil, err
	}
	written, err := c.evening(ctx, teachers)
	if err != nil {
		return nil, err
	}
	c.wrote = teachers
	candidates := slices.Concat(teachers, written)
	c.draws.Shuffle(len(candidates), func(i, j int) { candidates[i], candidates[j] = candidates[j], candidates[i] })
	var open occupancy
	for _, p := range candidates {
		if p.visits = visitsOf(p.kind, p.opens, p.random); len(p.visits) == 0 {
			continue
		}
		open.add(p.visits)
		c.people = append(c.people, p)
		if open.peak() >= o.sockets {
			break
		}
	}
	if open.peak() < o.sockets*9/10 {
		return nil, fmt.Errorf("of %d people at most %d have a page open at once, and %d are asked for", len(candidates), open.peak(), o.sockets)
	}
	return c, inParallel(ctx, c.people, func(ctx context.Context, p *person) error { return p.signIn(ctx, desk) })
}

// teachers are some of the district, from all of its schools.
func (c *crowd) teachers(ctx context.Context, in *installation.Installation, desk *installation.Desk) ([]*person, error) {
	named, err := in.Named(slug)
	if err != nil {
		return nil, err
	}
	named = slices.DeleteFunc(named, func(n installation.Named) bool { return n.Role != "teacher" })
	number := min(len(named), max(2, c.options.sockets/socketsATeacher))
	var teachers []*person
	for i := range number {
		p := c.newPerson(staff, drawOpening(c.draws))
		p.named = named[i*len(named)/number]
		teachers = append(teachers, p)
	}
	return teachers, inParallel(ctx, teachers, func(ctx context.Context, p *person) error { return p.signIn(ctx, desk) })
}

// newPerson is somebody with a device at an address of their own, as people have.
func (c *crowd) newPerson(k kind, opens time.Duration) *person {
	c.mu.Lock()
	defer c.mu.Unlock()
	random := rand.New(rand.NewPCG(c.draws.Uint64(), c.draws.Uint64()))
	return &person{crowd: c, kind: k, opens: opens, random: random}
}

// evening lets the teachers write, and gives those whom they wrote to.
func (c *crowd) evening(ctx context.Context, teachers []*person) ([]*person, error) {
	var mu sync.Mutex
	known := map[uuid.UUID]bool{}
	var written []*person
	err := inParallel(ctx, teachers, func(ctx context.Context, t *person) error {
		reached, err := t.writeFirst(ctx)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, f := range reached {
			for _, r := range recipientsOf(f) {
				if known[r.Person] {
					continue
				}
				known[r.Person] = true
				k := guardian
				if r.Person == r.Student {
					k = student
				}
				p := c.newPerson(k, t.opens)
				p.id = r.Person
				written = append(written, p)
			}
		}
		return nil
	})
	return written, err
}

// address is one of the loopback's for each device.
func address(n int) net.IP {
	const last = 250
	return net.IPv4(127, byte(1+n/(last*last)), byte(n/last%last), byte(1+n%last))
}

func recipientsOf(f page.Family) []page.Recipient {
	recipients := []page.Recipient{{Person: f.Person, Student: f.Person}}
	for _, g := range f.Guardians {
		recipients = append(recipients, page.Recipient{Person: g.Person, Student: f.Person})
	}
	return recipients
}

// inParallel does something for each, a few at once, until one fails.
func inParallel[T any](ctx context.Context, all []T, do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan T)
	var work sync.WaitGroup
	for range atOnce {
		work.Go(func() {
			for one := range next {
				if err := do(ctx, one); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, one := range all {
		if ctx.Err() != nil {
			break
		}
		next <- one
	}
	close(next)
	work.Wait()
	return context.Cause(ctx)
}

// play lets everybody have their morning. It returns at its end, when everybody
// has stopped where they are: pages that are open stay open.
func (c *crowd) play(ctx context.Context) {
	c.begins = time.Now()
	var all sync.WaitGroup
	for _, p := range c.people {
		all.Go(func() { p.live(ctx) })
	}
	all.Wait()
}

// until waits for a time of the morning; false where ctx ends before.
func (c *crowd) until(ctx context.Context, after time.Duration) bool {
	return sleep(ctx, time.Until(c.begins.Add(c.press(after))))
}

// press is how long something takes in the pressed morning.
func (c *crowd) press(d time.Duration) time.Duration {
	return time.Duration(float64(d) * float64(c.options.takes) / float64(morning))
}

// now is the time of the morning.
func (c *crowd) now() time.Duration {
	return time.Duration(float64(time.Since(c.begins)) * float64(morning) / float64(c.options.takes))
}

func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// close sends everybody away.
func (c *crowd) close() {
	for _, p := range c.people {
		p.leave()
	}
	page.Wait()
	for _, p := range slices.Concat(c.people, c.wrote) {
		p.device.Close()
	}
	c.pages.close()
}
