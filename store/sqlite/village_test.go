package sqlite

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// village is a district in which everybody writes to everybody.
type village struct {
	*Store
	t      testing.TB
	id     uuid.UUID
	people []uuid.UUID
	now    time.Time
}

func settle(t testing.TB, s *Store, people int) *village {
	t.Helper()
	v := &village{Store: s, t: t, id: uuid.Must(uuid.NewV7()), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	err := s.CreateDistrict(t.Context(), roster.District{
		ID: v.id, Slug: v.id.String(), Enabled: true, Settings: roster.DefaultSettings(),
	})
	if err != nil {
		t.Fatal(err)
	}
	tx, err := s.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for i := range people {
		id := uuid.Must(uuid.NewV7())
		v.people = append(v.people, id)
		_, err := tx.Exec(`INSERT INTO person (district, id, sourced_id, given, family, preferred, email, address, grades, gone, sort_key, words, shown)
			VALUES (?, ?, ?, 'Villager', ?, '', '', '', '[]', 0, ?, ' villager', ' villager')`,
			key(v.id), key(id), fmt.Sprint(i), fmt.Sprint(i), fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *village) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

// talk starts a conversation among people, of whom the first is a teacher and
// the others are guardians of the last.
func (v *village) talk(people ...uuid.UUID) uuid.UUID {
	v.t.Helper()
	c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Key: uuid.New(), Subject: "trip", Body: "First."}
	for i, p := range people {
		tie := roster.Tie{Person: p, Part: roster.AsGuardian, Student: people[len(people)-1], Detail: "parent"}
		if i == 0 {
			tie.Part = roster.AsTeacher
		}
		c.Participants = append(c.Participants, hub.NewParticipant{Person: p, Ties: []roster.Tie{tie}})
	}
	_, err := v.Start(v.t.Context(), hub.Start{District: v.id, Sender: people[0], Key: uuid.New(), About: people, Now: v.now},
		func(roster.Facts) ([]hub.NewConversation, error) { return []hub.NewConversation{c}, nil })
	v.must(err)
	return c.ID
}

func (v *village) letter(conversation, sender uuid.UUID) hub.Post {
	return hub.Post{
		District: v.id, Conversation: conversation, Sender: sender, Key: uuid.New(), Body: "Shall we say at nine?", Now: v.now,
	}
}

func (v *village) post(conversation, sender uuid.UUID) hub.Receipt {
	v.t.Helper()
	r, err := v.Post(v.t.Context(), v.letter(conversation, sender))
	v.must(err)
	return r
}

// findings are those of a verification of the whole file.
func (v *village) findings() []string {
	v.t.Helper()
	var all []string
	_, err := v.Verify(v.t.Context(), uuid.Nil, func(f Finding) { all = append(all, f.String()) })
	v.must(err)
	return all
}

// unharmed holds where a verification finds nothing.
func (v *village) unharmed() {
	v.t.Helper()
	for _, f := range v.findings() {
		v.t.Error(f)
	}
}
