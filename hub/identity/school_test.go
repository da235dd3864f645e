package identity_test

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/sqlite/sqlitetest"
)

var ctx = context.Background()

// school is a service over a real store, with a clock that the test sets and
// mails that it reads.
type school struct {
	*identity.Service
	t        *testing.T
	path     string
	store    *sqlite.Store
	district roster.District

	mu     sync.Mutex
	now    time.Time
	mails  []identity.Mail
	moves  []identity.AddressMail
	refuse error // what the mailer answers
	events []hub.Event
}

func newSchool(t *testing.T) *school {
	t.Helper()
	s := &school{t: t, path: filepath.Join(t.TempDir(), "school.db"), now: time.Date(2026, 10, 14, 15, 20, 0, 0, time.UTC)}
	s.store = sqlitetest.Open(t, s.path, sqlite.Open)
	s.district = s.addDistrict("lincoln", "Lincoln Unified")
	s.Service = s.serve(identity.Options{})
	return s
}

func (s *school) serve(o identity.Options) *identity.Service {
	o.PublicURL = &url.URL{Scheme: "https", Host: "school.example"}
	o.Now = s.clock
	return identity.New(s.store, s.store, s, s, o)
}

func (s *school) addDistrict(slug, name string) roster.District {
	s.t.Helper()
	d := roster.District{ID: uuid.New(), Slug: slug, Name: name, Enabled: true, Settings: roster.DefaultSettings()}
	if err := s.store.CreateDistrict(ctx, d); err != nil {
		s.t.Fatal(err)
	}
	return d
}

// put adds or changes people of a district: their sourcedId is their given name.
func (s *school) put(d roster.District, people ...roster.SnapshotPerson) {
	s.t.Helper()
	s.apply(d, roster.Changes{PutPeople: people})
}

func (s *school) apply(d roster.District, c roster.Changes) {
	s.t.Helper()
	state, err := s.store.State(ctx, d.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	c.Base = state.Version
	if len(state.Orgs) == 0 {
		c.PutOrgs = []roster.SnapshotOrg{{SourcedID: "org", Name: "Lincoln School", Type: "school"}}
	}
	if _, err := s.store.Apply(ctx, d.ID, c, s.clock()); err != nil {
		s.t.Fatal(err)
	}
}

func person(name, email string, roles ...roster.Role) roster.SnapshotPerson {
	p := roster.SnapshotPerson{SourcedID: name, Given: name, Family: "Ruiz", Email: email}
	for _, r := range roles {
		p.Roles = append(p.Roles, roster.SnapshotRole{Org: "org", Role: r})
	}
	return p
}

func (s *school) id(d roster.District, name string) uuid.UUID {
	s.t.Helper()
	p, err := s.store.PersonBySourcedID(ctx, d.ID, name)
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return p.ID
}

func (s *school) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *school) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *school) MailSignIn(_ context.Context, m identity.Mail) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return s.refuse
	}
	s.mails = append(s.mails, m)
	return nil
}

func (s *school) MailAddress(_ context.Context, m identity.AddressMail) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moves = append(s.moves, m)
	return s.refuse
}

func (s *school) Publish(_ context.Context, e hub.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
}

// outs are what open pages were told about ended sessions.
func (s *school) outs() []hub.Out {
	s.mu.Lock()
	defer s.mu.Unlock()
	var outs []hub.Out
	for _, e := range s.events {
		outs = append(outs, *e.Out)
	}
	return outs
}

func (s *school) request(address string) {
	s.t.Helper()
	if err := s.RequestLink(ctx, address, "/inbox", "192.0.2.1"); err != nil {
		s.t.Fatalf("asking for a link: %v", err)
	}
}

// deliver lets the service send what was asked for until it is done: Run with
// a context that has ended sends what was accepted and returns.
func (s *school) deliver() []identity.Mail {
	s.t.Helper()
	stopped, stop := context.WithCancel(ctx)
	stop()
	s.Run(stopped)
	s.mu.Lock()
	defer s.mu.Unlock()
	mails := s.mails
	s.mails = nil
	return mails
}

// secret is what follows the address of the sign-in page in a mailed link.
func (s *school) secret(m identity.Mail) string {
	s.t.Helper()
	secret, ok := strings.CutPrefix(m.Link, "https://school.example"+identity.LinkPath)
	if !ok || secret == "" {
		s.t.Fatalf("the link is %q", m.Link)
	}
	return secret
}

// signIn goes the whole way: a request, its mail, its link.
func (s *school) signIn(address string) (token string, session identity.Session) {
	s.t.Helper()
	s.request(address)
	mails := s.deliver()
	if len(mails) != 1 {
		s.t.Fatalf("%d mails to %s", len(mails), address)
	}
	token, session, err := s.UseLink(ctx, s.secret(mails[0]))
	if err != nil {
		s.t.Fatalf("using the link: %v", err)
	}
	return token, session
}

type mailerFunc func(identity.Mail)

func (f mailerFunc) MailSignIn(_ context.Context, m identity.Mail) error { f(m); return nil }

func (f mailerFunc) MailAddress(context.Context, identity.AddressMail) error { return nil }

func mustURL(t *testing.T) *url.URL {
	t.Helper()
	u, err := url.Parse("https://school.example/")
	if err != nil {
		t.Fatal(err)
	}
	return u
}
