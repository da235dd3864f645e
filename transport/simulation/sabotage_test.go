package simulation_test

import (
	"context"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
)

// sabotage breaks one thing in all nodes: a run that finds nothing has to show
// that it could.
type sabotage struct {
	losesEvents  bool // some are not published, and reconciliation sees nothing
	countsTwice  bool // some events say one unread more than the commit
	answersFirst bool // a send is answered, and committed afterwards
	oneEpoch     bool // nobody notices that the history went back
	count        *atomic.Int64
}

// every says true each nth time.
func (s sabotage) every(n int64) bool { return s.count.Add(1)%n == 0 }

// events is where a hub tells of commits.
func (s sabotage) events(n *live.Node) hub.Events {
	if s.losesEvents || s.countsTwice {
		return saboteur{n, s}
	}
	return n
}

type saboteur struct {
	to hub.Events
	sabotage
}

func (s saboteur) Publish(ctx context.Context, e hub.Event) {
	if s.losesEvents && s.every(7) {
		return
	}
	if s.countsTwice && e.Message != nil {
		for i := range e.Audience {
			if e.Audience[i].Person != e.Message.Sender && s.every(3) {
				e.Audience[i].Unread++
			}
		}
	}
	s.to.Publish(ctx, e)
}

// reads is where a node reads what events did not bring.
func (s sabotage) reads(store live.Store) live.Store {
	if s.losesEvents {
		return blind{store}
	}
	if s.oneEpoch {
		return unmoved{store}
	}
	return store
}

type unmoved struct{ live.Store }

func (unmoved) Epoch(context.Context) (uuid.UUID, error) { return uuid.UUID{15: 1}, nil }
func (unmoved) RenewEpoch(context.Context, uuid.UUID) (uuid.UUID, error) {
	return uuid.UUID{15: 1}, nil
}

type blind struct{ live.Store }

func (blind) Heads(context.Context, uuid.UUID, []uuid.UUID) ([]hub.Head, error) { return nil, nil }
func (blind) RenewEpoch(_ context.Context, known uuid.UUID) (uuid.UUID, error)  { return known, nil }

func (blind) Tails(context.Context, uuid.UUID, []uuid.UUID) ([]hub.Tail, error) { return nil, nil }

// commits is what a hub keeps its conversations in.
func (s sabotage) commits(w *world) hub.Store {
	if s.answersFirst {
		return hasty{w.store, w}
	}
	return w.store
}

type hasty struct {
	hub.Store
	world *world
}

func (s hasty) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	tails, err := s.Tails(ctx, p.District, []uuid.UUID{p.Conversation})
	if err != nil || len(tails) == 0 {
		return s.Store.Post(ctx, p)
	}
	s.world.ending.Go(func() { _, _ = s.Store.Post(context.WithoutCancel(ctx), p) }) // whatever comes of it
	return hub.Receipt{Message: hub.Message{
		Conversation: p.Conversation, Seq: tails[0].LastSeq + 1, Sender: p.Sender, SentAt: p.Now, Body: p.Body, Key: p.Key,
	}}, nil
}
