package simulation_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/socket"
)

const (
	publicURL  = "https://homeline.example"
	cookieName = "homeline"
)

// node is one process of an installation: everything that serve wires, but for
// the pages.
type node struct {
	name     string
	hub      *hub.Hub
	live     *live.Node
	broker   *member
	network  *network
	listener *listener
	web      *http.Server
	sockets  *socket.Server

	dead    atomic.Bool
	stop    context.CancelFunc
	running sync.WaitGroup
}

// run starts a node over what all nodes share.
func (w *world) run(name string) *node {
	log := slog.New(slog.DiscardHandler)
	n := &node{name: name, network: w.network, broker: w.bus.join(), listener: w.network.listen(name)}
	n.live = live.New(n.broker, w.sabotage.reads(w.store), w, live.Options{Log: log})
	n.hub = hub.New(w.sabotage.commits(w), w.people, w.sabotage.events(n.live), time.Now)
	n.sockets = socket.New(n.live, operation.New(n.hub, nil), w, w.store, socket.Options{
		PublicURL: publicURL, Cookie: func(*http.Request) string { return cookieName }, Log: log,
	})
	n.web = &http.Server{Handler: n.sockets, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.running.Go(func() { n.live.Run(ctx) })
	n.running.Go(func() {
		if err := n.web.Serve(n.listener); !errors.Is(err, http.ErrServerClosed) && !n.dead.Load() {
			w.t.Error(err)
		}
	})
	return n
}

// kill ends a node as kill -9 does: at once, and whatever it has committed and
// not published is never published.
func (n *node) kill() {
	n.dead.Store(true)
	n.broker.kill()
	_ = n.listener.Close()
	n.network.cut(n.name)
	n.stop()
	n.cleanUp()
}

// drain ends a node as SIGTERM does.
func (n *node) drain(window time.Duration) {
	n.dead.Store(true) // the load balancer asks for readiness
	_ = n.listener.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*window)
	defer cancel()
	_ = n.live.Drain(ctx, window) // who has not gone by then is closed
	n.stop()
	n.cleanUp()
}

// cleanUp waits for all that runs for the node.
func (n *node) cleanUp() {
	_ = n.web.Close()
	n.sockets.Close()
	n.running.Wait()
}
