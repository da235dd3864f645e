// Package origin tells the hosts that a page may be served under where the
// operator named none.
package origin

import (
	"net"
	"net/netip"
	"strings"
)

// Nameless says whether a host, with or without its port, is localhost or an
// address: no foreign name can be made to point at us without being seen (DNS
// rebinding).
func Nameless(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}
