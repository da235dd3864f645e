package main

import (
	"net/http"
	"net/netip"
	"strings"
)

// clientIP tells the address of a client, for the limits on sign-in and on
// sockets that nobody has signed in on. What
// X-Forwarded-For says is believed only from proxies that were named: anybody
// can write it.
func clientIP(trusted []netip.Prefix) func(*http.Request) string {
	isProxy := func(a netip.Addr) bool {
		for _, p := range trusted {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	return func(r *http.Request) string {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		client := peer.Addr().Unmap()
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && isProxy(client); i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			client = hop.Unmap()
		}
		return client.String()
	}
}
