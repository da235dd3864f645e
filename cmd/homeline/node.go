package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/clock"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/transport/accesslog"
	"github.com/homeline/homeline/transport/api"
	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/metrics"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/reserve"
	"github.com/homeline/homeline/transport/route"
	"github.com/homeline/homeline/transport/socket"
	"github.com/homeline/homeline/transport/web"
)

// nodeSettings are what a node is made with.
type nodeSettings struct {
	installation
	mailSettings
	sabotage
	origin  *url.URL // where links begin
	named   bool     // the operator said that origin; else one browses by whatever address reaches us
	proxies []netip.Prefix
	demo    func(context.Context, store) (*web.Demo, error) // nil outside the demo
	log     *slog.Logger
}

// node is one process that serves a data folder.
type node struct {
	store    store
	broker   closingBroker
	live     *live.Node
	clock    *clock.Clock // nil: this machine's is the one clock
	mailroom *mailroom
	identity *identity.Service
	socket   *socket.Server
	school   control.School
	health   *health
	metrics  *metrics.Metrics
	http     *http.Server
	measured *http.Server // of metrics; nil where nobody may ask
	scrapes  net.Listener // of measured
	log      *slog.Logger
}

// newNode opens the store and puts the parts together. It starts nothing.
func newNode(ctx context.Context, o nodeSettings) (*node, error) {
	s, err := o.openStore(ctx, o.log)
	if err != nil {
		return nil, err
	}
	n, err := assemble(ctx, s, o)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return n, nil
}

func assemble(ctx context.Context, s store, o nodeSettings) (_ *node, err error) {
	n := &node{store: s, health: &health{store: s, log: o.log}, log: o.log}
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	now, err := n.follow(ctx, o)
	if err != nil {
		return nil, err
	}
	if n.mailroom, err = newMailroom(ctx, s, o, catalogue, now); err != nil {
		return nil, err
	}
	b, err := o.openBroker(ctx, s, o.log)
	if err != nil {
		return nil, err
	}
	n.broker = b
	defer func() {
		if err != nil {
			n.broker.Close()
		}
	}()
	kept, b := o.wrap(s, b)
	n.metrics = metrics.New()
	n.live = live.New(n.metrics.Broker(b), kept, identity.SignIns{Store: s, Now: time.Now}, live.Options{Log: o.log, Directory: o.directory(s)})
	n.health.stats = n.live.Stats
	n.identity = identity.New(s, s, n.mailroom.signIn, n.live, identity.Options{PublicURL: o.origin, Log: o.log})
	n.metrics.Node(n.live.Stats)
	n.metrics.Mail(n.mailroom.worker.Stats, s.Status, now)
	h := hub.New(n.metrics.Store(kept), s, n.mailroom.poked(n.live), now)
	n.school = control.Local{Hub: h, Store: s, Service: n.identity, Notices: s, Now: now}
	if err := n.mailroom.takeReplies(s, h, o, catalogue, now); err != nil {
		return nil, err
	}
	if n.mailroom.replies != nil {
		n.metrics.Replies(n.mailroom.replies.Count)
	}

	site, err := newSite(ctx, n, h, o)
	if err != nil {
		return nil, err
	}
	origin := ""
	if o.named {
		origin = o.origin.String()
	}
	operations := operation.New(h, operation.PartWords(catalogue, s, s))
	n.socket = socket.New(n.live, operations, n.identity, s, socket.Options{
		PublicURL: origin, Cookie: site.SessionCookie, ClientIP: clientIP(o.proxies), Log: o.log,
	})
	programs, err := api.New(operations, n.identity, api.Options{PublicURL: origin, Cookie: site.SessionCookie, Log: o.log})
	if err != nil {
		return nil, err
	}
	all := reserve.Only(n.health.asked, n.routes(site, programs))
	n.http = newHTTPServer(accesslog.Handler(n.metrics.HTTP(all), o.log), o.log)
	return n, nil
}

// follow is the clock that all nodes go by: that of the database they share.
func (n *node) follow(ctx context.Context, o nodeSettings) (now func() time.Time, err error) {
	shared, ok := n.store.(*postgres.Store)
	if !ok || o.followsNobody() {
		return o.machine, nil
	}
	if n.clock, err = clock.Follow(ctx, shared.Now, o.machine, n.log); err != nil {
		return nil, err
	}
	return n.clock.Now, nil
}

func newSite(ctx context.Context, n *node, h *hub.Hub, o nodeSettings) (*web.Site, error) {
	options := web.Options{
		Hub: h, Roster: n.store, Identity: n.identity, Drafts: n.store,
		Epoch: n.live.Epoch, Mailboxes: n.store, LinkSecret: n.mailroom.secret, Replies: n.mailroom.replies,
		ClientIP: clientIP(o.proxies), Log: o.log,
	}
	if o.named {
		options.PublicURL = o.origin
	}
	if o.demo != nil {
		var err error
		if options.Demo, err = o.demo(ctx, n.store); err != nil {
			return nil, err
		}
	}
	return web.New(options)
}

func (n *node) routes(site *web.Site, programs http.Handler) http.Handler {
	mux := http.NewServeMux()
	route.Only(mux, http.MethodGet, "/healthz", http.HandlerFunc(n.health.alive))
	route.Only(mux, http.MethodGet, "/readyz", http.HandlerFunc(n.health.ready))
	mux.Handle("/socket", n.socket)
	mux.Handle(api.Prefix, programs)
	mux.Handle(api.Prefix+"/", programs)
	n.mailroom.routes(mux)
	mux.Handle("/", site)
	return mux
}

// newHTTPServer bounds what a slow client can hold. The socket takes its
// connections away from these limits and has its own.
func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ConnContext:       reserve.ConnContext,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
