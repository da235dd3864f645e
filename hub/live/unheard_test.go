package live_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
)

// directory is that of a store: signs of life, and how old they are.
type directory struct {
	mu    sync.Mutex
	beats map[uuid.UUID]hub.Heartbeat
	at    map[uuid.UUID]time.Time
	away  bool
}

func newDirectory() *directory {
	return &directory{beats: map[uuid.UUID]hub.Heartbeat{}, at: map[uuid.UUID]time.Time{}}
}

func (d *directory) Heartbeat(_ context.Context, b hub.Heartbeat) ([]hub.Heartbeat, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away {
		return nil, errors.New("the store is away")
	}
	b.Count = d.beats[b.Node].Count + 1
	d.beats[b.Node], d.at[b.Node] = b, time.Now()
	var others []hub.Heartbeat
	for id, other := range d.beats {
		if id != b.Node && time.Since(d.at[id]) < 10*time.Second {
			others = append(others, other)
		}
	}
	return others, nil
}

// stands is a node that says that it lives, and is not heard: one that stands
// still, cut off in the middle, whose last sign is there still.
func (d *directory) stands() {
	d.mu.Lock()
	defer d.mu.Unlock()
	b := hub.Heartbeat{Node: uuid.New(), Count: 7}
	d.beats[b.Node], d.at[b.Node] = b, time.Now()
}

const (
	notHeard = "ERROR nodes of this database are not heard through the broker: set REDIS_URL to the same Redis for all of them"
	allHeard = "INFO all nodes of this database are heard through the broker"
)

func TestNodesOnDifferentBrokersSaySoOnceAndLookInTheStoreAtTheQuickPace(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		log, all := &journal{}, newDirectory()
		here := s.run(live.Options{Log: slog.New(log), Directory: all})
		other := s
		other.cluster = &cluster{t: t, school: s.school, bus: newBus(2)}
		there := other.run(live.Options{Directory: all})
		time.Sleep(time.Minute)
		if got := here.Stats(); got.Unheard != (live.Unheard{Apart: 1}) || got.BrokerAway {
			t.Errorf("%+v", got.Unheard)
		}
		p := newPage(t, s.school, s.parent, s.talk)
		if err := p.connect(here.Node); err != nil {
			t.Fatal(err)
		}
		defer p.disconnect()
		time.Sleep(settle)
		for i := range 10 {
			there.Publish(context.Background(), s.school.post(s.talk, s.teacher, "From the other side."))
			time.Sleep(2*time.Second + settle)
			if got := p.shown(s.talk); got != i+1 {
				t.Errorf("%d of %d messages are shown", got, i+1)
			}
		}
		time.Sleep(10 * time.Minute)
		log.has(t, notHeard)
		if n := here.broker.replacements(); n < 5 || n > 20 {
			t.Errorf("the connection was replaced %d times in ten minutes", n)
		}
		there.stop()
		time.Sleep(time.Minute)
		if got := here.Stats().Unheard; got != (live.Unheard{}) {
			t.Errorf("once the other has ended: %+v", got)
		}
		log.has(t, notHeard, allHeard)
		here.stop()
	})
}

func TestNodesThatComeAndGoAndBrokersThatAreAwayAreNoFalseAlarm(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		log, all := &journal{}, newDirectory()
		o := live.Options{Log: slog.New(log), Directory: all}
		lone := s.run(o)
		time.Sleep(time.Minute)
		for range 20 { // of which some end, and some are killed
			node := s.run(live.Options{Directory: all})
			time.Sleep(7 * time.Second)
			all.stands()
			node.stop()
			time.Sleep(3 * time.Second)
		}
		second := s.run(live.Options{Directory: all})
		for _, f := range []faults{{away: true}, {mute: true}} {
			s.bus.set(f)
			time.Sleep(time.Minute)
			if f.away && lone.Stats().Unheard.Apart != 0 {
				t.Error("a broker that is away is another one")
			}
			s.bus.set(faults{})
			time.Sleep(time.Minute)
		}
		all.mu.Lock()
		all.away = true
		all.mu.Unlock()
		time.Sleep(time.Minute)
		all.mu.Lock()
		all.away = false
		all.mu.Unlock()
		time.Sleep(time.Minute)
		for _, line := range log.lines {
			if line == notHeard {
				t.Error(line)
			}
		}
		if got := lone.Stats().Unheard; got != (live.Unheard{}) {
			t.Errorf("%+v", got)
		}
		second.stop()
		lone.stop()
	})
}

func TestANodeWhoseBrokerAloneIsAwayIsLookedForAtTheQuickPace(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		log, all := &journal{}, newDirectory()
		here := s.run(live.Options{Log: slog.New(log), Directory: all})
		there := s.run(live.Options{Directory: all})
		time.Sleep(10 * time.Second)
		there.broker.setCut(true)
		time.Sleep(3 * time.Minute)
		if got := here.Stats().Unheard; got != (live.Unheard{Away: 1}) {
			t.Errorf("%+v", got)
		}
		p := newPage(t, s.school, s.parent, s.talk)
		if err := p.connect(here.Node); err != nil {
			t.Fatal(err)
		}
		defer p.disconnect()
		time.Sleep(settle)
		for i := range 5 {
			there.Publish(context.Background(), s.school.post(s.talk, s.teacher, "Unheard."))
			time.Sleep(2*time.Second + settle)
			if got := p.shown(s.talk); got != i+1 {
				t.Errorf("%d of %d messages are shown", got, i+1)
			}
		}
		there.broker.setCut(false)
		time.Sleep(10 * time.Second)
		if got := here.Stats().Unheard; got != (live.Unheard{}) {
			t.Errorf("once it is back: %+v", got)
		}
		there.stop()
		here.stop()
	})
}

func TestWhoIsMissingAtABrokerIsFoundByListening(t *testing.T) {
	tellOn(t, 2, func(t *testing.T, s story) {
		all := newDirectory()
		here := s.run(live.Options{Directory: all})
		time.Sleep(settle)
		var nodes []uuid.UUID
		all.mu.Lock()
		for id := range all.beats {
			nodes = append(nodes, id)
		}
		all.mu.Unlock()
		stranger := uuid.New()
		missing, err := live.Missing(context.Background(), s.bus.join(), append(nodes, stranger))
		if err != nil || len(missing) != 1 || missing[0] != stranger {
			t.Errorf("missing are %v (%v), not %v", missing, err, stranger)
		}
		if missing, err = live.Missing(context.Background(), s.bus.join(), nodes); err != nil || len(missing) != 0 {
			t.Errorf("missing are %v (%v)", missing, err)
		}
		here.stop()
	})
}
