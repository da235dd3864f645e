package socket

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/batch"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/operation"
)

// Subprotocol is what a client has to offer.
const Subprotocol = "homeline.v1"

const (
	helloPatience   = 10 * time.Second // for the first frame of who has no cookie
	requestPatience = 10 * time.Second // for the store, for each request
)

// Authenticator knows whose token it is. identity.Service is one.
type Authenticator interface {
	// Authenticate returns the session that a token opens; identity.ErrExpired or
	// another identity.ErrNoSession if it opens none.
	Authenticate(ctx context.Context, token string) (identity.Session, error)
	// Lookup returns a session by its id, without extending it, with the same errors.
	Lookup(ctx context.Context, id string) (identity.Session, error)
}

// People knows what people are called. roster.Store is one.
type People interface {
	People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) ([]roster.Person, error)
}

// Options of a server.
type Options struct {
	// PublicURL is Homeline's own origin, as https://homeline.example. Where it
	// is empty, a page is ours whose host is the one it was asked at, if that is
	// loopback or an address without a name.
	PublicURL string
	// Cookie names the cookie that holds the token of a browser.
	Cookie func(*http.Request) string
	// ClientIP tells the address of a client (default: the peer's), to bound
	// how many of its connections have not said yet who they are.
	ClientIP func(*http.Request) string
	Log      *slog.Logger // default: slog.Default()
}

// Server lets connections in. It is an http.Handler for GET /socket.
type Server struct {
	node       *live.Node
	operations *operation.Operations
	auth       Authenticator
	people     *batch.Reader[uuid.UUID, uuid.UUID, person] // by district and person
	options    Options
	log        *slog.Logger

	ctx    context.Context // of what connections ask for; ends with Close
	cancel context.CancelFunc
	work   sync.WaitGroup
	turns  turns
	// letters is how many one person may send, over however many connections: no
	// letter can be taken back.
	letters *identity.Limits

	mu        sync.Mutex
	closed    bool
	strangers strangers

	districts districts
}

// person is what a welcome says of somebody.
type person struct {
	name      string
	messaging bool // in their district
}

// New is a server of a node's sessions.
func New(node *live.Node, operations *operation.Operations, auth Authenticator, people People, o Options) *Server {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.ClientIP == nil {
		o.ClientIP = peerIP
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		node: node, operations: operations, auth: auth, people: newPeople(people, operations), options: o, log: o.Log,
		letters: identity.NewLimits(identity.Limit{Every: time.Second / frameRate, Burst: frameBurst}, time.Now),
		ctx:     ctx, cancel: cancel, strangers: strangers{of: map[string][]*connection{}},
	}
	s.districts = districts{told: map[*connection]struct{}{}, look: s.lookAtDistricts}
	return s
}

// newPeople asks once for all who are welcomed at the same time.
func newPeople(people People, operations *operation.Operations) *batch.Reader[uuid.UUID, uuid.UUID, person] {
	return batch.NewReader(requestPatience, func(ctx context.Context, district uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]person, error) {
		found, err := people.People(ctx, district, ids)
		if err != nil {
			return nil, err
		}
		on, err := operations.Messaging(ctx, district)
		all := make(map[uuid.UUID]person, len(found))
		for _, p := range found {
			all[p.ID] = person{p.Name(), on}
		}
		return all, err
	})
}

// ServeHTTP upgrades and returns: the connection lives on in a goroutine with
// less to carry than that of a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	case !s.ourOrigin(r):
		http.Error(w, "the socket is for pages of our own origin", http.StatusForbidden)
		return
	case s.node.Stopping():
		w.Header().Set("Retry-After", "1")
		http.Error(w, "the server is stopping", http.StatusServiceUnavailable)
		return
	case offers(r, ProbeSubprotocol):
		s.probe(w, r)
		return
	case !offers(r, Subprotocol):
		http.Error(w, "the subprotocol is "+Subprotocol, http.StatusBadRequest)
		return
	}
	token, browser := s.cookie(r)
	var who identity.Session
	var failed error
	if browser {
		who, failed = s.authenticate(r.Context(), token)
		if failed != nil && !errors.Is(failed, identity.ErrNoSession) {
			s.log.ErrorContext(r.Context(), "a sign-in could not be checked", "error", failed)
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
	}
	c, err := s.accept(w, r, Subprotocol)
	if err != nil {
		return // it has been answered
	}
	c.start(func() {
		switch {
		case !browser:
			c.greet()
		case errors.Is(failed, identity.ErrExpired):
			c.refuse(live.CloseExpired)
		case failed != nil:
			c.refuse(live.CloseSignedOut)
		default:
			c.welcome(who, header{})
		}
	})
}

func (s *Server) accept(w http.ResponseWriter, r *http.Request, subprotocol string) (*connection, error) {
	thin := &thinWriter{ResponseWriter: w}
	ws, err := websocket.Accept(thin, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: true, // ourOrigin has judged
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived: func(_ context.Context, payload []byte) bool {
			thin.line.pong(payload)
			return false // it is answered
		},
	})
	if err != nil {
		return nil, err
	}
	thin.ResponseWriter = nil // whoever answers pings holds thin, and that would hold a request
	ws.SetReadLimit(-1)       // read has its own
	c := newConnection(s, ws, thin.line)
	c.client = s.client(r)
	return c, nil
}

// cookie is the token of a browser's page. Cookies count only from our own
// origin, and such a page has nothing else to show: it is signed in or it is not.
func (s *Server) cookie(r *http.Request) (token string, browser bool) {
	if r.Header.Get("Origin") == "" {
		return "", false
	}
	if c, err := r.Cookie(s.options.Cookie(r)); err == nil {
		return c.Value, true
	}
	return "", true
}

// authenticate is the session of somebody who has chosen who they are (R28).
func (s *Server) authenticate(ctx context.Context, token string) (identity.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, requestPatience)
	defer cancel()
	if token == "" {
		return identity.Session{}, identity.ErrNoSession
	}
	who, err := s.auth.Authenticate(ctx, token)
	if err == nil && who.Person == uuid.Nil {
		return identity.Session{}, identity.ErrNoSession
	}
	return who, err
}

// Close ends what has not said who it is and waits for every connection's
// goroutines. The node ends the sessions: it goes first.
func (s *Server) Close() {
	s.mu.Lock()
	left := s.strangers.of
	s.strangers.of = nil
	s.mu.Unlock()
	for _, of := range left {
		for _, c := range of {
			c.Close(live.CloseStopping)
		}
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.work.Wait()
	s.cancel()
}

// goes runs f in a goroutine that Close waits for, and says false after Close.
func (s *Server) goes(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.work.Go(f)
	return true
}

// stranger keeps a connection that has not said yet who it is, and says false
// after Close. What has to go for it is cut without a word: whoever opens
// connections on end would be waited for at each.
func (s *Server) stranger(c *connection) bool {
	s.mu.Lock()
	if s.strangers.of == nil {
		s.mu.Unlock()
		return false
	}
	out := s.strangers.add(c)
	s.mu.Unlock()
	if out != nil {
		out.Close(live.CloseGone)
	}
	return true
}

func (s *Server) known(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strangers.remove(c)
}
