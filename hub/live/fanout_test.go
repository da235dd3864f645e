package live

import (
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// sink is a connection that counts, and may look at what it is given.
type sink struct {
	written *sync.WaitGroup
	look    func(frame []byte)
}

func (s sink) Write(frame []byte) error {
	if s.look != nil {
		s.look(frame)
	}
	s.written.Done()
	return nil
}

func (s sink) Close(Close)               {}
func (s sink) Ping()                     {}
func (s sink) Unanswered() time.Duration { return 0 }

// crowd is a node with a number of people, each with as many tabs, who all
// follow one conversation.
func crowd(people, tabs int, look func([]byte)) (n *Node, e hub.Event, written *sync.WaitGroup) {
	n = New(nil, nil, nil, Options{Log: slog.New(slog.DiscardHandler)})
	e = event()
	e.Message.Body = strings.Repeat("A letter of some length. ", 20)
	e.Audience = nil
	written = new(sync.WaitGroup)
	for range people {
		told := hub.Told{Head: hub.Head{Person: uuid.New()}, Here: 1}
		e.Audience = append(e.Audience, told)
		for range tabs {
			n.registry.add(&Session{
				node: n, who: Who{District: e.District, Person: told.Person}, conn: sink{written, look},
				inbox:         &inboxChannel{},
				conversations: map[uuid.UUID]*conversationChannel{e.Conversation: {last: e.Message.Seq}},
			})
		}
	}
	return n, e, written
}

// BenchmarkFanOut delivers one message to 1,000 sessions, two frames each: the
// message, and what is new in the inbox.
func BenchmarkFanOut(b *testing.B) {
	for _, c := range []struct {
		name         string
		people, tabs int
	}{{"500 people with 2 tabs", 500, 2}, {"20 people with 50 tabs", 20, 50}} {
		b.Run(c.name, func(b *testing.B) {
			n, e, written := crowd(c.people, c.tabs, nil)
			deliveries := c.people * c.tabs
			b.ReportAllocs()
			for b.Loop() {
				e.Message.Seq++
				for i := range e.Audience {
					e.Audience[i].Version++
				}
				env := newEnvelope(e)
				env.Count = e.Message.Seq
				payload, err := json.Marshal(env)
				if err != nil {
					b.Fatal(err)
				}
				written.Add(2 * deliveries)
				n.Deliver(e.District, payload)
				written.Wait()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*deliveries), "ns/delivery")
			n.writers.Wait()
		})
	}
}

func TestAMessageIsEncodedOnceForANodeAndAnInboxOnceForAPerson(t *testing.T) {
	const people, tabs = 100, 5
	var mu sync.Mutex
	encoded := map[*byte]int{} // how often each piece of memory was written
	n, e, written := crowd(people, tabs, func(frame []byte) {
		mu.Lock()
		defer mu.Unlock()
		encoded[&frame[0]]++
	})
	written.Add(2 * people * tabs)
	e.Message.Seq++
	for i := range e.Audience {
		e.Audience[i].Version++
	}
	payload, err := json.Marshal(newEnvelope(e))
	if err != nil {
		t.Fatal(err)
	}
	n.Deliver(e.District, payload)
	written.Wait()
	n.writers.Wait()
	if len(encoded) != 1+people {
		t.Errorf("%d frames were encoded, for %d people", len(encoded), people)
	}
	for _, times := range encoded {
		if times != tabs && times != people*tabs {
			t.Errorf("a frame was written %d times", times)
		}
	}
}
