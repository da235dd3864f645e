package live_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

// journal is a log that counts what an operator reads in it: what is said at
// level Info and above.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler           { return j }
func (j *journal) WithGroup(string) slog.Handler                { return j }

func (j *journal) Handle(_ context.Context, r slog.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, r.Level.String()+" "+r.Message)
	return nil
}

// has fails where the log does not hold these lines and no others.
func (j *journal) has(t *testing.T, lines ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if got, want := strings.Join(j.lines, "\n"), strings.Join(lines, "\n"); got != want {
		t.Errorf("the log says\n%s\nand not\n%s", got, want)
	}
}

// What goes wrong with the broker, and what a node says of it in ten minutes.
func TestHoweverLongTheBrokerIsAwayANodeSaysItOnceAMinuteAtMost(t *testing.T) {
	const mute = "WARN the broker is away: the node's own beat does not come back"
	for name, c := range map[string]struct {
		faults faults
		says   []string
	}{
		"and says so, with the reason": {faults{away: true}, nil},
		"and seems to be there":        {faults{mute: true}, slices.Repeat([]string{mute}, 10)},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(t *testing.T, s story) {
				log := &journal{}
				node := s.run(live.Options{Log: slog.New(log)})
				defer node.stop()
				time.Sleep(settle)
				s.bus.set(c.faults)
				time.Sleep(10 * time.Minute)
				log.has(t, c.says...)
			})
		})
	}
}

func TestANodeThatStartsWithoutItsBrokerLeavesItToTheBrokerToSaySo(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		s.bus.set(faults{away: true})
		log := &journal{}
		node := s.run(live.Options{Log: slog.New(log)})
		defer node.stop()
		time.Sleep(10 * time.Minute)
		log.has(t)
	})
}

func TestAnOrderlyEndIsNoSilence(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*running)
		says string
	}{
		"a node that stops":      {func(r *running) { r.stop() }, "INFO a node has left"},
		"a node that is cut off": {func(r *running) { r.broker.setCut(true); r.stop() }, "INFO nodes have fallen silent"},
	} {
		t.Run(name, func(t *testing.T) {
			tellOn(t, 2, func(t *testing.T, s story) {
				log := &journal{}
				node := s.run(live.Options{Log: slog.New(log)})
				defer node.stop()
				time.Sleep(5 * time.Second) // it has heard the others
				c.end(s.nodes[1])
				time.Sleep(time.Minute)
				log.has(t, c.says)
			})
		})
	}
}

func TestTheEndOfACommandIsNothingToTellAnOperatorOf(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		log := &journal{}
		node := s.run(live.Options{Log: slog.New(log)})
		defer node.stop()
		command := s.run(live.Options{Command: true})
		time.Sleep(settle)
		command.stop()
		time.Sleep(time.Minute)
		log.has(t)
	})
}

func TestWhateverComesThroughTheBrokerIsSaidOnceAMinuteAtMost(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		log := &journal{}
		node := s.run(live.Options{Log: slog.New(log)})
		defer node.stop()
		time.Sleep(settle)
		for range 90 {
			_ = s.bus.publish(uuid.Nil, []byte("garbage"))
			_ = s.bus.publish(uuid.Nil, []byte("garbage"))
			time.Sleep(time.Second)
		}
		log.has(t, slices.Repeat([]string{"ERROR events could not be read"}, 2)...)
	})
}
