package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// standing is what idle sockets cost.
type standing struct {
	sockets int
	each    int64         // bytes of memory of the nodes, what is garbage counted
	took    time.Duration // until all stood
	cpu     time.Duration // of the nodes, for a minute in which nothing happens
	watched time.Duration // of that minute
}

// stand opens sockets that follow their inboxes, as pages do that nobody looks
// at, and measures the nodes before, then, and after a while.
func stand(ctx context.Context, c *crowd, parts []part) (s standing, err error) {
	before, err := measure(parts)
	if err != nil {
		return s, err
	}
	s.sockets = c.options.standing
	open, closeAll := context.WithCancel(ctx)
	defer closeAll()
	began := time.Now()
	err = inParallel(ctx, make([]struct{}, s.sockets), func(ctx context.Context, _ struct{}) error { return c.follow(ctx, open) })
	if err != nil {
		return s, fmt.Errorf("a socket that stands: %w", err)
	}
	s.took = time.Since(began)
	full, err := measure(parts)
	if err != nil {
		return s, err
	}
	s.watched = c.options.rest
	if !sleep(ctx, s.watched) {
		return s, ctx.Err()
	}
	rested, err := measure(parts)
	if err != nil {
		return s, err
	}
	for _, p := range parts {
		if strings.HasPrefix(p.name, "node") {
			s.each += full[p.name].resident - before[p.name].resident
			s.cpu += rested[p.name].cpu - full[p.name].cpu
		}
	}
	s.each /= int64(s.sockets)
	return s, nil
}

// standers counts sockets, for their addresses and whose they are.
var standers atomic.Int64

// follow opens a socket that stands until the second context ends. It answers the
// server's pings.
func (c *crowd) follow(ctx, open context.Context) error {
	n := int(standers.Add(1))
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: address(n)}}
	conn, _, err := websocket.Dial(ctx, "ws://"+c.server+"/socket", &websocket.DialOptions{
		Subprotocols: []string{"homeline.v1"},
		HTTPClient:   &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}},
	})
	if err != nil {
		return err
	}
	whose := c.people[n%len(c.people)]
	if err := exchange(ctx, conn, map[string]any{"type": "hello", "token": whose.token}, "welcome"); err != nil {
		return err
	}
	if err := exchange(ctx, conn, map[string]any{"type": "subscribe", "channel": "user"}, "answer"); err != nil {
		return err
	}
	conn.CloseRead(open)
	return nil
}
