package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// school is a small district: Ana teaches Algebra to Leo and Tom, Ben teaches
// Biology to Eva; Maria is the parent of Leo and Eva, Dora and Dan are of Tom;
// Paula is the principal.
type school struct {
	tb
	Store
	id    uuid.UUID
	who   map[string]uuid.UUID
	clock time.Time // of all who send, moved by hand
}

// tb is what a *testing.T and a *rapid.T have in common.
type tb interface {
	Context() context.Context
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Failed() bool
}

var lincolnPeople = []roster.SnapshotPerson{
	{SourcedID: "ana", Given: "Ana", Family: "Ruiz", Roles: as("school", roster.Teacher)},
	{SourcedID: "ben", Given: "Benjamin", Preferred: "Ben", Family: "Okafor", Roles: as("school", roster.Teacher)},
	{SourcedID: "paula", Given: "Paula", Family: "Hart", Roles: as("school", roster.Principal)},
	{SourcedID: "leo", Given: "Leo", Family: "García", Roles: as("school", roster.Student)},
	{SourcedID: "eva", Given: "Eva", Family: "García", Roles: as("school", roster.Student)},
	{SourcedID: "tom", Given: "Tom", Family: "Weiss", Roles: as("school", roster.Student)},
	{SourcedID: "maria", Given: "María", Family: "García Núñez", Roles: as("school", roster.Parent)},
	{SourcedID: "dora", Given: "Dora", Family: "Weiss", Roles: as("school", roster.Parent)},
	{SourcedID: "dan", Given: "Dan", Family: "Weiss-Adler", Roles: as("school", roster.Parent)},
}

var lincoln = roster.Snapshot{
	Orgs:   []roster.SnapshotOrg{{SourcedID: "school", Name: "Lincoln", Type: "school"}},
	People: lincolnPeople,
	Sections: []roster.SnapshotSection{
		{SourcedID: "algebra", Title: "Algebra 1", Org: "school"},
		{SourcedID: "biology", Title: "Biology", Org: "school"},
	},
	Enrolments: []roster.SnapshotEnrolment{
		{SourcedID: "e1", Person: "ana", Section: "algebra", Role: roster.Teacher},
		{SourcedID: "e2", Person: "leo", Section: "algebra", Role: roster.Student},
		{SourcedID: "e3", Person: "tom", Section: "algebra", Role: roster.Student},
		{SourcedID: "e4", Person: "ben", Section: "biology", Role: roster.Teacher},
		{SourcedID: "e5", Person: "eva", Section: "biology", Role: roster.Student},
	},
	Guardianships: []roster.SnapshotGuardianship{
		{Guardian: "maria", Student: "leo", Relation: roster.Parent},
		{Guardian: "maria", Student: "eva", Relation: roster.Parent},
		{Guardian: "dora", Student: "tom", Relation: roster.Parent},
		{Guardian: "dan", Student: "tom", Relation: roster.Parent},
	},
}

func as(org string, r roster.Role) []roster.SnapshotRole {
	return []roster.SnapshotRole{{Org: org, Role: r}}
}

func openSchool(t tb, store Store, slug string) *school {
	s := &school{
		tb: t, Store: store, id: uuid.Must(uuid.NewV7()), who: map[string]uuid.UUID{},
		clock: time.Date(2026, 11, 24, 9, 30, 0, 123_456_000, time.UTC),
	}
	s.must(store.CreateDistrict(t.Context(), roster.District{
		ID: s.id, Slug: slug, Name: slug, Enabled: true, Settings: roster.DefaultSettings(),
	}))
	s.deliver(lincoln)
	for _, p := range lincolnPeople {
		found, err := store.PersonBySourcedID(t.Context(), s.id, p.SourcedID)
		s.must(err)
		s.who[p.SourcedID] = found.ID
	}
	return s
}

// deliver imports a roster and answers what came of it.
func (s *school) deliver(snapshot roster.Snapshot) roster.Effects {
	s.Helper()
	state, err := s.State(s.Context(), s.id)
	s.must(err)
	effects, err := s.Apply(s.Context(), s.id, roster.Compare(state, snapshot), s.clock)
	s.must(err)
	return effects
}

func (s *school) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// refused fails the test where err is not a refusal with that code.
func (s *school) refused(err error, want hub.Code) {
	s.Helper()
	if got := hub.CodeOf(err); got != want {
		s.Fatalf("got %q (%v), not a refusal with %q", got, err, want)
	}
}

// refusedAt is refused, naming that field.
func (s *school) refusedAt(err error, want hub.Code, field string) {
	s.Helper()
	s.refused(err, want)
	var e *hub.Error
	if errors.As(err, &e); e.Field != field {
		s.Fatalf("the refusal names %q, not %q", e.Field, field)
	}
}

// ties are what somebody is in the school, as a conversation remembers it.
func (s *school) ties(name string) []roster.Tie {
	tie := func(part roster.Part, student, detail string) roster.Tie {
		return roster.Tie{Person: s.who[name], Part: part, Student: s.who[student], Detail: detail}
	}
	switch name {
	case "ana":
		return []roster.Tie{tie(roster.AsTeacher, "leo", "Algebra 1"), tie(roster.AsTeacher, "tom", "Algebra 1")}
	case "ben":
		return []roster.Tie{tie(roster.AsTeacher, "eva", "Biology")}
	case "paula":
		return []roster.Tie{tie(roster.AsStaff, "", "principal")}
	case "maria":
		return []roster.Tie{tie(roster.AsGuardian, "leo", "parent"), tie(roster.AsGuardian, "eva", "parent")}
	case "dora", "dan":
		return []roster.Tie{tie(roster.AsGuardian, "tom", "parent")}
	}
	return []roster.Tie{tie(roster.AsStudent, name, "")}
}

// conversation is a new one among people, the first of whom starts it.
func (s *school) conversation(subject string, names ...string) hub.NewConversation {
	c := hub.NewConversation{
		ID: newID(), Key: newID(), Subject: subject, Body: "About " + subject + ".",
	}
	for _, name := range names {
		c.Participants = append(c.Participants, hub.NewParticipant{Person: s.who[name], Ties: s.ties(name)})
	}
	return c
}

// begin is a start by somebody, with a key of its own.
func (s *school) begin(name string) hub.Start {
	return hub.Start{
		District: s.id, Sender: s.who[name], Key: newID(), Fingerprint: [32]byte{1},
		About: []uuid.UUID{s.who[name]}, Now: s.clock,
	}
}

func planned(list ...hub.NewConversation) func(roster.Facts) ([]hub.NewConversation, error) {
	return func(roster.Facts) ([]hub.NewConversation, error) { return list, nil }
}

// start starts one conversation among people, the first of whom starts it.
func (s *school) start(names ...string) hub.Receipt {
	s.Helper()
	started, err := s.Start(s.Context(), s.begin(names[0]), planned(s.conversation("trip", names...)))
	s.must(err)
	if len(started.Receipts) != 1 {
		s.Fatalf("one conversation gave %d receipts", len(started.Receipts))
	}
	return started.Receipts[0]
}

func (s *school) reply(conversation uuid.UUID, name, body string) hub.Post {
	return hub.Post{
		District: s.id, Conversation: conversation, Sender: s.who[name], Key: newID(), Body: body, Now: s.clock,
	}
}

// post sends a reply.
func (s *school) post(conversation uuid.UUID, name string) hub.Receipt {
	s.Helper()
	r, err := s.Post(s.Context(), s.reply(conversation, name, fmt.Sprintf("From %s.", name)))
	s.must(err)
	return r
}

func (s *school) read(conversation uuid.UUID, name string, upTo int64) hub.ReadReceipt {
	s.Helper()
	r, err := s.MarkRead(s.Context(), s.id, conversation, s.who[name], upTo)
	s.must(err)
	return r
}

func (s *school) head(name string) hub.Head {
	s.Helper()
	h, err := s.Head(s.Context(), s.id, s.who[name])
	s.must(err)
	return h
}

func (s *school) view(conversation uuid.UUID, name string) hub.Conversation {
	s.Helper()
	c, err := s.Conversation(s.Context(), s.id, conversation, s.who[name])
	s.must(err)
	return c
}

func (s *school) letters(conversation uuid.UUID, name string) []hub.Message {
	s.Helper()
	list, err := s.Messages(s.Context(), s.id, conversation, s.who[name], hub.Range{Limit: 200})
	s.must(err)
	return list
}

// told is what a receipt says to somebody, nil where it says nothing to them.
func (s *school) told(audience []hub.Told, name string) *hub.Told {
	for i := range audience {
		if audience[i].Person == s.who[name] {
			return &audience[i]
		}
	}
	return nil
}

// enable switches messaging on or off.
func (s *school) enable(on bool) {
	s.Helper()
	d, err := s.District(s.Context(), s.id)
	s.must(err)
	d.Enabled = on
	s.must(s.SaveDistrict(s.Context(), d))
}

// inbox is a page of somebody's inbox.
func (s *school) inbox(name string, q hub.InboxQuery) hub.InboxPage {
	s.Helper()
	page, err := s.Inbox(s.Context(), s.id, s.who[name], q)
	s.must(err)
	return page
}

// leave takes people out of the roster, as one that was read whole does (R24).
func (s *school) leave(names ...string) roster.Effects {
	s.Helper()
	without := lincoln
	without.Whole = roster.Whole{roster.KindPerson: true}
	without.People = nil
	for _, p := range lincolnPeople {
		if !slices.Contains(names, p.SourcedID) {
			without.People = append(without.People, p)
		}
	}
	return s.deliver(without)
}

// anybody lets whoever seals do so unseen.
func anybody(roster.Facts) bool { return true }

// seal is by somebody of staff.
func (s *school) seal(conversation uuid.UUID, name string) hub.SealReceipt {
	s.Helper()
	r, err := s.Seal(s.Context(), s.id, conversation, hub.Seal{
		At: s.clock, By: s.who[name], Cause: hub.SealedByStaff, Reason: "It is settled.",
	}, nil)
	s.must(err)
	return r
}
