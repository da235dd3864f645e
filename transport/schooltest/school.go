// Package schooltest is a small school on the real parts (SQLite, hub, live
// node, identity), for tests of what is built on them.
package schooltest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/sqlite/sqlitetest"
	"github.com/homeline/homeline/transport/broker"
)

// The people, by their sourcedIds. Ana teaches Leo and Mia, Ben nobody; Rosa is
// Leo's parent, Tom Mia's; Pia is their principal. Zoe teaches Yan in another
// district.
const (
	Ana, Ben, Pia, Zoe  = "ana", "ben", "pia", "zoe"
	Leo, Mia, Rosa, Tom = "leo", "mia", "rosa", "tom"
	Yan                 = "yan"
)

// School is two districts, of which the first is Lincoln.
type School struct {
	Store    *sqlite.Store
	Hub      *hub.Hub
	Node     *live.Node
	Identity *identity.Service
	people   map[string]hub.Actor
}

// Open is a school in a file of its own, with a node that runs until the test
// ends. Lincoln has a crowd of so many further students: see [Crowd].
func Open(t testing.TB, crowd int) *School {
	t.Helper()
	store := sqlitetest.Open(t, filepath.Join(t.TempDir(), "homeline.db"), sqlite.Open)
	log := slog.New(slog.DiscardHandler)
	node := live.New(broker.NewInProcess(), store, identity.SignIns{Store: store, Now: time.Now}, live.Options{Log: log})
	s := &School{
		Store: store, Node: node, Hub: hub.New(store, store, node, time.Now), people: map[string]hub.Actor{},
		Identity: identity.New(store, store, nil, node, identity.Options{Log: log}),
	}
	s.add(t, "lincoln", lincoln(crowd))
	s.add(t, "madison", madison())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		node.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return s
}

// Actor is a person by their sourcedId.
func (s *School) Actor(name string) hub.Actor { return s.people[name] }

// ID is the identifier of a person.
func (s *School) ID(name string) uuid.UUID { return s.people[name].Person }

// Token signs a person in.
func (s *School) Token(t testing.TB, name string) string {
	t.Helper()
	a := s.people[name]
	token, _, err := s.Identity.Issue(t.Context(), a.District, a.Person, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Start starts one conversation between Ana and Leo's family, together.
func (s *School) Start(t testing.TB, subject, body string) uuid.UUID {
	t.Helper()
	started, err := s.Hub.Start(t.Context(), s.people[Ana], hub.StartRequest{
		Key: uuid.New(), Side: roster.AsWorker, Subject: subject, Body: body,
		Recipients: []roster.Recipient{
			{Person: s.ID(Leo), Student: s.ID(Leo)}, {Person: s.ID(Rosa), Student: s.ID(Leo)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return started.Receipts[0].Conversation
}

// Reply adds a message.
func (s *School) Reply(t testing.TB, name string, conversation uuid.UUID, body string) hub.Receipt {
	t.Helper()
	receipt, err := s.Hub.Reply(t.Context(), s.people[name], conversation, uuid.New(), body)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func (s *School) add(t testing.TB, slug string, snapshot roster.Snapshot) {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	d := roster.District{ID: id, Slug: slug, Name: slug, Enabled: true, Settings: roster.DefaultSettings()}
	if err := s.Store.CreateDistrict(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	state, err := s.Store.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Store.Apply(t.Context(), id, roster.Compare(state, snapshot), time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, p := range snapshot.People {
		person, err := s.Store.PersonBySourcedID(t.Context(), id, p.SourcedID)
		if err != nil {
			t.Fatal(err)
		}
		s.people[p.SourcedID] = hub.Actor{District: id, Person: person.ID}
	}
}
