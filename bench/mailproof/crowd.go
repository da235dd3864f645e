package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/installation"
	"github.com/homeline/homeline/bench/page"
)

// crowd is everybody, each at a device of theirs.
type crowd struct {
	delay   time.Duration
	members map[uuid.UUID]*page.Device
	staff   []*page.Device
	work    sync.WaitGroup
	room    chan struct{} // for what is written at once

	mu       sync.Mutex
	random   *rand.Rand
	families map[uuid.UUID][]page.Family // whom staff reach
	talks    []talk
	readAt   map[reading]time.Time
	refused  error // the first answer that should not have been
}

// talk is a conversation with who is in it.
type talk struct {
	id     uuid.UUID
	people []uuid.UUID
}

const atOnce = 32

func newCrowd(o options) *crowd {
	return &crowd{
		delay: o.pace().delay, members: map[uuid.UUID]*page.Device{}, room: make(chan struct{}, atOnce),
		random: rand.New(rand.NewPCG(o.seed, 0x63726f7764)), families: map[uuid.UUID][]page.Family{}, readAt: map[reading]time.Time{},
	}
}

func (c *crowd) admit(server string, people []installation.Person) {
	for _, p := range people {
		n := len(c.members)
		from := net.IPv4(127, 2, byte(n/250), byte(1+n%250))
		d := page.NewDevice(server, p.Token, p.ID, fmt.Sprintf("%s of %s", p.Role, p.District), from, rand.New(rand.NewPCG(uint64(n), 0)))
		c.members[p.ID] = d
		if p.Role == "teacher" {
			c.staff = append(c.staff, d)
		}
	}
}

// live has so many letters written until writing ends, over all of its time, and
// returns when everybody has read what they were to read, or reading has ended.
func (c *crowd) live(writing, reading context.Context, letters int, takes time.Duration) {
	pause := takes / time.Duration(letters)
	for writing.Err() == nil {
		fault.Sleep(writing, time.Duration(c.dice().ExpFloat64()*float64(pause)))
		select {
		case <-writing.Done():
		case c.room <- struct{}{}:
			c.work.Go(func() {
				defer func() { <-c.room }()
				c.write(reading)
			})
		}
	}
	c.work.Wait()
}

// dice are somebody's own.
func (c *crowd) dice() *rand.Rand {
	c.mu.Lock()
	defer c.mu.Unlock()
	return rand.New(rand.NewPCG(c.random.Uint64(), c.random.Uint64()))
}

// write starts a conversation or replies in one.
func (c *crowd) write(ctx context.Context) {
	dice := c.dice()
	c.mu.Lock()
	known := len(c.talks)
	c.mu.Unlock()
	if known == 0 || dice.Float64() < 0.4 {
		c.start(ctx, dice)
		return
	}
	c.mu.Lock()
	t := c.talks[dice.IntN(known)]
	c.mu.Unlock()
	sender := t.people[dice.IntN(len(t.people))]
	key := uuid.New()
	var m page.Message
	err := c.persist(ctx, func() (err error) {
		m, err = c.members[sender].Write(ctx, t.id, key, "One more thing.")
		return err
	})
	if err == nil {
		c.sent(ctx, dice, t, letter{letterID{t.id, m.Seq}, sender, m.SentAt})
	}
}

func (c *crowd) start(ctx context.Context, dice *rand.Rand) {
	d := c.staff[dice.IntN(len(c.staff))]
	families, err := c.reach(ctx, d)
	if err != nil || len(families) == 0 {
		return
	}
	s := page.Start{Key: uuid.New(), Side: "staff", Mode: "together", Subject: "Field trip", Body: "Please bring a lunch."}
	t := talk{people: []uuid.UUID{d.Person}}
	first := dice.IntN(len(families))
	for n := range min(size(dice), len(families)) {
		f := families[(first+n)%len(families)]
		s.Recipients = append(s.Recipients, page.Recipient{Person: f.Person, Student: f.Person})
		t.people = append(t.people, f.Person)
		for _, g := range f.Guardians {
			s.Recipients = append(s.Recipients, page.Recipient{Person: g.Person, Student: f.Person})
			t.people = append(t.people, g.Person)
		}
	}
	var made []uuid.UUID
	err = c.persist(ctx, func() (err error) {
		made, err = d.Begin(ctx, s)
		return err
	})
	if err != nil || len(made) != 1 {
		return
	}
	t.id = made[0]
	c.mu.Lock()
	c.talks = append(c.talks, t)
	c.mu.Unlock()
	c.sent(ctx, dice, t, letter{letterID{t.id, 1}, d.Person, time.Now()})
}

// size is to how many families one writes at once.
func size(dice *rand.Rand) int {
	switch roll := dice.Float64(); {
	case roll < 0.75:
		return 1
	case roll < 0.97:
		return 2 + dice.IntN(3)
	}
	return 12
}

func (c *crowd) reach(ctx context.Context, d *page.Device) (families []page.Family, err error) {
	c.mu.Lock()
	families, known := c.families[d.Person]
	c.mu.Unlock()
	if known {
		return families, nil
	}
	err = c.persist(ctx, func() (err error) {
		families, err = d.Families(ctx)
		return err
	})
	if err == nil {
		c.mu.Lock()
		c.families[d.Person] = families
		c.mu.Unlock()
	}
	return families, err
}

// persist tries until it is answered.
func (c *crowd) persist(ctx context.Context, try func() error) error {
	for {
		err := try()
		if err == nil {
			return nil
		}
		if !page.Again(err) {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.refused == nil && ctx.Err() == nil {
				c.refused = err
			}
			return err
		}
		fault.Sleep(ctx, 500*time.Millisecond)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// sent has all others decide when they read.
func (c *crowd) sent(ctx context.Context, dice *rand.Rand, t talk, l letter) {
	for _, person := range t.people {
		in, ever := c.when(dice)
		if person == l.sender || !ever {
			continue
		}
		c.work.Go(func() {
			fault.Sleep(ctx, time.Until(l.sentAt.Add(in)))
			c.read(ctx, person, l.letterID)
		})
	}
}

// when somebody reads: in time, just before it is due, about then, late, or never.
func (c *crowd) when(dice *rand.Rand) (in time.Duration, ever bool) {
	share := dice.Float64()
	part := func(low, high float64) time.Duration {
		return time.Duration((low + dice.Float64()*(high-low)) * float64(c.delay))
	}
	switch {
	case share < 0.25:
		return part(0, 0.8), true
	case share < 0.40:
		return c.delay - time.Duration(dice.Float64()*float64(time.Second)), true
	case share < 0.50:
		return c.delay + time.Duration(dice.Float64()*float64(time.Second)), true
	case share < 0.60:
		return part(1, 3), true
	}
	return 0, false
}

// read marks a conversation as read, and notes when the answer was there.
func (c *crowd) read(ctx context.Context, person uuid.UUID, upTo letterID) {
	if c.persist(ctx, func() error { return c.members[person].Read(ctx, upTo.conversation, upTo.seq) }) != nil {
		return
	}
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for seq := upTo.seq; seq > 0; seq-- { // letters before it are read with it
		key := reading{person, letterID{upTo.conversation, seq}}
		if _, before := c.readAt[key]; before {
			return
		}
		c.readAt[key] = now
	}
}

func (c *crowd) close() {
	for _, d := range c.members {
		d.Close()
	}
}
