package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/installation"
	"github.com/homeline/homeline/bench/page"
)

// crowd is everybody with a device.
type crowd struct {
	pace    time.Duration
	there   context.Context // for as long as the crowd is there
	leave   context.CancelFunc
	server  string
	seed    uint64
	members []*member
	tries   sync.WaitGroup // starts under way
	trying  atomic.Int64

	families map[uuid.UUID][]page.Family // whom staff reach, by their person

	mu            sync.Mutex
	conversations []uuid.UUID // those that are known, for probes
	participants  map[uuid.UUID][]uuid.UUID
	started       int
}

// secondDevice is the share of people with two.
const secondDevice = 0.2

func newCrowd(o options, server string) *crowd {
	c := &crowd{
		pace: o.pace, server: server, seed: o.seed,
		families: map[uuid.UUID][]page.Family{}, participants: map[uuid.UUID][]uuid.UUID{},
	}
	c.there, c.leave = context.WithCancel(context.Background())
	return c
}

// admit gives devices to staff, lets them start conversations, and then gives
// devices to those whom they wrote to, up to so many in all.
func (c *crowd) admit(ctx context.Context, people []installation.Person, devices int) error {
	until := len(c.members) + devices
	random := rand.New(rand.NewPCG(c.seed, uint64(until)))
	known := map[uuid.UUID]installation.Person{}
	var staff []*member
	for _, p := range people {
		known[p.ID] = p
		if p.Role == "teacher" && len(staff) < max(1, devices/10) {
			staff = append(staff, c.add(p))
		}
	}
	written := map[uuid.UUID]bool{}
	var order []uuid.UUID
	for _, m := range staff {
		recipients, err := c.begin(ctx, m)
		if err != nil {
			return err
		}
		for _, r := range recipients {
			if !written[r.Person] {
				written[r.Person] = true
				order = append(order, r.Person)
			}
		}
	}
	for _, id := range order {
		for range 1 + btoi(random.Float64() < secondDevice) {
			if len(c.members) < until {
				c.add(known[id])
			}
		}
	}
	if len(c.members) < until {
		return fmt.Errorf("the roster has people for %d devices, and %d are asked for", len(c.members), until)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *crowd) add(p installation.Person) *member {
	n := len(c.members)
	random := rand.New(rand.NewPCG(c.seed^0x6d656d626572, uint64(n)))
	name := fmt.Sprintf("client %d (%s of %s)", n, p.Role, p.District)
	from := net.IPv4(127, 1, byte(n/250), byte(1+n%250))
	m := &member{
		person: p, crowd: c, random: random,
		device: page.NewDevice(c.server, p.Token, p.ID, name, from, rand.New(rand.NewPCG(random.Uint64(), random.Uint64()))),
	}
	c.members = append(c.members, m)
	return m
}

// begin starts somebody's first conversations: with families, with several
// together, and of the first of a district one with many.
func (c *crowd) begin(ctx context.Context, m *member) ([]page.Recipient, error) {
	families, err := m.device.Families(ctx)
	if err != nil {
		return nil, fmt.Errorf("whom %s reaches: %w", m.device.Record.Device, err)
	}
	c.families[m.person.ID] = families
	sizes := []int{1, 1, 4}
	if c.started == 0 {
		sizes = append(sizes, 12)
	}
	var written []page.Recipient
	for _, size := range sizes {
		s, ok := c.start(m, size)
		if !ok {
			continue
		}
		if err := m.device.Start(ctx, s); err != nil {
			return nil, fmt.Errorf("a conversation of %s: %w", m.device.Record.Device, err)
		}
		written = append(written, s.Recipients...)
	}
	return written, nil
}

// start is a conversation of somebody of staff with so many families.
func (c *crowd) start(m *member, size int) (page.Start, bool) {
	families := c.families[m.person.ID]
	if len(families) == 0 {
		return page.Start{}, false
	}
	c.mu.Lock()
	c.started++
	number := c.started
	c.mu.Unlock()
	s := page.Start{
		Key: uuid.New(), Side: "staff", Mode: "together",
		Subject: fmt.Sprintf("Subject %d", number),
		Body:    fmt.Sprintf("%s, conversation %d: %s", m.device.Record.Device, number, m.words()),
	}
	seen := map[page.Recipient]bool{}
	first := m.random.IntN(len(families))
	for n := range min(size, len(families)) {
		f := families[(first+n)%len(families)]
		s.Recipients = append(s.Recipients, page.Recipient{Person: f.Person, Student: f.Person})
		for _, g := range f.Guardians {
			if r := (page.Recipient{Person: g.Person, Student: f.Person}); !seen[r] {
				seen[r] = true
				s.Recipients = append(s.Recipients, r)
			}
		}
	}
	return s, true
}

// know tells the crowd which conversations there are.
func (c *crowd) know(participants map[uuid.UUID][]uuid.UUID) {
	var ids []uuid.UUID
	for id := range participants {
		ids = append(ids, id)
	}
	sortIDs(ids)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conversations, c.participants = ids, participants
}

// foreign is a conversation that somebody does not take part in.
func (c *crowd) foreign(m *member) (uuid.UUID, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.conversations) == 0 {
		return uuid.Nil, false
	}
	id := c.conversations[m.random.IntN(len(c.conversations))]
	return id, !slices.Contains(c.participants[id], m.person.ID)
}

func sortIDs(ids []uuid.UUID) {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
}

// arrival is the time between two people who open their first page.
const arrival = 30 * time.Millisecond

// arrive lets everybody open a page, one after the other.
func (c *crowd) arrive(ctx context.Context) {
	var all sync.WaitGroup
	for n, m := range c.members {
		all.Go(func() {
			fault.Sleep(ctx, time.Duration(n)*arrival)
			m.enter(ctx, m.anyPage)
		})
	}
	all.Wait()
}

// act lets everybody live until the one context ends, and returns when they have
// settled or the other has.
func (c *crowd) act(acting, settled context.Context) {
	var all sync.WaitGroup
	for _, m := range c.members {
		all.Go(func() { m.live(acting, settled) })
	}
	all.Wait()
}

// close sends everybody away.
func (c *crowd) close() {
	c.leave()
	for _, m := range c.members {
		m.wake()
		m.leave()
	}
	c.tries.Wait()
	page.Wait()
	for _, m := range c.members {
		m.device.Close()
	}
}
