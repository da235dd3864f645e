package socket

import (
	"net"
	"net/http"
	"net/netip"
)

const (
	maxStrangers      = 1000 // connections that have not said yet who they are
	maxStrangersOfOne = 64   // of them from one client: a whole school may be one
	oneClientIPv6     = 64   // bits that the addresses of one IPv6 client share
)

// strangers are connections that have not said yet who they are, by the client
// that they come from, the oldest first. Where there are too many the oldest of
// a client that has most has to go, so that nobody keeps another out.
type strangers struct {
	of map[string][]*connection
	n  int
}

// add keeps a connection and returns the one that has to go for it, if any.
func (s *strangers) add(c *connection) (out *connection) {
	switch {
	case len(s.of[c.client]) >= maxStrangersOfOne:
		out = s.of[c.client][0]
	case s.n >= maxStrangers:
		out = s.of[s.busiest()][0]
	}
	if out != nil {
		s.remove(out)
	}
	s.of[c.client] = append(s.of[c.client], c)
	s.n++
	return out
}

func (s *strangers) remove(c *connection) {
	of := s.of[c.client]
	for i := range of {
		if of[i] != c {
			continue
		}
		s.n--
		if len(of) == 1 {
			delete(s.of, c.client)
		} else {
			s.of[c.client] = append(of[:i:i], of[i+1:]...)
		}
		return
	}
}

func (s *strangers) busiest() (client string) {
	for name, of := range s.of {
		if len(of) > len(s.of[client]) {
			client = name
		}
	}
	return client
}

// client is who asks, as far as an address tells: an IPv6 client has a whole
// network of them.
func (s *Server) client(r *http.Request) string {
	text := s.options.ClientIP(r)
	address, err := netip.ParseAddr(text)
	if err != nil || address.Unmap().Is4() {
		return text
	}
	network, err := address.Prefix(oneClientIPv6)
	if err != nil {
		return text
	}
	return network.String()
}

func peerIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
