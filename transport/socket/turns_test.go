package socket_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/schooltest"
)

// slow is a store whose inbox of one person waits.
type slow struct {
	hub.Store
	of   uuid.UUID
	now  atomic.Int64
	most atomic.Int64
	wait chan struct{}
}

func (s *slow) Inbox(ctx context.Context, district, person uuid.UUID, q hub.InboxQuery) (hub.InboxPage, error) {
	if person == s.of {
		n := s.now.Add(1)
		defer s.now.Add(-1)
		for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
		}
		<-s.wait
	}
	return s.Store.Inbox(ctx, district, person, q)
}

func TestOnePersonsConnectionsDoNotTakeTheStoreFromOthers(t *testing.T) {
	school := schooltest.Open(t, 0)
	store := &slow{Store: school.Store, of: school.ID(schooltest.Rosa), wait: make(chan struct{})}
	all, _ := serveOn(t, school, operation.New(hub.New(store, school.Store, school.Node, time.Now), nil), slog.New(slog.DiscardHandler))

	var many []*client
	for range 20 {
		c := all.signIn(t, schooltest.Rosa)
		c.send(object{"id": "a", "type": "inbox"})
		many = append(many, c)
	}
	for deadline := time.Now().Add(patience); store.now.Load() < 8 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	ana := all.signIn(t, schooltest.Ana)
	if answer := ana.ask(object{"id": "a", "type": "inbox"}); answer["type"] != "answer" {
		t.Errorf("another has to wait: %v", answer)
	}
	close(store.wait)
	for _, c := range many {
		if answer := c.receive(); answer["type"] != "answer" {
			t.Errorf("instead of an answer: %v", answer)
		}
	}
	if most := store.most.Load(); most != 8 {
		t.Errorf("%d requests of one person were under way at once", most)
	}
	for _, c := range append(many, ana) {
		_ = c.ws.CloseNow()
	}
}
