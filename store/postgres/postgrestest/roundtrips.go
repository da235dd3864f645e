package postgrestest

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// RoundTrips counts how often a program waits for its database: it stands
// between the two.
type RoundTrips struct {
	listen net.Listener
	server string
	group  sync.WaitGroup
	n      atomic.Int64

	mu   sync.Mutex
	open []net.Conn
}

// Counting is the URL of a database, by way of a count.
func Counting(t testing.TB, database string) (*RoundTrips, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &RoundTrips{listen: listen, server: u.Host}
	u.Host = listen.Addr().String()
	c.group.Go(c.accept)
	t.Cleanup(c.close)
	return c, u.String()
}

// Since is how many there were since it was asked last.
func (c *RoundTrips) Since() int { return int(c.n.Swap(0)) }

func (c *RoundTrips) accept() {
	for {
		client, err := c.listen.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		c.mu.Lock()
		c.open = append(c.open, client, server)
		c.mu.Unlock()
		c.group.Go(func() {
			defer server.Close()
			c.forward(server, client)
		})
		c.group.Go(func() {
			defer client.Close()
			_, _ = io.Copy(client, server)
		})
	}
}

// forward takes the messages of a program to the server, and counts those that
// are followed by waiting,
// https://www.postgresql.org/docs/current/protocol-message-formats.html
func (c *RoundTrips) forward(server io.Writer, client io.Reader) {
	head := make([]byte, 5)
	kind := head[:0] // the first message has none
	for {
		length := head[len(kind) : len(kind)+4]
		if _, err := io.ReadFull(client, head[:len(kind)+4]); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(length)-4)
		if _, err := io.ReadFull(client, body); err != nil {
			return
		}
		if len(kind) > 0 && waits(head[0], body) {
			c.n.Add(1)
		}
		if _, err := server.Write(append(append([]byte{}, head[:len(kind)+4]...), body...)); err != nil {
			return
		}
		kind = head[:1]
	}
}

// waits says so of a query and of the end of a batch, but not of the ping to a
// connection that nobody has used for a second.
func waits(kind byte, body []byte) bool {
	return kind == 'S' || kind == 'Q' && !bytes.HasPrefix(body, []byte("-- ping"))
}

func (c *RoundTrips) close() {
	_ = c.listen.Close()
	c.mu.Lock()
	for _, conn := range c.open {
		_ = conn.Close()
	}
	c.mu.Unlock()
	c.group.Wait()
}
