// Package storetest is the conformance suite that every store must pass:
// [Conversations] for hub.Store, [Roster] and [Identity] for the others.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Store is what [Conversations] needs: conversations, and people to have them.
type Store interface {
	hub.Store
	roster.Districts
	State(ctx context.Context, district uuid.UUID) (roster.State, error)
	Apply(ctx context.Context, district uuid.UUID, c roster.Changes, now time.Time) (roster.Effects, error)
	Bar(ctx context.Context, district uuid.UUID, b roster.Bar, now time.Time) (roster.Effects, error)
	Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error)
	PersonBySourcedID(ctx context.Context, district uuid.UUID, sourcedID string) (roster.Person, error)
	roster.Grants
}

// Conversations asks of the stores that open opens, an empty one for each test,
// what hub.Store promises. Start reading at school.go, where its people come
// from.
func Conversations(t *testing.T, open func(t *testing.T) Store) {
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"Post", postTests},
		{"Start", startTests},
		{"MarkRead", markTests},
		{"Seal", sealTests},
		{"Gone", goneTests},
		{"Inbox", inboxTests},
		{"Head", headTests},
		{"Standing", standingTests},
		{"Epoch", epochTests},
		{"Draft", draftTests},
		{"Stranger", strangerTests},
		{"Concurrent", concurrentTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, one := range group.tests {
				t.Run(one.says, func(t *testing.T) { one.run(openSchool(t, open(t), "lincoln")) })
			}
		})
	}
	t.Run("Random", func(t *testing.T) { whateverHappens(t, open(t)) })
}

// test is one thing that a store is asked, in a school of its own.
type test struct {
	says string
	run  func(s *school)
}
