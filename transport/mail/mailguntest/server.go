// Package mailguntest is a Mailgun of our own, for tests and benches: an HTTP
// server that answers as the API does, and fails as it does when told to.
//
// It takes messages, keeps them by Message-ID, shows events late and in pages,
// and signs webhooks. It knows nothing of the code that calls it.
package mailguntest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/gorilla/mux"
)

// Options say how the server behaves.
type Options struct {
	Domain string // empty: mg.school.example
	APIKey string // empty: key-test
	// SendingKey may send and nothing else; empty: there is none.
	SendingKey string
	SigningKey string // of webhooks; empty: signing-test
	// State of the domain: empty: active.
	State string
	// Now is the server's clock; nil: time.Now.
	Now func() time.Time
	// Lag is how long after it happened an event is shown; nil: none. Lags that
	// differ show events out of order.
	Lag func(event string) time.Duration
	// Kept is how long events are shown; zero: for ever.
	Kept time.Duration
	// PageSize bounds a page of events; zero: 300.
	PageSize int
	// Fault is asked what to do to each attempt to send, by many at once. nil:
	// nothing.
	Fault func(Attempt) Fault
}

// Attempt is one request to send.
type Attempt struct {
	MessageID string // without angle brackets
	To        string
	Number    int // of the attempts with this Message-ID, from 1
	// Caller is whose base URL it came by; empty: the one of all.
	Caller string
}

// Fault is what goes wrong with an attempt. The zero Fault is nothing.
type Fault struct {
	// Taken has the server take the message before all else goes wrong.
	Taken bool
	// Status is answered; 0: as it is taken.
	Status     int
	Message    string // of the answer; empty: the status' own
	RetryAfter string
	// Cut ends the connection instead of an answer, Half in the middle of one,
	// Hang answers nothing until the client goes away.
	Cut, Half, Hang bool
	// Then is called once the message is taken, if it is, and before the answer;
	// with Half, in the middle of it.
	Then func()
	// Slow is waited before the answer.
	Slow time.Duration
}

// Server is a Mailgun.
type Server struct {
	opts    Options
	http    *httptest.Server
	closing chan struct{}
	once    sync.Once

	mu       sync.Mutex
	mails    []Mail
	attempts map[string]int
	events   []event
}

// New starts a server on the loopback interface.
func New(o Options) *Server {
	for _, d := range []struct {
		value    *string
		fallback string
	}{{&o.Domain, "mg.school.example"}, {&o.APIKey, "key-test"}, {&o.SigningKey, "signing-test"}, {&o.State, "active"}} {
		if *d.value == "" {
			*d.value = d.fallback
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Lag == nil {
		o.Lag = func(string) time.Duration { return 0 }
	}
	if o.Fault == nil {
		o.Fault = func(Attempt) Fault { return Fault{} }
	}
	if o.PageSize == 0 {
		o.PageSize = maxPage
	}
	s := &Server{opts: o, closing: make(chan struct{}), attempts: make(map[string]int)}
	router := mux.NewRouter()
	for _, base := range []string{"/v3", "/{caller}/v3"} {
		router.HandleFunc(base+"/domains/{domain}", s.allow(s.domain)).Methods(http.MethodGet)
		router.HandleFunc(base+"/{domain}/messages", s.allow(s.send)).Methods(http.MethodPost)
		router.HandleFunc(base+"/{domain}/events", s.allow(s.listEvents)).Methods(http.MethodGet)
		router.HandleFunc(base+"/{domain}/events/{page}", s.allow(s.listEvents)).Methods(http.MethodGet)
	}
	s.http = httptest.NewUnstartedServer(router)
	s.http.Start() // what it calls knows it
	return s
}

// BaseURL is what mail.MailgunOptions.BaseURL is to be.
func (s *Server) BaseURL() string { return s.http.URL + "/v3" }

// BaseURLFor is one by which attempts are known to be a caller's.
func (s *Server) BaseURLFor(caller string) string { return s.http.URL + "/" + caller + "/v3" }

// Domain, APIKey and SigningKey are those of the account.
func (s *Server) Domain() string     { return s.opts.Domain }
func (s *Server) APIKey() string     { return s.opts.APIKey }
func (s *Server) SigningKey() string { return s.opts.SigningKey }

// Close ends all connections, also those that hang.
func (s *Server) Close() {
	s.once.Do(func() { close(s.closing) })
	s.http.Close()
}

// allow lets through who has a key that may do this, to the domain there is.
func (s *Server) allow(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, key, _ := r.BasicAuth()
		sending := key != "" && key == s.opts.SendingKey
		switch {
		case user != "api" || key != s.opts.APIKey && !sending, sending && r.Method != http.MethodPost:
			http.Error(w, "Forbidden", http.StatusUnauthorized) // the API's own words
		case mux.Vars(r)["domain"] != s.opts.Domain:
			answer(w, http.StatusNotFound, "Domain not found: "+mux.Vars(r)["domain"])
		default:
			next(w, r)
		}
	}
}

func (s *Server) domain(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"domain": map[string]string{
			"name": s.opts.Domain, "state": s.opts.State, "created_at": "Wed, 14 Oct 2026 15:20:00 GMT",
		},
	})
}

func answer(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, map[string]string{"message": message})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("mailguntest: %v", err)) // only of values made here
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}
