// Package api is the JSON API of docs/protocol.md: the operations of the socket
// over HTTP, with the same names and errors, as RFC 9457 problem details.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/route"
)

// Prefix is where the API is.
const Prefix = "/api/v1"

// patience is for what one request asks of the store.
const patience = 10 * time.Second

// Authenticator knows whose token it is. identity.Service is one.
type Authenticator interface {
	Authenticate(ctx context.Context, token string) (identity.Session, error)
}

// Options of the API.
type Options struct {
	// PublicURL is Homeline's own origin, as https://homeline.example; may be
	// empty on loopback.
	PublicURL string
	// Cookie names the cookie that holds the token of a browser.
	Cookie func(*http.Request) string
	Log    *slog.Logger // default: slog.Default()
}

type api struct {
	operations *operation.Operations
	auth       Authenticator
	options    Options
	limits     *limits
	foreign    *http.CrossOriginProtection
	log        *slog.Logger
}

// New is a handler for everything below [Prefix].
func New(operations *operation.Operations, auth Authenticator, o Options) (http.Handler, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	a := &api{
		operations: operations, auth: auth, options: o, limits: newLimits(), log: o.Log,
		foreign: http.NewCrossOriginProtection(),
	}
	if o.PublicURL != "" {
		if err := a.foreign.AddTrustedOrigin(o.PublicURL); err != nil {
			return nil, err
		}
	}
	return a.routes(), nil
}

func (a *api) routes() http.Handler {
	const conversation = Prefix + "/conversations/{id}"
	r := mux.NewRouter()
	r.Use(route.Note)
	r.NotFoundHandler = http.HandlerFunc(a.noSuchPath)
	get := func(path string, h http.Handler) { r.Handle(path, h).Methods(http.MethodGet, http.MethodHead) }
	get(Prefix+"/unread", a.get(a.unread))
	get(Prefix+"/inbox", a.get(a.inbox))
	get(Prefix+"/contacts", a.get(a.contacts))
	r.Handle(Prefix+"/conversations", a.post(a.start)).Methods(http.MethodPost)
	get(conversation, a.get(a.conversation))
	get(conversation+"/messages", a.get(a.messages))
	r.Handle(conversation+"/messages", a.post(a.send)).Methods(http.MethodPost)
	r.Handle(conversation+"/read", a.post(a.read)).Methods(http.MethodPost)
	r.Handle(conversation+"/seal", a.post(a.seal)).Methods(http.MethodPost)
	r.MethodNotAllowedHandler = route.NotAllowed(r, a.noSuchMethod)
	return r
}

// answer is what a request is answered with, where it is not refused.
type answer struct {
	status int
	body   any
}

func ok(body any) answer { return answer{http.StatusOK, body} }

// stored is 201 for what is new and 200 for what was there.
func stored(body any, repeated bool) answer {
	if repeated {
		return answer{http.StatusOK, body}
	}
	return answer{http.StatusCreated, body}
}

// get and post make a handler of what is done for an actor.
func (a *api) get(do func(*http.Request, hub.Actor) (answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		// Who hangs up does not undo what has begun to be stored.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
		defer cancel()
		r = r.WithContext(ctx)
		actor, err := a.admit(r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		if !a.limits.enter(actor) {
			a.refuse(w, r, &hub.Error{Code: hub.CodeRateLimited})
			return
		}
		defer a.limits.leave(actor) // once the answer is gone: until then it takes room
		result, err := do(r, actor)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		a.write(w, r, result.status, "application/json", result.body)
	})
}

func (a *api) post(do func(*http.Request, hub.Actor) (answer, error)) http.Handler {
	handler := a.get(do)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, operation.MaxRequest)
		handler.ServeHTTP(w, r)
	})
}

func actorOf(s identity.Session) hub.Actor { return hub.Actor{District: s.District, Person: s.Person} }

func chosen(s identity.Session) bool { return s.Person != uuid.Nil }
