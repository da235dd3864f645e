package main

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestAClientIsKnownThroughNamedProxiesOnly(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, c := range map[string]struct {
		peer      string
		forwarded []string
		want      string
	}{
		"nobody between":                  {"192.0.2.1:4000", nil, "192.0.2.1"},
		"a stranger who lies":             {"192.0.2.1:4000", []string{"198.51.100.7"}, "192.0.2.1"},
		"one proxy":                       {"10.0.0.1:4000", []string{"198.51.100.7"}, "198.51.100.7"},
		"one proxy, the client lies":      {"10.0.0.1:4000", []string{"127.0.0.1, 198.51.100.7"}, "198.51.100.7"},
		"two proxies":                     {"10.0.0.1:4000", []string{"198.51.100.7, 10.9.9.9"}, "198.51.100.7"},
		"two proxies, each its own line":  {"10.0.0.1:4000", []string{"198.51.100.7", "10.9.9.9"}, "198.51.100.7"},
		"a proxy that says nothing":       {"10.0.0.1:4000", nil, "10.0.0.1"},
		"a proxy that says nonsense":      {"10.0.0.1:4000", []string{"unknown"}, "10.0.0.1"},
		"only proxies":                    {"10.0.0.1:4000", []string{"10.0.0.2, 10.0.0.3"}, "10.0.0.2"},
		"IPv6":                            {"[fd00::1]:4000", []string{"2001:db8::7"}, "2001:db8::7"},
		"an IPv4 proxy seen through IPv6": {"[::ffff:10.0.0.1]:4000", []string{"198.51.100.7"}, "198.51.100.7"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := clientIP(trusted)(r); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
