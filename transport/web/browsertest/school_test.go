package browsertest

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/store/sqlite/sqlitetest"
	"github.com/homeline/homeline/transport/api"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/oneroster"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/socket"
	"github.com/homeline/homeline/transport/web"
)

// school is a whole Homeline with the people of testdata/roster, on a port of
// its own.
type school struct {
	t        *testing.T
	address  string // host and port, the same after a restart
	path     string // of the database
	store    *sqlite.Store
	outbox   *mail.Outbox
	district roster.District

	hub      *hub.Hub
	identity *identity.Service
	node     *live.Node
	stop     func()

	// fault, where set, is asked about every request: what it says true of, it
	// has dealt with.
	fault atomic.Pointer[fault]
}

// linkSecret signs what ends mails.
var linkSecret = []byte("a secret of this test, and no other")

type fault func(site http.Handler, w http.ResponseWriter, r *http.Request) bool

// open is a school that is switched on and serves.
func open(t *testing.T) *school {
	t.Helper()
	s := &school{t: t, address: "127.0.0.1:0"}
	dir := t.TempDir()
	s.path = filepath.Join(dir, "homeline.db")
	s.store = sqlitetest.Open(t, s.path, sqlite.Open)
	var err error
	if s.outbox, err = mail.OpenOutbox(filepath.Join(dir, "outbox")); err != nil {
		t.Fatal(err)
	}
	s.found()
	s.start()
	t.Cleanup(func() { s.stop() })
	s.importRoster()
	return s
}

// found makes the district.
func (s *school) found() {
	s.t.Helper()
	s.district = roster.District{
		ID: uuid.Must(uuid.NewV7()), Slug: "lakeside", Name: "Lakeside School District", Enabled: true,
		Settings: roster.DefaultSettings(),
	}
	if err := s.store.CreateDistrict(s.t.Context(), s.district); err != nil {
		s.t.Fatal(err)
	}
}

func (s *school) importRoster() {
	s.t.Helper()
	ctx := s.t.Context()
	source, err := oneroster.Open(filepath.Join("testdata", "roster"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer source.Close()
	snapshot, report, err := oneroster.Read(ctx, source, oneroster.Options{Today: s.district.Today(time.Now())})
	if err != nil || report.Refused() > 0 {
		s.t.Fatalf("%v, %v", err, report.Findings)
	}
	state, err := s.store.State(ctx, s.district.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.hub.ApplyRoster(ctx, s.district.ID, roster.Compare(state, snapshot)); err != nil {
		s.t.Fatal(err)
	}
}

// start wires what runs, and serves.
func (s *school) start() {
	s.t.Helper()
	log := slog.New(slog.NewTextHandler(testLog{s.t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = listener.Addr().String()
	public := &url.URL{Scheme: "http", Host: s.address}

	catalogue, err := words.Load()
	if err != nil {
		s.t.Fatal(err)
	}
	mailer, err := mail.NewSignIn(s.outbox, "Homeline <homeline@school.example>", catalogue)
	if err != nil {
		s.t.Fatal(err)
	}
	signIns := identity.SignIns{Store: s.store, Now: time.Now}
	s.node = live.New(broker.NewInProcess(), s.store, signIns, live.Options{Log: log})
	s.hub = hub.New(s.store, s.store, s.node, time.Now)
	s.identity = identity.New(s.store, s.store, mailer, s.node, identity.Options{PublicURL: public, Log: log})
	site, err := web.New(web.Options{
		Hub: s.hub, Roster: s.store, Identity: s.identity, Drafts: s.store, Epoch: s.node.Epoch, Mailboxes: s.store, LinkSecret: linkSecret,
		PublicURL: public, Log: log,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	operations := operation.New(s.hub, nil)
	sockets := socket.New(s.node, operations, s.identity, s.store, socket.Options{
		PublicURL: public.String(), Cookie: site.SessionCookie, Log: log,
	})
	programs, err := api.New(operations, s.identity, api.Options{
		PublicURL: public.String(), Cookie: site.SessionCookie, Log: log,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", programs)
	mux.Handle("/socket", sockets)
	mux.Handle("/", site)
	s.serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := s.fault.Load(); f == nil || !(*f)(mux, w, r) {
			mux.ServeHTTP(w, r)
		}
	}), sockets)
}

// serve runs everything until stop, which returns when all of it has ended.
func (s *school) serve(listener net.Listener, handler http.Handler, sockets *socket.Server) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.node.Run(ctx) })
	running.Go(func() { s.identity.Run(ctx) })
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	running.Go(func() { _ = server.Serve(listener) }) // it ends with an error, by Close
	s.stop = sync.OnceFunc(func() {
		_ = server.Close() // what is open is cut, as when a machine dies
		cancel()
		sockets.Close()
		running.Wait()
	})
}

// person is somebody of testdata/roster.
func (s *school) person(sourcedID string) roster.Person {
	s.t.Helper()
	p, err := s.store.PersonBySourcedID(s.t.Context(), s.district.ID, sourcedID)
	if err != nil {
		s.t.Fatalf("%s: %v", sourcedID, err)
	}
	return p
}

func (s *school) actor(sourcedID string) hub.Actor {
	s.t.Helper()
	return hub.Actor{District: s.district.ID, Person: s.person(sourcedID).ID}
}

// speaks sets the language of somebody's pages.
func (s *school) speaks(sourcedID, language string) {
	s.t.Helper()
	err := s.store.SavePreferences(s.t.Context(), s.district.ID, s.person(sourcedID).ID, identity.Preferences{Language: language})
	if err != nil {
		s.t.Fatal(err)
	}
}

// testLog writes warnings of the program into the test's log.
type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Log(string(b))
	return len(b), nil
}
