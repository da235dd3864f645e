package redistest

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy passes TCP connections on, and does to them what networks do.
type Proxy struct {
	t        testing.TB
	listener net.Listener
	work     sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{} // closed when one of the following is
	target  string
	weather weather
	pairs   map[*pair]struct{}
	stopped bool
}

// weather is what a connection is exposed to.
type weather struct {
	refuse  bool          // closed as soon as they come
	swallow bool          // nothing that is sent arrives
	stall   bool          // what the server sends is not read
	delay   time.Duration // of everything, each way
}

// pair is a connection of a client and, but where it is swallowed from the
// beginning, one of ours to the server.
type pair struct {
	client, server net.Conn
	lost           bool // something was swallowed: nothing arrives any more
}

// NewProxy is a proxy in front of an address until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{t: t, listener: l, target: target, changed: make(chan struct{}), pairs: map[*pair]struct{}{}}
	p.work.Go(p.accept)
	t.Cleanup(p.stop)
	return p
}

// URL is that of the Redis behind it.
func (p *Proxy) URL() string { return "redis://" + p.Addr() }

// Addr is the proxy's own.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Pass lets everything through. What has been swallowed before stays lost, and
// its connections with it.
func (p *Proxy) Pass() { p.set(weather{}) }

// Cut closes all connections. New ones pass.
func (p *Proxy) Cut() {
	p.set(weather{})
	p.closeAll()
}

// Refuse closes all connections, and every new one, until Pass.
func (p *Proxy) Refuse() {
	p.set(weather{refuse: true})
	p.closeAll()
}

// Swallow keeps all connections open, takes new ones, and lets nothing arrive in
// either direction, until Pass.
func (p *Proxy) Swallow() { p.set(weather{swallow: true}) }

// Stall does not read what the server sends, until Pass.
func (p *Proxy) Stall() { p.set(weather{stall: true}) }

// Delay lets everything arrive so much later, until Pass.
func (p *Proxy) Delay(d time.Duration) { p.set(weather{delay: d}) }

// Lead takes new connections to another address. Those there are stay where they
// lead.
func (p *Proxy) Lead(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Connections is how many there are.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pairs)
}

func (p *Proxy) set(w weather) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.weather = w
	if w.swallow {
		for c := range p.pairs {
			c.lost = true
		}
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *Proxy) stop() {
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.Pass()
	_ = p.listener.Close()
	p.closeAll()
	p.work.Wait()
}

func (p *Proxy) closeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.pairs {
		c.close()
	}
}

func (c *pair) close() {
	_ = c.client.Close()
	if c.server != nil {
		_ = c.server.Close()
	}
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		if c := p.pair(client); c != nil {
			p.work.Go(func() { p.serve(c) })
		} else {
			_ = client.Close()
		}
	}
}

// pair is a connection and its other half; nil where it is refused.
func (p *Proxy) pair(client net.Conn) *pair {
	p.mu.Lock()
	target, w := p.target, p.weather
	p.mu.Unlock()
	if w.refuse {
		return nil
	}
	c := &pair{client: client, lost: w.swallow}
	if !w.swallow {
		server, err := net.Dial("tcp", target)
		if err != nil {
			return nil
		}
		// A small buffer, so that what is not read is noticed by the server soon.
		_ = server.(*net.TCPConn).SetReadBuffer(64 << 10)
		c.server = server
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		c.close()
		return nil
	}
	p.pairs[c] = struct{}{}
	return c
}

func (p *Proxy) serve(c *pair) {
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.pairs, c)
	}()
	defer c.close()
	if c.server == nil {
		_, _ = io.Copy(io.Discard, c.client)
		return
	}
	var both sync.WaitGroup
	both.Go(func() { p.pass(c, c.server, c.client, false) })
	both.Go(func() { p.pass(c, c.client, c.server, true) })
	both.Wait()
}

// pass passes on what comes from one side until either ends; then it ends both.
func (p *Proxy) pass(c *pair, to, from net.Conn, fromServer bool) {
	defer c.close()
	buffer := make([]byte, 32<<10)
	for {
		p.await(fromServer)
		n, err := from.Read(buffer)
		if !p.carry(c, to, buffer[:n]) || err != nil {
			return
		}
	}
}

// await returns when what comes may be read.
func (p *Proxy) await(fromServer bool) {
	for {
		p.mu.Lock()
		stall, changed := p.weather.stall && fromServer, p.changed
		p.mu.Unlock()
		if !stall {
			return
		}
		<-changed
	}
}

func (p *Proxy) carry(c *pair, to net.Conn, bytes []byte) bool {
	p.mu.Lock()
	lost, delay := c.lost, p.weather.delay
	p.mu.Unlock()
	if lost || len(bytes) == 0 {
		return true
	}
	time.Sleep(delay)
	_, err := to.Write(bytes)
	return err == nil
}
