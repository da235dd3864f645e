package broker_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/broker/redistest"
	"github.com/homeline/homeline/transport/schooltest"
)

// patience bounds what must happen; nothing is expected to take that long.
const patience = 30 * time.Second

// installation is a school on two nodes, which reach one Redis each through a
// proxy of its own, with pages open on both.
type installation struct {
	*schooltest.School
	t      *testing.T
	random *rand.Rand
	redis  *redistest.Server
	nodes  [2]*node
	talk   uuid.UUID
	pages  []*page
}

type node struct {
	*live.Node
	hub    *hub.Hub
	broker *broker.Redis
	proxy  *redistest.Proxy
	log    *heard
}

func install(t *testing.T) *installation {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := &installation{
		School: schooltest.Open(t, 0), t: t, redis: redistest.Start(t),
		random: rand.New(rand.NewPCG(seed, 1)),
	}
	s.talk = s.Start(t, "Field trip", "Please sign the form.")
	for i := range s.nodes {
		s.nodes[i] = s.run()
	}
	for i, n := range s.nodes {
		for _, name := range []string{schooltest.Ana, schooltest.Leo, schooltest.Rosa} {
			actor := s.Actor(name)
			_, signIn, err := s.Identity.Issue(t.Context(), actor.District, actor.Person, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			p := &page{
				name: fmt.Sprint(name, " on node ", i), changed: make(chan struct{}),
				who: live.Who{District: actor.District, Person: actor.Person, SignIn: signIn.ID},
			}
			p.open(t, n.Node, s.talk)
			s.pages = append(s.pages, p)
		}
	}
	s.waitUntilHealthy()
	return s
}

// run is a node that runs until the test ends.
func (s *installation) run() *node {
	n := &node{proxy: redistest.NewProxy(s.t, s.redis.Addr()), log: &heard{changed: make(chan struct{})}}
	log := slog.New(n.log)
	var err error
	if n.broker, err = broker.NewRedis(broker.RedisOptions{URL: n.proxy.URL(), Log: log}); err != nil {
		s.t.Fatal(err)
	}
	n.Node = live.New(n.broker, s.Store, identity.SignIns{Store: s.Store, Now: time.Now}, live.Options{Log: log})
	n.hub = hub.New(s.Store, s.Store, n.Node, time.Now)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.Run(ctx)
	}()
	s.t.Cleanup(func() {
		for _, p := range s.pages {
			for _, fault := range p.faults() {
				s.t.Errorf("%s: %s", p.name, fault)
			}
		}
		s.pages = nil // what follows closes them
		cancel()
		<-done
		n.broker.Close()
	})
	return n
}

// write has people write and read, on any node.
func (s *installation) write(times int) {
	s.t.Helper()
	names := []string{schooltest.Ana, schooltest.Leo, schooltest.Rosa}
	for range times {
		actor, n := s.Actor(names[s.random.IntN(3)]), s.nodes[s.random.IntN(2)]
		receipt, err := n.hub.Reply(s.t.Context(), actor, s.talk, uuid.New(), "letter")
		if err != nil {
			s.t.Fatal(err)
		}
		if s.random.IntN(4) == 0 {
			reader := s.Actor(names[s.random.IntN(3)])
			if _, err := n.hub.MarkRead(s.t.Context(), reader, s.talk, receipt.Seq); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// shown waits until every page shows what the store says.
func (s *installation) shown() {
	s.t.Helper()
	late := time.After(patience)
	for _, p := range s.pages {
		head, err := s.Store.Head(s.t.Context(), p.who.District, p.who.Person)
		if err != nil {
			s.t.Fatal(err)
		}
		c, err := s.Store.Conversation(s.t.Context(), p.who.District, s.talk, p.who.Person)
		if err != nil {
			s.t.Fatal(err)
		}
		for {
			ok, changed := p.shows(head, c.LastSeq)
			if ok {
				break
			}
			select {
			case <-changed:
			case <-late:
				s.t.Fatalf("the store says message %d, %d unread at version %d; %s", c.LastSeq, head.Unread, head.Version, p)
			}
		}
	}
}

// writeAndShow is what people do, and what they then see.
func (s *installation) writeAndShow() {
	s.t.Helper()
	s.write(10)
	s.shown()
}

// waitUntilHealthy waits until both nodes listen to their district and to the
// beats, and hear one another.
func (s *installation) waitUntilHealthy() {
	s.t.Helper()
	for _, n := range s.nodes {
		until(s.t, "the broker to be there", func() bool { return n.broker.Err() == nil })
	}
	until(s.t, "both nodes to listen", func() bool {
		return s.listeners(s.Actor(schooltest.Ana).District) == 2 && s.listeners(uuid.Nil) == 2
	})
}

func (s *installation) listeners(district uuid.UUID) int64 {
	reply := s.redis.Do("PUBSUB", "NUMSUB", "homeline:"+district.String()).([]any)
	return reply[1].(int64)
}

// until asks until it is so.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for %s", what)
		}
	}
}

// heard is a log that remembers.
type heard struct {
	mu      sync.Mutex
	changed chan struct{}
	lines   []string
}

func (h *heard) Enabled(context.Context, slog.Level) bool { return true }
func (h *heard) WithAttrs([]slog.Attr) slog.Handler       { return h }
func (h *heard) WithGroup(string) slog.Handler            { return h }

func (h *heard) Handle(_ context.Context, r slog.Record) error {
	line := r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += fmt.Sprint(" ", a)
		return true
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, line)
	close(h.changed)
	h.changed = make(chan struct{})
	return nil
}

// says waits for a line.
func (h *heard) says(t testing.TB, part string) {
	t.Helper()
	late := time.After(patience)
	for {
		h.mu.Lock()
		lines, changed := strings.Join(h.lines, "\n"), h.changed
		h.mu.Unlock()
		if strings.Contains(lines, part) {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("waited for the log to say %q; it says\n%s", part, lines)
		}
	}
}
