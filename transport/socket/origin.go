package socket

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/homeline/homeline/transport/origin"
)

// ourOrigin says whether a page of ours asks, or no browser at all. Every
// browser sends an Origin with an upgrade. That of a sandboxed page is "null",
// and not ours.
func (s *Server) ourOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	switch {
	case len(origins) == 0:
		return true
	case len(origins) > 1:
		return false
	case s.options.PublicURL != "":
		return sameOrigin(origins[0], s.options.PublicURL)
	}
	u, err := url.Parse(origins[0])
	return err == nil && strings.EqualFold(u.Host, r.Host) && origin.Nameless(r.Host)
}

func sameOrigin(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	return errA == nil && errB == nil && ua.Host != "" &&
		strings.EqualFold(ua.Scheme, ub.Scheme) && strings.EqualFold(withPort(ua), withPort(ub))
}

func withPort(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Host
	case u.Scheme == "https":
		return u.Host + ":443"
	}
	return u.Host + ":80"
}

// offers says whether the client offers a subprotocol.
func offers(r *http.Request, subprotocol string) bool {
	for _, header := range r.Header.Values("Sec-WebSocket-Protocol") {
		for name := range strings.SplitSeq(header, ",") {
			if strings.TrimSpace(name) == subprotocol {
				return true
			}
		}
	}
	return false
}
