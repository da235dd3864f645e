package socket_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	inmemory "github.com/homeline/homeline/store/memory"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/socket"
)

// pipes is a listener of connections that exist in memory only, on which
// virtual time works.
type pipes struct {
	connections chan net.Conn
	done        chan struct{}
	once        sync.Once
}

func newPipes() *pipes { return &pipes{connections: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.connections <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// anybody is who has the token "rosa"; every sign-in lasts.
type anybody struct{}

var errNobody = identity.ErrNoSession

func (anybody) Authenticate(_ context.Context, token string) (identity.Session, error) {
	if token != "rosa" {
		return identity.Session{}, errNobody
	}
	return identity.Session{ID: token, District: uuid.Max, Person: uuid.Max}, nil
}

func (a anybody) Lookup(ctx context.Context, id string) (identity.Session, error) {
	return a.Authenticate(ctx, id)
}

// anybodysRoster has the one district; of the roster nobody asks more.
type anybodysRoster struct{ roster.Store }

func (anybodysRoster) District(context.Context, uuid.UUID) (roster.District, error) {
	return roster.District{ID: uuid.Max, Enabled: true}, nil
}

func (anybody) People(context.Context, uuid.UUID, []uuid.UUID) ([]roster.Person, error) {
	return []roster.Person{{ID: uuid.Max, Given: "Rosa", Family: "Vega"}}, nil
}

func (anybody) Ended(context.Context, []live.Who) ([]string, error) { return nil, nil }

// dialler connects to a server over a pipe.
type dialler struct {
	t         *testing.T
	transport *http.Transport
	// mute clients answer no ping.
	mute  bool
	token string // of the cookie
}

// browser connects as a page of Rosa's.
func (d dialler) browser() *websocket.Conn {
	return d.dial(http.Header{"Origin": {"https://homeline.example"}, "Cookie": {cookieName + "=" + d.token}})
}

// stranger connects without saying who it is.
func (d dialler) stranger() *websocket.Conn { return d.dial(nil) }

func (d dialler) dial(header http.Header) *websocket.Conn {
	d.t.Helper()
	ws, _, err := websocket.Dial(d.t.Context(), "http://homeline.example/socket", &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: d.transport}, HTTPHeader: header,
		Subprotocols:   []string{socket.Subprotocol},
		OnPingReceived: func(context.Context, []byte) bool { return !d.mute },
	})
	if err != nil {
		d.t.Fatal(err)
	}
	synctest.Wait() // it is let in
	return ws
}

// inVirtualTime runs a server over pipes.
func inVirtualTime(t *testing.T, test func(t *testing.T, node *live.Node, d dialler)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		node := live.New(broker.NewInProcess(), inmemory.New(), anybody{}, live.Options{Log: log})
		ctx, stop := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { node.Run(ctx) })
		s := socket.New(node, operation.New(hub.New(nil, anybodysRoster{}, nil, time.Now), nil), anybody{}, anybody{}, socket.Options{
			PublicURL: "https://homeline.example", Cookie: func(*http.Request) string { return cookieName }, Log: log,
		})
		listener := newPipes()
		web := &http.Server{Handler: s}
		running.Go(func() {
			if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
		transport := &http.Transport{DialContext: listener.DialContext, DisableKeepAlives: true}
		test(t, node, dialler{t: t, transport: transport, token: "rosa"})
		stop()
		_ = web.Close() // the listener is closed with it
		s.Close()
		running.Wait()
	})
}

// listen reads in the background and gives back how the connection ends.
func listen(ws *websocket.Conn) <-chan error {
	ended := make(chan error, 1)
	go func() {
		for {
			if _, _, err := ws.Read(context.Background()); err != nil {
				_ = ws.CloseNow()
				ended <- err
				return
			}
		}
	}()
	return ended
}

func TestWhoNeverSaysHelloIsClosedAfterTenSeconds(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, _ *live.Node, d dialler) {
		ended := listen(d.stranger())
		start := time.Now()
		if err := <-ended; websocket.CloseStatus(err) != 4501 {
			t.Errorf("ended with %v", err)
		}
		if waited := time.Since(start); waited != 10*time.Second {
			t.Errorf("after %v", waited)
		}
	})
}

func TestAPageThatAnswersPingsStaysAndOneThatDoesNotIsCut(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, node *live.Node, d dialler) {
		alive := d.browser()
		ended := listen(alive)
		d.mute = true // its machine sleeps
		asleep := listen(d.browser())
		time.Sleep(49 * time.Second)
		if n := node.Sessions(); n != 2 {
			t.Errorf("%d sessions after 49 s", n)
		}
		time.Sleep(2 * time.Second)
		if n := node.Sessions(); n != 1 {
			t.Errorf("%d sessions after 51 s", n)
		}
		time.Sleep(time.Hour)
		if n := node.Sessions(); n != 1 {
			t.Errorf("%d sessions after an hour", n)
		}
		<-asleep
		_ = alive.CloseNow()
		<-ended
		synctest.Wait()
		if n := node.Sessions(); n != 0 {
			t.Errorf("%d sessions after all have left", n)
		}
	})
}

func TestAConnectionThatTakesNothingIsClosedAndItsGoroutinesEnd(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, node *live.Node, d dialler) {
		stuck := d.browser() // not even the welcome is read
		time.Sleep(100 * time.Second)
		if n := node.Sessions(); n != 0 {
			t.Errorf("%d sessions after 100 s", n)
		}
		_ = stuck.CloseNow()
	})
}

func TestAStoppingServerSendsItsPagesAwayOverTheWindow(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, node *live.Node, d dialler) {
		start := time.Now()
		const pages = 10
		times := make(chan time.Duration, pages)
		for range pages {
			ended := listen(d.browser())
			go func() {
				if err := <-ended; websocket.CloseStatus(err) != 4000 {
					t.Errorf("ended with %v", err)
				}
				times <- time.Since(start)
			}()
		}
		if err := node.Drain(context.Background(), 10*time.Second); err != nil {
			t.Error(err)
		}
		for i := range pages {
			if got := (<-times).Round(time.Second); got != time.Duration(i)*time.Second {
				t.Errorf("page %d was sent away after %v", i, got)
			}
		}
	})
}

func TestStrangersAreSentAwayWhenTheServerStops(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, _ *live.Node, d dialler) {
		ended := listen(d.stranger())
		synctest.Wait()
		go func() {
			if err := <-ended; websocket.CloseStatus(err) != 4000 {
				t.Errorf("ended with %v", err)
			}
		}()
	})
}

func TestAPeerThatIsSilentAtTheCloseDoesNotHoldTheNodeUp(t *testing.T) {
	inVirtualTime(t, func(t *testing.T, node *live.Node, d dialler) {
		silent := d.browser() // nobody reads it: it never answers the close
		start := time.Now()
		if err := node.Drain(context.Background(), 0); err != nil {
			t.Error(err)
		}
		if n := node.Sessions(); n != 0 {
			t.Errorf("%d sessions are left", n)
		}
		if waited := time.Since(start); waited > 100*time.Second { // a piece to write, then the close
			t.Errorf("the node waited %v of virtual time", waited)
		}
		_ = silent.CloseNow()
	})
}
