package simulation_test

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// act is one thing that people and machines do, and how often.
type act struct {
	name   string
	weight int
	do     func(d *schedule, p *page)
}

var everything = []act{
	{"write", 40, (*schedule).write},
	{"look", 20, (*schedule).look},
	{"leave", 4, func(_ *schedule, p *page) { p.leave() }},
	{"come", 8, func(_ *schedule, p *page) { p.come() }},
	{"sleep", 3, func(_ *schedule, p *page) { p.sleep() }},
	{"wake", 5, func(_ *schedule, p *page) { p.wakeUp() }},
	{"shut", 1, func(_ *schedule, p *page) { p.shut() }},
	{"hurt the connection", 10, (*schedule).hurt},
	{"hurt a node", 6, func(d *schedule, _ *page) { d.hurtNode() }},
	{"pry", 2, func(d *schedule, p *page) { p.pry(d.foreign(p)) }},
	{"open another", 2, func(d *schedule, _ *page) { d.open(d.districts[0], d.random.IntN(people)) }},
	{"back up", 3, func(d *schedule, _ *page) { d.backUp() }},
	{"go back", 2, func(d *schedule, _ *page) { d.goBack() }},
	{"seal", 1, func(d *schedule, _ *page) { d.seal() }},
	{"leave the roster", 1, func(d *schedule, _ *page) {
		n, draw := d.random.IntN(len(d.districts[0].families)), d.random.Float64()
		d.ending.Go(func() { d.dismiss(d.districts[0], n, draw) })
	}},
	{"begin", 1, func(d *schedule, _ *page) { d.begin() }},
}

// menu is what happens in a round: people write, and some of the rest.
func (d *schedule) menu() (some []act) {
	for i, a := range everything {
		for range a.weight {
			some = append(some, a)
		}
		if i > 0 && d.random.IntN(2) == 0 {
			some = some[:len(some)-a.weight]
		}
	}
	return some
}

func (d *schedule) act() {
	p := d.pages[d.random.IntN(len(d.pages))]
	a := d.happens[d.random.IntN(len(d.happens))]
	d.note("%s: %s", p.token, a.name)
	a.do(d, p)
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
	i, how := d.random.IntN(len(d.nodes)), d.random.IntN(4)
	d.note("%s: %s", d.nodes[i].name, []string{"deaf", "drained", "dumb, then killed", "killed"}[how])
	switch how {
	case 0:
		d.nodes[i].broker.halfOpen()
	case 1:
		d.replace(i, func(n *node) { n.drain(drainWindow) })
	case 2: // what it commits meanwhile is told to nobody
		d.replace(i, func(n *node) {
			n.broker.kill()
			time.Sleep(dumbFor)
			n.kill()
		})
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
			_, err := ask(d.world, draw, func(ctx context.Context, n *node) (hub.Seal, error) {
				return n.hub.Seal(ctx, hub.Actor{District: t.district, Person: t.people[0]}, t.id, "It is over.")
			})
			if !mayTryAgain(err) {
				return // by this or by an earlier try
			}
			time.Sleep(retryAfter)
		}
	})
}

// mayTryAgain says whether what was asked for may yet be done.
func mayTryAgain(err error) bool {
	code := hub.CodeOf(err)
	return err != nil && (code == "" || code == hub.CodeBusy)
}

// begin starts a conversation under one key, over and over until it is there.
func (d *schedule) begin() {
	in := d.districts[0]
	teacher, r := in.letter(d.random)
	draw := d.random.Float64()
	d.ending.Go(func() {
		for {
			started, err := ask(d.world, draw, func(ctx context.Context, n *node) (hub.Started, error) {
				return n.hub.Start(ctx, hub.Actor{District: in.id, Person: teacher}, r)
			})
			if err == nil {
				d.keep(in, teacher, r, started.Receipts[0].Conversation)
			}
			if !mayTryAgain(err) {
				return // they are written to, or may not be
			}
			time.Sleep(retryAfter)
		}
	})
}
