package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/transport/broker/redistest"
)

// proxied is a HAProxy with the configuration that is shipped, before two nodes.
type proxied struct {
	shared
	nodes    []*server
	database *postgrestest.Server
	way      *redistest.Proxy // to it
	server                    // what people reach: its url is the proxy's
}

// tunnelTime is that of the configuration: after it a silent socket is closed in
// any case, so that what must happen by itself has to happen before.
const tunnelTime = 65 * time.Second

// foundDead is longer than the proxy needs to find a node dead: three checks of two
// seconds, and what lies between.
const foundDead = 9 * time.Second

func behindProxy(t *testing.T, args ...string) *proxied {
	t.Helper()
	database := postgrestest.Start(t, postgrestest.Options{})
	way := redistest.NewProxy(t, database.Addr())
	all := shared{t, []string{"DATABASE_URL=" + database.Database(t).By(way.Addr()).URL, "REDIS_URL=" + redistest.New(t)}}.withSchool()
	p := &proxied{shared: all, database: database, way: way}
	program := "/usr/sbin/haproxy"
	if found, err := exec.LookPath("haproxy"); err == nil {
		program = found
	}
	at := freeAddress(t)
	c := exec.Command(program, "-db", "-f", "../../docs/deploy/haproxy.cfg")
	c.Env = []string{"HOMELINE_PROXY_LISTEN=" + at}
	for n := range 2 {
		s := startWith(t, folder(t), all.env, append([]string{"serve", "--listen", "127.0.0.1:0", "--public-url", "http://" + at}, args...)...)
		p.nodes = append(p.nodes, s)
		c.Env = append(c.Env, fmt.Sprintf("HOMELINE_NODE%d=%s", n+1, strings.TrimPrefix(s.url, "http://")))
	}
	if err := c.Start(); err != nil {
		t.Fatalf("HAProxy (Debian's package haproxy): %v", err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	p.server = server{t: t, url: "http://" + at, data: p.nodes[0].data}
	return p.reachable()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// reachable waits until the proxy reaches both nodes.
func (p *proxied) reachable() *proxied {
	p.server.t.Helper()
	eventually(p.server.t, "the proxy reaches a node", func() bool {
		r, err := http.Get(p.url + "/healthz")
		if err != nil {
			return false
		}
		defer http.DefaultClient.CloseIdleConnections()
		defer r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
	return p
}

func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never comes that %s", what)
		}
	}
}

// pages opens sockets until each node has some.
func (p *proxied) pages(ctx context.Context) map[*websocket.Conn]bool {
	p.server.t.Helper()
	open := map[*websocket.Conn]bool{}
	for range 6 {
		open[p.dial(ctx, "rosa")] = true
	}
	return open
}

// answers says whether the node behind a socket answers over it before it ends,
// or before the time does.
func answers(ctx context.Context, c *websocket.Conn, within time.Duration) bool {
	ctx, stop := context.WithTimeout(ctx, within)
	defer stop()
	if c.Write(ctx, websocket.MessageText, []byte(`{"id":9,"type":"ping"}`)) != nil {
		return false
	}
	for {
		_, frame, err := c.Read(ctx)
		if err != nil {
			return false
		}
		if strings.Contains(string(frame), `"id":9`) {
			return true
		}
	}
}

func TestThePagesOfANodeThatStandsStillAreAtAnotherNodeAtOnce(t *testing.T) {
	p := behindProxy(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	open := p.pages(ctx)
	if err := p.nodes[1].cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer p.nodes[1].cmd.Process.Signal(syscall.SIGCONT)
	closed, alive := 0, 0
	short, stop := context.WithTimeout(ctx, tunnelTime/2)
	defer stop()
	for c := range open {
		if answers(short, c, tunnelTime/2) {
			alive++
			continue
		}
		closed++
		c.CloseNow()
	}
	if short.Err() != nil {
		t.Error("sockets of the node that stands still were left open")
	}
	if closed == 0 || alive == 0 {
		t.Errorf("%d sockets were closed, %d live", closed, alive)
	}
	for range closed {
		if again := p.dial(ctx, "rosa"); !answers(ctx, again, patience) {
			t.Error("a page that came back is not answered")
		}
	}
}

func TestAStoppingNodeGetsNothingNewAndKeepsItsSocketsUntilItEndsThem(t *testing.T) {
	p := behindProxy(t, "--drain-window", "1h")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	open := p.pages(ctx)
	if err := p.nodes[1].cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.nodes[1].becomes("/readyz", http.StatusServiceUnavailable, "stopping")
	p.nodes[1].becomes("/readyz?drain", http.StatusNotFound, "stopping")
	row := 0
	eventually(t, "the proxy sends the stopping node nothing new", func() bool {
		if _, said := p.get("/readyz"); strings.HasPrefix(said, "ready") {
			row++
		} else {
			row = 0
		}
		return row == 50
	})
	alive := 0
	for c := range open {
		if answers(ctx, c, patience) {
			alive++
		}
	}
	if alive != len(open)-1 { // it sends its pages away over an hour, the first at once
		t.Errorf("%d of %d sockets are left", alive, len(open))
	}
	p.nodes[1].kill()
}

func TestSocketsStayWhileTheDatabaseIsAwayOrHangs(t *testing.T) {
	for name, c := range map[string]struct{ away, back func(p *proxied) }{
		"away":  {func(p *proxied) { p.database.Stop(p.server.t) }, func(p *proxied) { p.database.Restart(p.server.t) }},
		"hangs": {func(p *proxied) { p.way.Swallow() }, func(p *proxied) { p.way.Pass() }},
	} {
		t.Run(name, func(t *testing.T) {
			p := behindProxy(t)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			open := p.pages(ctx)
			c.away(p)
			for _, s := range p.nodes {
				s.becomes("/readyz?drain", http.StatusNotFound, "not ready", "store: the database does not answer")
			}
			p.becomes("/sign-in", http.StatusServiceUnavailable) // no node is left
			time.Sleep(foundDead)
			for c := range open {
				if !answers(ctx, c, patience) {
					t.Error("a socket was closed")
				}
			}
			c.back(p)
			p.becomes("/sign-in", http.StatusOK)
			for _, s := range p.nodes {
				s.becomes("/readyz", http.StatusOK, "ready")
				s.kill()
			}
		})
	}
}
