package simulation_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/memory"
)

const (
	shownWithin = 5 * time.Second        // after the end of the faults (G4)
	longestWait = 400 * time.Millisecond // of the store, for one call
	longestLate = 2 * time.Second        // of the bus, for one event
	drainWindow = time.Second

	people   = 12 // of the first district
	tabs     = 2  // of each of them
	outsides = 4  // pages of the other district
	steps    = 16 // between which the faults change
	acts     = 10 // at most, in a step
)

// schedule is one run: people write, read, come and go, and everything breaks.
type schedule struct {
	*world
	random    *rand.Rand
	districts []*district
	pages     []*page
	written   int

	faulting sync.Mutex
	faults   *rand.Rand
	failing  storeFaults
}

// storeFaults are how often a call goes wrong, from 0 to 1.
type storeFaults struct{ away, lost, slow float64 }

func newSchedule(t *testing.T, seed uint64, s sabotage) *schedule {
	random := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t, random, 3, s)
	d := &schedule{world: w, random: random, faults: rand.New(rand.NewPCG(seed, 2))}
	d.districts = []*district{w.found("lincoln", 2, (people-2)/2), w.found("madison", 1, 1)}
	for range 5 {
		w.start(d.districts[0], random)
	}
	w.start(d.districts[1], random)
	for n := range people * tabs {
		d.open(d.districts[0], n%people)
	}
	for n := range outsides {
		d.open(d.districts[1], n%3)
	}
	return d
}

// open opens a page of somebody's: of their inbox, or of conversations.
func (d *schedule) open(in *district, who int) {
	person := in.everybody()[who]
	var own []uuid.UUID
	for _, t := range d.talksOf(person) {
		own = append(own, t.id)
	}
	d.random.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
	own = own[:min(len(own), d.random.IntN(3))]
	draws := rand.New(rand.NewPCG(d.random.Uint64(), 3))
	p, err := d.openPage(in.id, person, d.signIn(in.id, person), draws, own...)
	if err == nil { // else they try again another time
		d.pages = append(d.pages, p)
	}
}

func (d *schedule) talksOf(person uuid.UUID) (own []*talk) {
	for _, t := range d.talks() {
		for _, p := range t.people {
			if p == person {
				own = append(own, t)
			}
		}
	}
	return own
}

// play plays the schedule and answers what is wrong afterwards.
func (d *schedule) play() []finding {
	d.store.Break(d.storeFault)
	for range steps {
		d.bus.set(d.busFaults())
		d.setFailing(d.storeFaults())
		for range d.random.IntN(acts) {
			d.act()
			d.pass(300 * time.Millisecond)
		}
	}
	d.mend()
	time.Sleep(max(longestWait, longestLate, drainWindow)) // what was held up has come
	time.Sleep(shownWithin)
	synctest.Wait()
	found := d.check(d.pages)
	for _, p := range d.pages {
		p.shut()
	}
	d.stop()
	return found
}

// mend ends all faults. Whoever slept or was away is back.
func (d *schedule) mend() {
	d.bus.set(busFaults{})
	d.store.Break(nil)
	d.network.cut("") // what swallowed
	for _, p := range d.pages {
		p.wakeUp()
		p.come()
	}
}

// pass lets up to most go by.
func (d *schedule) pass(most time.Duration) { time.Sleep(time.Duration(d.random.Int64N(int64(most)))) }

func (d *schedule) busFaults() busFaults {
	switch d.random.IntN(7) {
	case 0:
		return busFaults{away: true}
	case 1:
		return busFaults{swallow: true}
	case 2:
		return busFaults{lose: 0.5}
	case 3:
		return busFaults{delay: longestLate, double: 0.3}
	case 4:
		return busFaults{lose: 0.1, double: 0.1, delay: longestLate / 10}
	}
	return busFaults{}
}

func (d *schedule) storeFaults() storeFaults {
	switch d.random.IntN(6) {
	case 0:
		return storeFaults{away: 1}
	case 1:
		return storeFaults{away: 0.2, lost: 0.2}
	case 2:
		return storeFaults{slow: 0.5}
	case 3:
		return storeFaults{away: 0.1, lost: 0.1, slow: 0.3}
	}
	return storeFaults{}
}

func (d *schedule) setFailing(f storeFaults) {
	d.faulting.Lock()
	defer d.faulting.Unlock()
	d.failing = f
}

func (d *schedule) storeFault(string) (f memory.Fault) {
	d.faulting.Lock()
	defer d.faulting.Unlock()
	r := d.faults
	f.Refuse = r.Float64() < d.failing.away
	f.Lose = r.Float64() < d.failing.lost
	if r.Float64() < d.failing.slow {
		f.Wait = time.Duration(r.Int64N(int64(longestWait / 2)))
		f.Delay = time.Duration(r.Int64N(int64(longestWait / 2)))
	}
	return f
}

// act does one thing that people and machines do.
func (d *schedule) act() {
	p := d.pages[d.random.IntN(len(d.pages))]
	switch n := d.random.IntN(100); {
	case n < 40:
		d.write(p)
	case n < 60:
		d.look(p)
	case n < 64:
		p.leave()
	case n < 72:
		p.come()
	case n < 75:
		p.sleep()
	case n < 80:
		p.wakeUp()
	case n < 90:
		d.hurt(p)
	case n < 92:
		p.pry(d.foreign(p))
	case n < 94:
		d.open(d.districts[0], d.random.IntN(people))
	case n < 95:
		p.shut()
	case n < 96:
		d.seal()
	case n < 97:
		d.begin()
	default:
		d.hurtNode()
	}
}

func (d *schedule) write(p *page) {
	if own := d.talksOf(p.person); len(own) > 0 {
		for range 1 + d.random.IntN(3) {
			d.written++
			p.write(own[d.random.IntN(len(own))].id, fmt.Sprint("Letter ", d.written))
		}
	}
}

func (d *schedule) look(p *page) {
	for _, v := range p.views {
		p.look(v)
	}
}

// hurt does something to the connection of a page.
func (d *schedule) hurt(p *page) {
	l := p.wire()
	switch n := d.random.IntN(4); {
	case l == nil:
	case n == 0:
		l.swallow()
	case n == 1:
		l.breakAfter(d.random.IntN(2000))
	default:
		l.cut()
	}
}

// foreign is a conversation that is not the page's.
func (d *schedule) foreign(p *page) uuid.UUID {
	own := d.talksOf(p.person)
	all := d.talks()
	for _, n := range d.random.Perm(len(all)) {
		t := all[n]
		mine := false
		for _, o := range own {
			mine = mine || o == t
		}
		if !mine {
			return t.id
		}
	}
	return uuid.New()
}

// hurtNode ends a node, for another to take its place, or cuts it off.
func (d *schedule) hurtNode() {
	i := d.random.IntN(len(d.nodes))
	switch d.random.IntN(3) {
	case 0:
		d.nodes[i].broker.halfOpen()
	case 1:
		d.replace(i, func(n *node) { n.drain(drainWindow) })
	default:
		d.replace(i, (*node).kill)
	}
}

// seal seals a conversation, over and over until it is.
func (d *schedule) seal() {
	all := d.talks()
	t := all[d.random.IntN(len(all))]
	draw := d.random.Float64()
	d.ending.Go(func() {
		for {
			_, err := ask(d.world, draw, func(ctx context.Context, h *hub.Hub) (hub.Seal, error) {
				return h.Seal(ctx, hub.Actor{District: t.district, Person: t.people[0]}, t.id, "It is over.")
			})
			if err == nil || hub.CodeOf(err) == hub.CodeSealed {
				return
			}
			time.Sleep(retryAfter)
		}
	})
}

// begin starts a conversation under one key, over and over until it is there.
func (d *schedule) begin() {
	in := d.districts[0]
	teacher, r := in.letter(d.random)
	draw := d.random.Float64()
	d.ending.Go(func() {
		for {
			started, err := ask(d.world, draw, func(ctx context.Context, h *hub.Hub) (hub.Started, error) {
				return h.Start(ctx, hub.Actor{District: in.id, Person: teacher}, r)
			})
			if err == nil {
				d.keep(in, teacher, r, started.Receipts[0].Conversation)
				return
			}
			time.Sleep(retryAfter)
		}
	})
}
