package live_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
)

// pooled is a school behind a number of connections, each of which takes a while
// for a query.
type pooled struct {
	*school
	connections chan struct{}
	takes       time.Duration
	queries     atomic.Int64
}

func (p *pooled) Heads(ctx context.Context, district uuid.UUID, people []uuid.UUID) ([]hub.Head, error) {
	p.connections <- struct{}{}
	defer func() { <-p.connections }()
	p.queries.Add(1)
	time.Sleep(p.takes)
	return p.school.Heads(ctx, district, people)
}

// deaf is a connection that takes everything.
type deaf struct{}

func (deaf) Write([]byte) error        { return nil }
func (deaf) Close(live.Close)          {}
func (deaf) Ping()                     {}
func (deaf) Unanswered() time.Duration { return 0 }

// BenchmarkComingBack has a thousand sessions subscribe to their inboxes at
// once, of a store with 10 connections that takes 2 ms for each query; and, for
// comparison, asks that store for each.
func BenchmarkComingBack(b *testing.B) {
	const sessions = 1000
	s := newSchool(sessions)
	store := &pooled{school: s, connections: make(chan struct{}, 10), takes: 2 * time.Millisecond}
	node := live.New(newBus(1).join(), store, s, live.Options{Log: slog.New(slog.DiscardHandler)})
	var attached []*live.Session
	for _, person := range s.people {
		session, _ := node.Attach(b.Context(), live.Who{District: s.district, Person: person, SignIn: person.String()}, deaf{})
		attached = append(attached, session)
	}
	atOnce := func(b *testing.B, come func(i int) error) {
		store.queries.Store(0)
		for b.Loop() {
			var all sync.WaitGroup
			for i := range sessions {
				all.Go(func() {
					if err := come(i); err != nil {
						b.Error(err)
					}
				})
			}
			all.Wait()
		}
		b.ReportMetric(float64(store.queries.Load())/float64(b.N), "queries/op")
	}
	b.Run("a query for each", func(b *testing.B) {
		atOnce(b, func(i int) error {
			_, err := store.Heads(b.Context(), s.district, s.people[i:i+1])
			return err
		})
	})
	b.Run("together", func(b *testing.B) {
		atOnce(b, func(i int) error {
			return attached[i].OpenInbox(b.Context(), func(h hub.Head) ([]byte, error) { return json.Marshal(h) })
		})
	})
	for _, session := range attached {
		session.End(live.CloseGone)
	}
}
