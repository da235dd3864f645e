package postgrestest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Address is one address behind which servers take turns, as behind a virtual
// IP, a Service of Kubernetes or a TCP proxy. A connection stays with the server
// that it was made to.
type Address struct {
	listen net.Listener
	group  sync.WaitGroup

	mu      sync.Mutex
	servers []string // in turn
	next    int
	open    map[net.Conn]bool
}

// NewAddress is an address that leads to a server until it is pointed to another.
func NewAddress(t testing.TB, s *Server) *Address {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &Address{listen: listen, open: map[net.Conn]bool{}}
	a.Point(s)
	a.group.Go(a.accept)
	t.Cleanup(a.close)
	return a
}

// String is its host and port.
func (a *Address) String() string { return a.listen.Addr().String() }

// Point has new connections go to a server, or to several in turn. Those that
// are open stay open.
func (a *Address) Point(servers ...*Server) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.servers = nil
	for _, s := range servers {
		a.servers = append(a.servers, s.Addr())
	}
}

func (a *Address) accept() {
	for {
		client, err := a.listen.Accept()
		if err != nil {
			return
		}
		a.mu.Lock()
		to := a.servers[a.next%len(a.servers)]
		a.next++
		a.mu.Unlock()
		server, err := net.Dial("tcp", to)
		if err != nil {
			_ = client.Close()
			continue
		}
		a.mu.Lock()
		a.open[client], a.open[server] = true, true
		a.mu.Unlock()
		a.group.Go(func() { a.carry(client, server) })
		a.group.Go(func() { a.carry(server, client) })
	}
}

func (a *Address) carry(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range []net.Conn{from, to} {
		_ = c.Close()
		delete(a.open, c)
	}
}

func (a *Address) close() {
	_ = a.listen.Close()
	a.mu.Lock()
	for c := range a.open {
		_ = c.Close()
	}
	a.mu.Unlock()
	a.group.Wait()
}

// by is a URL with another host and port.
func by(address, host string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // we made it
	}
	u.Host = host
	return u.String()
}
