package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
)

// listen opens the address. Where it is taken, it says so in words.
func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the address %s is taken by another program: end that one, or name another with --listen", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen at %s: ports below 1024 belong to root; name another with --listen", address)
	case err != nil:
		return nil, fmt.Errorf("--listen %s: %w", address, err)
	}
	return l, nil
}

// portsTried is how many ports listenNear tries, the wanted one first.
const portsTried = 20

// listenNear opens the address, or one of the next ports where it is taken.
func listenNear(ctx context.Context, host string, port int) (net.Listener, error) {
	for next := port; ; next++ {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(next)))
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) || next == port+portsTried-1 {
			return nil, fmt.Errorf("no free port from %d to %d: name one with --listen: %w", port, next, err)
		}
	}
}

// onLoopback says whether only this machine reaches the listener.
func onLoopback(l net.Listener) bool {
	address, err := netip.ParseAddrPort(l.Addr().String())
	return err == nil && address.Addr().Unmap().IsLoopback()
}

// originOf is how a browser on this machine reaches the listener.
func originOf(l net.Listener) *url.URL {
	address, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil {
		return &url.URL{Scheme: "http", Host: l.Addr().String()}
	}
	host := address.String()
	if address.Addr().IsUnspecified() {
		host = net.JoinHostPort("localhost", strconv.Itoa(int(address.Port())))
	}
	return &url.URL{Scheme: "http", Host: host}
}
