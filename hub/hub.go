package hub

import (
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Hub does the use cases: it checks what was given, asks the store to judge and
// keep it in one transaction, and tells of the commit.
type Hub struct {
	store  Store
	roster roster.Store
	events Events
	now    func() time.Time
}

// New is a hub over a store. now is time.Now outside tests.
func New(store Store, people roster.Store, events Events, now func() time.Time) *Hub {
	return &Hub{store: store, roster: people, events: events, now: now}
}

// Actor is who does something: somebody of a district, known by their session.
type Actor struct {
	District uuid.UUID
	Person   uuid.UUID
}
