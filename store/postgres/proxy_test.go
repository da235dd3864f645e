package postgres

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// proxy stands between the program and its server and cuts a connection at the
// moment that a test names.
type proxy struct {
	server string
	listen net.Listener
	group  sync.WaitGroup

	mu   sync.Mutex
	cuts []cut
	done int // how many have happened
	open map[net.Conn]bool
}

// cut is the end of the connection over which the program says something.
type cut struct {
	said []byte
	when moment
}

type moment int

const (
	beforeItIsHeard moment = iota // the server never hears of it
	beforeTheAnswer               // the server has done it, and the answer is lost
	withinTheAnswer               // all of the answer but its last message arrives
	neverToAnswer                 // the server does it, and nothing is ever heard: the connection looks healthy
)

// through is the URL of a database through a proxy.
func through(t *testing.T, database string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{server: u.Host, listen: listen, open: map[net.Conn]bool{}}
	u.Host = listen.Addr().String()
	p.group.Go(p.accept)
	t.Cleanup(p.close)
	return p, u.String()
}

// cutOnce arms a cut, which happens once.
func (p *proxy) cutOnce(said string, when moment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cuts = append(p.cuts, cut{[]byte(said), when})
}

func (p *proxy) happened() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

func (p *proxy) accept() {
	for {
		client, err := p.listen.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.keep(client, server)
		ends := make(chan moment, 1)
		p.group.Go(func() { p.forward(client, server, ends) })
		p.group.Go(func() { p.back(client, server, ends) })
	}
}

func (p *proxy) keep(ends ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range ends {
		p.open[c] = true
	}
}

// forward takes what the program says to the server.
func (p *proxy) forward(client, server net.Conn, ends chan<- moment) {
	defer client.Close()
	defer server.Close()
	said := make([]byte, 64<<10)
	for {
		n, err := client.Read(said)
		if err != nil {
			return
		}
		when, armed := p.take(said[:n])
		if armed && when == beforeItIsHeard {
			return
		}
		if armed {
			ends <- when
		}
		if _, err := server.Write(said[:n]); err != nil {
			return
		}
	}
}

// take is the cut that what was said leads to.
func (p *proxy) take(said []byte) (moment, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, c := range p.cuts {
		if bytes.Contains(said, c.said) {
			p.cuts = append(p.cuts[:i], p.cuts[i+1:]...)
			p.done++
			return c.when, true
		}
	}
	return 0, false
}

// back takes the server's answers to the program.
func (p *proxy) back(client, server net.Conn, ends <-chan moment) {
	defer client.Close()
	defer server.Close()
	answer := make([]byte, 64<<10)
	for {
		n, err := server.Read(answer)
		if err != nil {
			return
		}
		select {
		case when := <-ends:
			whole := p.rest(server, answer[:n])
			if when == neverToAnswer {
				_, _ = io.Copy(io.Discard, server)
				return
			}
			if when == withinTheAnswer {
				_, _ = client.Write(whole[:len(whole)-len(ready)])
			}
			return
		default:
		}
		if _, err := client.Write(answer[:n]); err != nil {
			return
		}
	}
}

// ready is the message that ends an answer, but for its last byte, the state of
// the transaction.
var ready = []byte{'Z', 0, 0, 0, 5, 'I'}

// rest reads an answer to its end: then what was asked for is done.
func (p *proxy) rest(server net.Conn, answer []byte) []byte {
	whole := bytes.Clone(answer)
	more := make([]byte, 64<<10)
	for !bytes.HasSuffix(whole, ready) {
		n, err := server.Read(more)
		if err != nil && err != io.EOF || n == 0 {
			break
		}
		whole = append(whole, more[:n]...)
	}
	return whole
}

func (p *proxy) close() {
	_ = p.listen.Close()
	p.mu.Lock()
	for c := range p.open {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.group.Wait()
}
