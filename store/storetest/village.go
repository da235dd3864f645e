package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Village is a district in which everybody writes to everybody: for tests of a
// store that need letters and not rules.
type Village struct {
	Store
	T      testing.TB
	ID     uuid.UUID
	People []uuid.UUID
	Now    time.Time
}

// Settle makes a village of so many people.
func Settle(t testing.TB, s Store, people int) *Village {
	t.Helper()
	v := &Village{Store: s, T: t, ID: newID(), Now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	ctx := context.Background() // also after the test, when what it left behind is looked at
	v.Must(s.CreateDistrict(ctx, roster.District{ID: v.ID, Slug: v.ID.String(), Enabled: true, Settings: roster.DefaultSettings()}))
	var snapshot roster.Snapshot
	for i := range people {
		snapshot.People = append(snapshot.People, roster.SnapshotPerson{
			SourcedID: fmt.Sprintf("%06d", i), Given: "Villager", Family: fmt.Sprint(i),
		})
	}
	state, err := s.State(ctx, v.ID)
	v.Must(err)
	_, err = s.Apply(ctx, v.ID, roster.Compare(state, snapshot), v.Now)
	v.Must(err)
	for _, p := range snapshot.People {
		found, err := s.PersonBySourcedID(ctx, v.ID, p.SourcedID)
		v.Must(err)
		v.People = append(v.People, found.ID)
	}
	return v
}

// Must fails the test where something fails that has to succeed.
func (v *Village) Must(err error) {
	v.T.Helper()
	if err != nil {
		v.T.Fatal(err)
	}
}

// Talk starts a conversation among people, of whom the first is a teacher and
// the others are guardians of the last.
func (v *Village) Talk(people ...uuid.UUID) uuid.UUID {
	v.T.Helper()
	c := hub.NewConversation{ID: newID(), Key: uuid.New(), Subject: "trip", Body: "First."}
	for i, p := range people {
		tie := roster.Tie{Person: p, Part: roster.AsGuardian, Student: people[len(people)-1], Detail: "parent"}
		if i == 0 {
			tie.Part = roster.AsTeacher
		}
		c.Participants = append(c.Participants, hub.NewParticipant{Person: p, Ties: []roster.Tie{tie}})
	}
	_, err := v.Start(context.Background(), hub.Start{District: v.ID, Sender: people[0], Key: uuid.New(), About: people, Now: v.Now}, planned(c))
	v.Must(err)
	return c.ID
}

// Letter is one that is not sent yet.
func (v *Village) Letter(conversation, sender uuid.UUID) hub.Post {
	return hub.Post{
		District: v.ID, Conversation: conversation, Sender: sender, Key: uuid.New(), Body: "Shall we say at nine?", Now: v.Now,
	}
}

// Send sends a letter.
func (v *Village) Send(conversation, sender uuid.UUID) hub.Receipt {
	v.T.Helper()
	r, err := v.Post(context.Background(), v.Letter(conversation, sender))
	v.Must(err)
	return r
}
