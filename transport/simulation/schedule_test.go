package simulation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/memory"
)

const (
	shownWithin = 5 * time.Second        // after the end of the faults (G4)
	longestWait = 400 * time.Millisecond // of the store, for one call
	longestLate = 2 * time.Second        // of the bus, for one event
	drainWindow = time.Second
	dumbFor     = 500 * time.Millisecond // a node that is about to die

	people   = 12 // of the first district
	tabs     = 2  // of each of them
	outsides = 4  // pages of the other district
	rounds   = 5
	acts     = 24 // at most, in a round
)

// schedule is one run: people write, read, come and go, and everything breaks.
type schedule struct {
	*world
	random    *rand.Rand
	districts []*district
	pages     []*page
	written   int
	happens   []act // in this round
	began     time.Time
	diary     []string // what was made to happen

	faulting sync.Mutex
	faults   *rand.Rand
	failing  storeFaults
	wrote    time.Time // when the store was last asked to keep something
}

// storeFaults are how often a call goes wrong, from 0 to 1.
type storeFaults struct{ away, lost, slow float64 }

func newSchedule(t *testing.T, seed uint64, s sabotage) *schedule {
	random := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t, random, 3, s)
	d := &schedule{world: w, random: random, faults: rand.New(rand.NewPCG(seed, 2)), began: time.Now()}
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

// play plays rounds until something is wrong, and answers what is. In each, some
// things happen and some go wrong, others not: what would mend by accident what
// another has broken is left out of many. Then the faults end, and everything
// has to be shown.
func (d *schedule) play() (found []finding) {
	d.store.Break(d.storeFault)
	for n := 0; n < rounds && len(found) == 0; n++ {
		d.happens = d.menu()
		bus, store := d.busFaults(), d.storeFaults()
		d.note("round %d: bus %+v, store %+v", n+1, bus, store)
		d.bus.set(bus)
		d.setFailing(store)
		for range d.random.IntN(acts) {
			d.act()
			d.pass(300 * time.Millisecond)
		}
		if !bus.stays() || d.random.IntN(2) == 0 {
			d.bus.set(busFaults{})
		}
		d.mend()
		d.note("the faults end, bus %+v", d.bus.faults)
		time.Sleep(max(longestWait, longestLate, drainWindow)) // what was held up has come
		if n == rounds-1 {
			d.allBack()
		}
		d.settle()
		found = d.check(d.pages)
	}
	for _, p := range d.pages {
		p.shut()
	}
	d.stop()
	return found
}

// settle waits until everything must be shown: what was committed before the end
// of the faults, and what pages have told since, a mark that they try again.
func (d *schedule) settle() {
	for wait := shownWithin; wait > 0; {
		time.Sleep(wait)
		d.faulting.Lock()
		wait = shownWithin - time.Since(d.wrote)
		d.faulting.Unlock()
	}
	synctest.Wait()
}

// note keeps what is made to happen.
func (d *schedule) note(format string, args ...any) {
	at := time.Since(d.began).Round(time.Microsecond)
	d.diary = append(d.diary, fmt.Sprintf("%10v  ", at)+fmt.Sprintf(format, args...))
}

// mend ends the faults, but for those of the bus.
func (d *schedule) mend() {
	d.setFailing(storeFaults{})
	d.network.cut("") // what was hurt
}

// allBack has everybody back who slept or was away.
func (d *schedule) allBack() {
	for _, p := range d.pages {
		p.wakeUp()
		p.come()
	}
}

// pass lets up to most go by.
func (d *schedule) pass(most time.Duration) { time.Sleep(time.Duration(d.random.Int64N(int64(most)))) }

func (d *schedule) busFaults() busFaults {
	switch d.random.IntN(8) {
	case 0:
		return busFaults{away: true}
	case 1:
		return busFaults{swallow: true}
	case 2:
		return busFaults{lose: 0.5}
	case 3:
		return busFaults{delay: longestLate, double: 0.3}
	case 4:
		return busFaults{lose: 1}
	case 5:
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

func (d *schedule) storeFault(method string) (f memory.Fault) {
	d.faulting.Lock()
	defer d.faulting.Unlock()
	if slices.Contains([]string{"Post", "Start", "MarkRead", "Seal"}, method) {
		d.wrote = time.Now()
	}
	r := d.faults
	f.Refuse = r.Float64() < d.failing.away
	f.Lose = r.Float64() < d.failing.lost
	if r.Float64() < d.failing.slow {
		f.Wait = time.Duration(r.Int64N(int64(longestWait / 2)))
		f.Delay = time.Duration(r.Int64N(int64(longestWait / 2)))
	}
	return f
}
