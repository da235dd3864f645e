package installation

import (
	"errors"
	"net"
	"sync"
	"time"
)

// Way is how a link behaves.
type Way int

// The ways of a link. Cut: every connection is reset, new ones too. Swallowed:
// connections stand, new ones too, and nothing that is said comes through; as
// behind a firewall that has forgotten them. Held: what is said comes through
// later.
const (
	Open Way = iota
	Cut
	Swallowed
	Held
)

// Link is the network between a node and a server.
type Link struct {
	listener net.Listener
	to       string
	work     sync.WaitGroup

	mu      sync.Mutex
	changed sync.Cond
	way     Way
	closed  bool
	pairs   map[*pair]struct{}
}

// pair is one connection through a link; there is nobody on the far side of one
// that was made while the link swallowed.
type pair struct{ near, far net.Conn }

func newLink(to string) (*Link, error) {
	listener, err := net.Listen("tcp", address(0))
	if err != nil {
		return nil, err
	}
	l := &Link{listener: listener, to: to, pairs: map[*pair]struct{}{}}
	l.changed.L = &l.mu
	l.work.Go(l.accept)
	return l, nil
}

func (l *Link) address() string { return l.listener.Addr().String() }

// Set changes the way of the link. What was swallowed does not come back: its
// connections are reset when that ends.
func (l *Link) Set(w Way) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w == Cut || l.way == Swallowed {
		l.reset()
	}
	l.way = w
	l.changed.Broadcast()
}

// reset resets every connection. The caller holds l.mu.
func (l *Link) reset() {
	for p := range l.pairs {
		p.reset()
		delete(l.pairs, p)
	}
}

// Carries says whether a connection that a server sees come from that port of
// this machine is one of the link.
func (l *Link) Carries(port int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pairs {
		if p.far != nil && p.far.LocalAddr().(*net.TCPAddr).Port == port {
			return true
		}
	}
	return false
}

func (l *Link) close() {
	l.listener.Close()
	l.mu.Lock()
	l.closed = true
	l.reset()
	l.changed.Broadcast()
	l.mu.Unlock()
	l.work.Wait()
}

func (l *Link) accept() {
	for {
		near, err := l.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(pollPause)
			continue
		}
		l.work.Go(func() { l.join(near) })
	}
}

// join makes a pair of a connection; what happens to the link from then on
// happens to it too.
func (l *Link) join(near net.Conn) {
	p := &pair{near: near}
	l.mu.Lock()
	way := l.way
	if way == Cut || l.closed {
		l.mu.Unlock()
		p.reset()
		return
	}
	l.pairs[p] = struct{}{}
	l.mu.Unlock()
	if way != Swallowed && !l.reach(p) {
		return
	}
	if p.far != nil {
		l.work.Go(func() { l.carry(p, p.far, p.near) })
	}
	l.carry(p, p.near, p.far)
}

// reach gives a pair its far side, and says false where it has been reset.
func (l *Link) reach(p *pair) bool {
	far, err := net.DialTimeout("tcp", l.to, 5*time.Second)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, stands := l.pairs[p]
	if err == nil && stands {
		p.far = far
		return true
	}
	if err == nil {
		far.Close()
	}
	delete(l.pairs, p)
	p.reset()
	return false
}

// carry brings what one side says to the other until either ends.
func (l *Link) carry(p *pair, from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && l.lets() && to != nil {
			if _, err := to.Write(buffer[:n]); err != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.way == Swallowed && !l.closed { // nor does an end come through
		return
	}
	delete(l.pairs, p)
	p.reset()
}

// lets waits while the link holds, and says whether what was said goes on.
func (l *Link) lets() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.way == Held && !l.closed {
		l.changed.Wait()
	}
	return l.way == Open
}

// reset closes both sides without a word.
func (p *pair) reset() {
	for _, c := range []net.Conn{p.near, p.far} {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
			_ = tcp.Close()
		}
	}
}
