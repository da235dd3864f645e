package hub_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/sqlite/sqlitetest"
)

// school is a district with a hub over a real store. Chen teaches Algebra to
// Leo and Mia, Dora teaches Biology to Leo; Ana and Ben are Leo's parents, Ana
// is Eva's too, Kim is Mia's; Pat is the principal, Olga of the district.
type school struct {
	testing.TB
	*hub.Hub
	store    *sqlite.Store
	district roster.District
	heard    *heard
	who      map[string]uuid.UUID
	clock    time.Time
}

// heard keeps what was published.
type heard struct {
	mu     sync.Mutex
	events []hub.Event
}

func (h *heard) Publish(_ context.Context, e hub.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

func (h *heard) all() []hub.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.events
}

func roles(org string, r roster.Role) []roster.SnapshotRole {
	return []roster.SnapshotRole{{Org: org, Role: r}}
}

// delivery is the roster of the school; each call makes one that may be changed.
func delivery() roster.Snapshot {
	person := func(id, family, org string, r roster.Role) roster.SnapshotPerson {
		return roster.SnapshotPerson{SourcedID: id, Given: id, Family: family, Roles: roles(org, r)}
	}
	enrolment := func(person, section string, r roster.Role) roster.SnapshotEnrolment {
		return roster.SnapshotEnrolment{SourcedID: person + "-" + section, Person: person, Section: section, Role: r}
	}
	whole := roster.Whole{}
	for _, kind := range []roster.Kind{roster.KindOrg, roster.KindTerm, roster.KindSection, roster.KindPerson,
		roster.KindRole, roster.KindEnrolment, roster.KindGuardianship} {
		whole[kind] = true
	}
	return roster.Snapshot{
		Whole: whole,
		Orgs: []roster.SnapshotOrg{
			{SourcedID: "district", Name: "Lincoln", Type: "district"},
			{SourcedID: "north", Name: "North", Type: "school", Parent: "district"},
		},
		Sections: []roster.SnapshotSection{
			{SourcedID: "algebra", Title: "Algebra 1", Period: "3", Org: "north"},
			{SourcedID: "biology", Title: "Biology", Org: "north"},
		},
		People: []roster.SnapshotPerson{
			person("Chen", "Wei", "north", roster.Teacher), person("Dora", "Okafor", "north", roster.Teacher),
			person("Pat", "Hart", "north", roster.Principal), person("Olga", "Ivanova", "district", roster.DistrictAdministrator),
			person("Leo", "Ruiz", "north", roster.Student), person("Eva", "Ruiz", "north", roster.Student),
			person("Mia", "Park", "north", roster.Student), person("Ana", "Ruiz", "north", roster.Parent),
			person("Ben", "Ruiz", "north", roster.Parent), person("Kim", "Park", "north", roster.Guardian),
		},
		Enrolments: []roster.SnapshotEnrolment{
			enrolment("Chen", "algebra", roster.Teacher), enrolment("Leo", "algebra", roster.Student),
			enrolment("Mia", "algebra", roster.Student), enrolment("Dora", "biology", roster.Teacher),
			enrolment("Leo", "biology", roster.Student),
		},
		Guardianships: []roster.SnapshotGuardianship{
			{Guardian: "Ana", Student: "Leo", Relation: roster.Parent},
			{Guardian: "Ben", Student: "Leo", Relation: roster.Parent},
			{Guardian: "Ana", Student: "Eva", Relation: roster.Parent},
			{Guardian: "Kim", Student: "Mia", Relation: roster.Guardian},
		},
	}
}

func openSchool(t testing.TB) *school {
	t.Helper()
	return newSchool(t, sqlitetest.Open(t, filepath.Join(t.TempDir(), "homeline.db"), sqlite.Open), "lincoln")
}

// newSchool adds a district to a store.
func newSchool(t testing.TB, store *sqlite.Store, slug string) *school {
	t.Helper()
	s := &school{
		TB: t, store: store, heard: &heard{}, who: map[string]uuid.UUID{},
		clock: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC),
		district: roster.District{
			ID: uuid.Must(uuid.NewV7()), Slug: slug, Name: slug, Enabled: true, Settings: roster.DefaultSettings(),
		},
	}
	s.Hub = hub.New(store, store, s.heard, func() time.Time { return s.clock })
	s.must(store.CreateDistrict(context.Background(), s.district))
	s.deliver(delivery())
	for _, p := range delivery().People {
		found, err := store.PersonBySourcedID(context.Background(), s.district.ID, p.SourcedID)
		s.must(err)
		s.who[p.SourcedID] = found.ID
	}
	return s
}

func (s *school) deliver(snapshot roster.Snapshot) roster.Effects {
	s.Helper()
	state, err := s.store.State(context.Background(), s.district.ID)
	s.must(err)
	effects, err := s.ApplyRoster(context.Background(), s.district.ID, roster.Compare(state, snapshot))
	s.must(err)
	return effects
}

// set changes the district's settings.
func (s *school) set(change func(*roster.District)) {
	s.Helper()
	d, err := s.store.District(context.Background(), s.district.ID)
	s.must(err)
	change(&d)
	s.must(s.store.SaveDistrict(context.Background(), d))
}

func (s *school) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// refused fails the test where err is not a refusal with that code and field.
func (s *school) refused(err error, code hub.Code, field string) *hub.Error {
	s.Helper()
	var e *hub.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field {
		s.Fatalf("got %v, want %s %s", err, code, field)
	}
	return e
}

func (s *school) is(name string) hub.Actor {
	return hub.Actor{District: s.district.ID, Person: s.who[name]}
}

// to is a recipient: who, about which student.
func (s *school) to(person, student string) roster.Recipient {
	return roster.Recipient{Person: s.who[person], Student: s.who[student]}
}

func (s *school) request(side roster.Side, to ...roster.Recipient) hub.StartRequest {
	return hub.StartRequest{Key: uuid.New(), Side: side, Subject: "The trip", Body: "Bring boots.", Recipients: to}
}

// begin starts one conversation as staff and answers its id.
func (s *school) begin(name string, to ...roster.Recipient) uuid.UUID {
	s.Helper()
	r := s.request(roster.AsWorker, to...)
	r.Mode = roster.Together
	started, err := s.Start(context.Background(), s.is(name), r)
	s.must(err)
	return started.Receipts[0].Conversation
}

func (s *school) reply(name string, conversation uuid.UUID) hub.Receipt {
	s.Helper()
	r, err := s.Reply(context.Background(), s.is(name), conversation, uuid.New(), "From "+name)
	s.must(err)
	return r
}

func (s *school) unread(name string) int64 {
	s.Helper()
	head, err := s.Unread(context.Background(), s.is(name))
	s.must(err)
	return head.Unread
}

// letters are those that somebody reads in a conversation.
func (s *school) letters(name string, conversation uuid.UUID) []hub.Message {
	s.Helper()
	letters, err := s.Messages(context.Background(), s.is(name), conversation, hub.Range{Limit: 200})
	s.must(err)
	return letters
}

// in are the names of those who take part, as the named one sees it.
func (s *school) in(name string, conversation uuid.UUID) map[string]bool {
	s.Helper()
	c, err := s.Conversation(context.Background(), s.is(name), conversation)
	s.must(err)
	names := map[string]bool{}
	for _, p := range c.Participants {
		names[p.Person.Given] = true
	}
	return names
}
