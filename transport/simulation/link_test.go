package simulation_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
)

// network is pipes in memory: nodes listen by name, pages dial them.
type network struct {
	mu        sync.Mutex
	listeners map[string]*listener
	links     map[*link]bool // that are not cut
}

var errNobodyListens = errors.New("connection refused")

func newNetwork() *network {
	return &network{listeners: map[string]*listener{}, links: map[*link]bool{}}
}

func (n *network) listen(name string) *listener {
	l := &listener{network: n, name: name, arriving: make(chan net.Conn), closed: make(chan struct{})}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.listeners[name] = l
	return l
}

// dial connects to a node. The first link that a page makes is told to it, so
// that its faults can be the page's.
func (n *network) dial(ctx context.Context, address string) (net.Conn, error) {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	l := n.listeners[name]
	n.mu.Unlock()
	if l == nil {
		return nil, errNobodyListens
	}
	ours, theirs := net.Pipe()
	made := &link{network: n, to: name, ends: [2]net.Conn{ours, theirs}, budget: -1}
	n.mu.Lock()
	n.links[made] = true
	n.mu.Unlock()
	select {
	case l.arriving <- &end{theirs, made}:
		if tell, ok := ctx.Value(linkKey{}).(func(*link)); ok {
			tell(made)
		}
		return &end{ours, made}, nil
	case <-l.closed:
		return nil, errNobodyListens
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// linkKey is under which a context says who wants to know of a link.
type linkKey struct{}

// cut cuts links: all of a node's, or, where node is empty, those that swallow or
// are to break, which else they would do when all is said to be well.
func (n *network) cut(node string) {
	n.mu.Lock()
	var out []*link
	for l := range n.links {
		if l.to == node || node == "" && l.hurt() {
			out = append(out, l)
		}
	}
	n.mu.Unlock()
	for _, l := range out {
		l.cut()
	}
}

// listener is where a node takes connections.
type listener struct {
	network  *network
	name     string
	arriving chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.arriving:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close refuses connections from now on.
func (l *listener) Close() error {
	l.once.Do(func() {
		l.network.mu.Lock()
		delete(l.network.listeners, l.name)
		l.network.mu.Unlock()
		close(l.closed)
	})
	return nil
}

func (l *listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// link is one connection between a page and a node, with what goes wrong on it.
type link struct {
	network *network
	to      string
	ends    [2]net.Conn

	mu       sync.Mutex
	swallows bool
	budget   int // bytes that still pass before it breaks; negative: no bound
}

// swallow makes everything vanish that either side writes, without a word.
func (l *link) swallow() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.swallows = true
}

func (l *link) hurt() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.swallows || l.budget >= 0
}

// breakAfter cuts the link in the midst of something, once so many bytes passed.
func (l *link) breakAfter(bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.budget = bytes
}

func (l *link) cut() {
	l.network.mu.Lock()
	delete(l.network.links, l)
	l.network.mu.Unlock()
	for _, c := range l.ends {
		_ = c.Close() // a pipe's never fails
	}
}

// passes is how many of some bytes pass, and whether the link takes them at all.
func (l *link) passes(bytes int) (pass int, swallowed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.swallows {
		return 0, true
	}
	if l.budget < 0 {
		return bytes, false
	}
	pass = min(bytes, l.budget)
	l.budget -= pass
	return pass, false
}

// end is one side's end of a link.
type end struct {
	net.Conn
	link *link
}

func (e *end) Write(b []byte) (int, error) {
	pass, swallowed := e.link.passes(len(b))
	if swallowed {
		return len(b), nil
	}
	n, err := e.Conn.Write(b[:pass])
	if err == nil && pass < len(b) {
		e.link.cut()
		err = io.ErrClosedPipe
	}
	return n, err
}

func (e *end) Close() error {
	e.link.cut()
	return nil
}
