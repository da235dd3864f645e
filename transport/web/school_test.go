package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/sqlite/sqlitetest"
)

// keeper is a real store.
type keeper interface {
	hub.Store
	roster.Store
	identity.Store
	Mailboxes
}

// school is a small district on the real store, hub and identity. Mr Chen
// teaches Leo and Eva Algebra 1, Ms Okafor teaches Eva Art and is the mother of
// Max, whom Mr Chen teaches too. Ana and Luis Ruiz are Leo's and Eva's parents
// and share one address. Ms Ortiz is the principal, Ms Bell the superintendent.
type school struct {
	t        *testing.T
	store    keeper
	hub      *hub.Hub
	identity *identity.Service
	district uuid.UUID
	site     *Site
	server   *httptest.Server
	clock    *clock
	links    chan string
	moves    chan identity.AddressMail
}

const (
	chen, okafor, ortiz, bell = "chen", "okafor", "ortiz", "bell"
	leo, eva, max_            = "leo", "eva", "max"
	ana, luis                 = "ana", "luis"
)

// linkSecret signs what ends mails.
var linkSecret = []byte("a secret of this test, and no other")

// clock stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type nobody struct{}

func (nobody) Publish(context.Context, hub.Event) {}

// MailSignIn hands the link of a sign-in mail to the test.
func (s *school) MailSignIn(_ context.Context, m identity.Mail) error {
	s.links <- m.Link
	return nil
}

// MailAddress hands a mail about a change of address to the test.
func (s *school) MailAddress(_ context.Context, m identity.AddressMail) error {
	s.moves <- m
	return nil
}

func open(t *testing.T, change ...func(*school, *Options)) *school {
	t.Helper()
	return openOn(t, sqlitetest.Open(t, filepath.Join(t.TempDir(), "homeline.db"), sqlite.Open), change...)
}

func openOn(t *testing.T, store keeper, change ...func(*school, *Options)) *school {
	t.Helper()
	s := &school{
		t: t, store: store, links: make(chan string, 10), moves: make(chan identity.AddressMail, 10),
		clock: &clock{now: time.Date(2026, 10, 14, 19, 20, 0, 0, time.UTC)}, // a Wednesday, 15:20 in New York
	}
	s.hub = hub.New(store, store, nobody{}, s.clock.Now)
	s.fill()
	s.serve(change)
	return s
}

func (s *school) serve(change []func(*school, *Options)) {
	s.t.Helper()
	o := Options{
		Hub: s.hub, Roster: s.store, Drafts: s.store, Mailboxes: s.store, LinkSecret: linkSecret, Now: s.clock.Now, Log: slog.New(slog.DiscardHandler),
		PublicURL: &url.URL{Scheme: "http", Host: "homeline.test"},
		Epoch:     func(context.Context) (uuid.UUID, error) { return uuid.UUID{15: 1}, nil }, // a node knows it
	}
	for _, f := range change {
		f(s, &o)
	}
	s.identity = identity.New(s.store, s.store, s, nobody{}, identity.Options{
		PublicURL: o.PublicURL, Now: s.clock.Now, Log: o.Log,
	})
	o.Identity = s.identity
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.identity.Run(ctx)
	}()
	s.t.Cleanup(func() {
		cancel()
		<-done
	})
	var err error
	if s.site, err = New(o); err != nil {
		s.t.Fatal(err)
	}
	s.server = httptest.NewServer(s.site)
	s.t.Cleanup(s.server.Close)
}

const mailInTwoParts = "To: ana@example.org\r\nSubject: Two\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nIn plain words\r\n" +
	"--b\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"<html><head></head><body><h1>Se=C3=B1or</h1></body></html>\r\n--b--\r\n"

// openDemo is a school that anybody may try, as anybody.
func openDemo(t *testing.T) *school {
	t.Helper()
	return open(t, func(s *school, o *Options) {
		o.Demo = &Demo{
			District: s.district,
			Cast:     []CastMember{{Person: s.id(ana), Notes: map[string]string{"en": "Ana Ruiz, mother of Leo and Eva"}}},
			Outbox: fstest.MapFS{"1.eml": {Data: []byte("To: ana@example.org\r\nSubject: =?utf-8?q?Hall=C3=B3?=\r\n\r\n" +
				"A link: https://homeline.test/x <script>\r\n")}, "3.eml": {Data: []byte(mailInTwoParts)}},
		}
	})
}

func (s *school) fill() {
	s.t.Helper()
	ctx := s.t.Context()
	d := roster.District{
		ID: uuid.Must(uuid.NewV7()), Slug: "lincoln", Name: "Lincoln District", Enabled: true,
		Settings: roster.DefaultSettings(),
	}
	if err := s.store.CreateDistrict(ctx, d); err != nil {
		s.t.Fatal(err)
	}
	s.district = d.ID
	s.deliver(lincoln())
}

// deliver imports a roster as it stands.
func (s *school) deliver(snapshot roster.Snapshot) roster.Effects {
	s.t.Helper()
	ctx := s.t.Context()
	state, err := s.store.State(ctx, s.district)
	if err != nil {
		s.t.Fatal(err)
	}
	effects, err := s.store.Apply(ctx, s.district, roster.Compare(state, snapshot), s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return effects
}

func (s *school) change(f func(*roster.District)) {
	s.t.Helper()
	d, err := s.store.District(s.t.Context(), s.district)
	if err != nil {
		s.t.Fatal(err)
	}
	f(&d)
	if err := s.store.SaveDistrict(s.t.Context(), d); err != nil {
		s.t.Fatal(err)
	}
}

func (s *school) id(name string) uuid.UUID {
	s.t.Helper()
	p, err := s.store.PersonBySourcedID(s.t.Context(), s.district, name)
	if err != nil {
		s.t.Fatal(err)
	}
	return p.ID
}

func (s *school) actor(name string) hub.Actor {
	return hub.Actor{District: s.district, Person: s.id(name)}
}

// about is a recipient, and the student they are written to about.
func (s *school) about(person, student string) roster.Recipient {
	return roster.Recipient{Person: s.id(person), Student: s.id(student)}
}

func (s *school) value(person, student string) string { return recipientText(s.about(person, student)) }

// letter starts a conversation of Mr Chen's with Leo's mother, and Leo.
func (s *school) letter(subject, body string) uuid.UUID {
	s.t.Helper()
	started, err := s.hub.Start(s.t.Context(), s.actor(chen), hub.StartRequest{
		Key: uuid.New(), Side: roster.AsWorker, Subject: subject, Body: body,
		Recipients: []roster.Recipient{s.about(ana, leo), s.about(leo, leo)},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return started.Receipts[0].Conversation
}

func (s *school) replies(name string, conversation uuid.UUID, body string) {
	s.t.Helper()
	if _, err := s.hub.Reply(s.t.Context(), s.actor(name), conversation, uuid.New(), body); err != nil {
		s.t.Fatal(err)
	}
}

func (s *school) unread(name string) int64 {
	s.t.Helper()
	head, err := s.hub.Unread(s.t.Context(), s.actor(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return head.Unread
}

// browser is a new browser in which nobody is signed in.
func (s *school) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	at, err := url.Parse(s.server.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{t: s.t, at: at, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// as is a browser in which somebody is signed in, who was asked for their
// language before.
func (s *school) as(name string) *browser {
	s.t.Helper()
	token, session, err := s.identity.Issue(s.t.Context(), s.district, s.id(name), time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.identity.SavePreferences(s.t.Context(), session, identity.Preferences{Language: "en"}); err != nil {
		s.t.Fatal(err)
	}
	b := s.browser()
	b.setCookie(sessionCookie, token)
	b.setCookie(lastCookie, lastText(s.district, s.id(name)))
	return b
}

func lincoln() roster.Snapshot {
	person := func(id, given, family, email, grade string, roles ...roster.SnapshotRole) roster.SnapshotPerson {
		p := roster.SnapshotPerson{SourcedID: id, Given: given, Family: family, Email: email, Roles: roles}
		if grade != "" {
			p.Grades = []string{grade}
		}
		return p
	}
	at := func(role roster.Role) roster.SnapshotRole { return roster.SnapshotRole{Org: "school", Role: role} }
	enrolled := func(person, section string, role roster.Role) roster.SnapshotEnrolment {
		return roster.SnapshotEnrolment{
			SourcedID: fmt.Sprintf("%s in %s", person, section), Person: person, Section: section, Role: role,
		}
	}
	parent := func(guardian, student string) roster.SnapshotGuardianship {
		return roster.SnapshotGuardianship{Guardian: guardian, Student: student, Relation: roster.Parent}
	}
	return roster.Snapshot{
		Orgs: []roster.SnapshotOrg{
			{SourcedID: "district", Name: "Lincoln District", Type: "district"},
			{SourcedID: "school", Name: "Lincoln School", Type: "school", Parent: "district"},
		},
		Sections: []roster.SnapshotSection{
			{SourcedID: "algebra", Title: "Algebra 1", Course: "Algebra", Org: "school"},
			{SourcedID: "art", Title: "Art 7", Course: "Art", Org: "school"},
		},
		People: []roster.SnapshotPerson{
			person(chen, "Wei", "Chen", "chen@example.org", "", at(roster.Teacher)),
			person(okafor, "Grace", "Okafor", "okafor@example.org", "", at(roster.Teacher), at(roster.Parent)),
			person(ortiz, "Carmen", "Ortiz", "ortiz@example.org", "", at(roster.Principal)),
			person(bell, "Ruth", "Bell", "bell@example.org", "", roster.SnapshotRole{Org: "district", Role: roster.DistrictAdministrator}),
			person(leo, "Leo", "Ruiz", "leo@example.org", "07", at(roster.Student)),
			person(eva, "Eva", "Ruiz", "eva@example.org", "08", at(roster.Student)),
			person(max_, "Max", "Okafor", "max@example.org", "07", at(roster.Student)),
			person(ana, "Ana", "Ruiz", "family@example.org", "", at(roster.Parent)),
			person(luis, "Luis", "Ruiz", "family@example.org", "", at(roster.Parent)),
		},
		Enrolments: []roster.SnapshotEnrolment{
			enrolled(chen, "algebra", roster.Teacher), enrolled(okafor, "art", roster.Teacher),
			enrolled(leo, "algebra", roster.Student), enrolled(eva, "algebra", roster.Student),
			enrolled(eva, "art", roster.Student), enrolled(max_, "algebra", roster.Student),
		},
		Guardianships: []roster.SnapshotGuardianship{
			parent(ana, leo), parent(ana, eva), parent(luis, leo), parent(okafor, max_),
		},
		Whole: roster.Whole{
			roster.KindOrg: true, roster.KindTerm: true, roster.KindSection: true, roster.KindPerson: true,
			roster.KindRole: true, roster.KindEnrolment: true, roster.KindGuardianship: true,
		},
	}
}
