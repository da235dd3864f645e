package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/route"
)

// Options are the neighbours and settings of a [Site].
type Options struct {
	Hub      *hub.Hub
	Roster   roster.Store
	Identity *identity.Service
	Drafts   Drafts
	// Mailboxes says whose address takes no mail.
	Mailboxes Mailboxes
	// Epoch says which epoch pages are of, at least; default what the hub's store
	// says each time.
	Epoch func(ctx context.Context) (uuid.UUID, error)
	// LinkSecret signed the links that end somebody's mails.
	LinkSecret []byte
	// Replies takes replies by e-mail; nil where none are.
	Replies *replymail.Service
	// PublicURL is the origin that people type. With https, cookies are Secure
	// and carry the __Host- prefix.
	PublicURL *url.URL
	// ClientIP is the address of a client for the limits on sign-in; default
	// the other end of the connection. Behind a proxy it is for the caller to
	// say which header may be trusted.
	ClientIP func(*http.Request) string
	Demo     *Demo // nil outside the demo
	Now      func() time.Time
	Log      *slog.Logger
}

// Drafts keeps what people are writing; hub.Store says what each method does.
type Drafts interface {
	Drafts(ctx context.Context, district, person uuid.UUID, content bool) ([]hub.Draft, error)
	Draft(ctx context.Context, district, person uuid.UUID, slot string) ([]byte, error)
	SaveDraft(ctx context.Context, district, person uuid.UUID, slot string, content []byte, now time.Time) error
	DropDraft(ctx context.Context, district, person uuid.UUID, slot string) error
}

// Site serves the pages.
type Site struct {
	opts    Options
	look    *look
	assets  *assets
	cookies cookies
	kept    *keptForms
	pace    *identity.Limits // of each person, whatever they ask for
	works   *identity.Limits // of each person who says that their address works
	handler http.Handler
}

// pace is what one person may ask of the pages: a hundred at once, then twenty
// a second. A page live in many tabs stays far below.
var pace = identity.Limit{Burst: 100, Every: 50 * time.Millisecond}

// works is how often one may say that one's address takes mail again.
var works = identity.Limit{Burst: 3, Every: 8 * time.Hour}

// New is a site ready to serve. Paths that it does not know (/socket, /api) are
// for the caller to route elsewhere.
func New(o Options) (*Site, error) {
	o = o.withDefaults()
	files, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	l, err := loadLook(files)
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	s := &Site{opts: o, look: l, assets: files, kept: newKeptForms(o.Now)}
	s.pace, s.works = identity.NewLimits(pace, time.Now), identity.NewLimits(works, o.Now)
	s.cookies.secure = o.PublicURL.Scheme == "https"
	protection, err := s.crossOrigin()
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	s.handler = s.headers(s.ownHost(protection.Handler(limitBodies(s.legible(s.routes())))))
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Epoch == nil {
		o.Epoch = o.Hub.Epoch
	}
	if o.PublicURL == nil {
		o.PublicURL = &url.URL{Scheme: "http"}
	}
	if o.ClientIP == nil {
		o.ClientIP = func(r *http.Request) string {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err != nil {
				return r.RemoteAddr
			}
			return host
		}
	}
	return o
}

// ServeHTTP serves one request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

const uuidPattern = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

func (s *Site) routes() http.Handler {
	r := mux.NewRouter()
	r.Use(route.Note)
	r.NotFoundHandler = http.HandlerFunc(s.notFound)
	r.MethodNotAllowedHandler = route.NotAllowed(r, s.methodNotAllowed)
	get := func(path string, h http.HandlerFunc) { r.HandleFunc(path, h).Methods(http.MethodGet, http.MethodHead) }
	post := func(path string, h http.HandlerFunc) { r.HandleFunc(path, h).Methods(http.MethodPost) }

	r.PathPrefix(assetsPath).Handler(s.assets).Methods(http.MethodGet, http.MethodHead)
	get("/favicon.ico", s.assets.icon)
	get("/", s.open(s.front))
	s.signInRoutes(get, post)

	get("/dashboard", s.signedIn(s.dashboard))
	get("/students", s.signedIn(s.students))
	get("/preferences", s.signedIn(s.preferences))
	post("/preferences", s.signedIn(s.savePreferences))
	s.addressRoutes(get, post)
	get(unsubscribePath+"{token}", s.open(s.unsubscribeForm))
	post(unsubscribePath+"{token}", s.open(s.unsubscribe))

	s.heldReplyRoutes(get, post)

	get("/inbox", s.signedIn(s.inbox))
	post("/inbox/read", s.signedIn(s.markAll))
	post("/conversations/{id:"+uuidPattern+"}/read", s.signedIn(s.markConversation))
	get("/conversations/{id:"+uuidPattern+"}", s.signedIn(s.conversation))
	get("/conversations/{id:"+uuidPattern+"}/footer", s.signedIn(s.conversationFooter))
	post("/conversations/{id:"+uuidPattern+"}/reply", s.signedIn(s.reply))
	get("/conversations/{id:"+uuidPattern+"}/reply", s.signedIn(s.backToConversation))
	get("/conversations/{id:"+uuidPattern+"}/seal", s.signedIn(s.sealForm))
	post("/conversations/{id:"+uuidPattern+"}/seal", s.signedIn(s.seal))
	get("/seal", s.signedIn(s.sealByNumberForm))
	post("/seal", s.signedIn(s.sealByNumber))

	get("/compose", s.signedIn(s.compose))
	post("/compose", s.signedIn(s.composePosted))
	get("/drafts", s.signedIn(s.drafts))
	post("/drafts/{slot}/discard", s.signedIn(s.discardDraft))
	r.HandleFunc("/drafts/{slot}", s.signedIn(s.putDraft)).Methods(http.MethodPut)
	r.HandleFunc("/drafts/{slot}", s.signedIn(s.dropDraft)).Methods(http.MethodDelete)
	if s.opts.Demo != nil {
		s.demoRoutes(get, post)
	}
	return r
}
