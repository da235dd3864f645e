package broker_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/wire"
)

// page is somebody's open page: a connection that takes what it is told, and
// complains where that is against docs/protocol.md. It never comes back.
type page struct {
	name string
	who  live.Who

	mu              sync.Mutex
	changed         chan struct{}
	version, unread int64
	last            int64 // number of the last message that was shown
	wrong           []string
}

// Write takes a frame.
func (p *page) Write(raw []byte) error {
	var f struct {
		Type            string
		Version, Unread int64
		Messages        []wire.Message
		Message         wire.Message
	}
	err := json.Unmarshal(raw, &f)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err != nil:
		p.complain("a frame that is no JSON: %s", raw)
	case f.Type == wire.TypeMessage:
		p.show(f.Message.Seq)
	case f.Type == wire.TypeInbox && f.Version > p.version:
		p.version, p.unread = f.Version, f.Unread
	case f.Type == "conversation":
		for _, m := range f.Messages {
			p.show(m.Seq)
		}
	case f.Type != wire.TypeInbox:
		p.complain("told %s", raw)
	}
	close(p.changed)
	p.changed = make(chan struct{})
	return nil
}

// Close is the end, which no fault of a broker may bring.
func (p *page) Close(c live.Close) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complain("the connection was closed: %v", c)
}

// Ping and Unanswered are of a peer that answers at once.
func (p *page) Ping()                     {}
func (p *page) Unanswered() time.Duration { return 0 }

func (p *page) show(seq int64) {
	if seq != p.last+1 {
		p.complain("message %d was shown after %d", seq, p.last)
	}
	p.last = seq
}

func (p *page) complain(format string, args ...any) {
	p.wrong = append(p.wrong, fmt.Sprintf(format, args...))
}

// open connects the page to a node and subscribes to its inbox and to one
// conversation from its beginning.
func (p *page) open(t *testing.T, node *live.Node, talk uuid.UUID) {
	t.Helper()
	s, refusal := node.Attach(t.Context(), p.who, p)
	if s == nil {
		t.Fatalf("refused: %v", refusal)
	}
	err := s.OpenInbox(t.Context(), func(h hub.Head) ([]byte, error) {
		return json.Marshal(map[string]any{"type": wire.TypeInbox, "version": h.Version, "unread": h.Unread})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.OpenConversation(t.Context(), talk, 0, live.MaxMessages, func(o live.Opened) ([]byte, error) {
		return json.Marshal(map[string]any{"type": "conversation", "messages": o.Messages})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// shows says whether the page shows what the store says, and when to look again.
func (p *page) shows(head hub.Head, last int64) (bool, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.version == head.Version && p.unread == head.Unread && p.last == last, p.changed
}

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%s: message %d, %d unread at version %d", p.name, p.last, p.unread, p.version)
}

func (p *page) faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wrong
}

func TestAPageNoticesWhatIsMissingOrTwice(t *testing.T) {
	message := func(seq int64) []byte {
		raw, err := json.Marshal(wire.MessageEvent{Type: wire.TypeMessage, Message: wire.Message{Seq: seq}})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for _, seqs := range [][]int64{{1, 3}, {1, 1}, {2}} {
		p := &page{changed: make(chan struct{})}
		for _, seq := range seqs {
			if err := p.Write(message(seq)); err != nil {
				t.Fatal(err)
			}
		}
		if len(p.faults()) == 0 {
			t.Errorf("%v was taken for right", seqs)
		}
	}
}
