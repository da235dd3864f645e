package web

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/homeline/homeline/transport/origin"
)

// maxForm bounds the body of every request: a letter of hub.MaxBody characters
// of four bytes, each percent-encoded as nine, with the recipients of a compose
// page, fits.
const maxForm = 512 << 10

func limitBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}

// crossOrigin refuses what a foreign page makes a browser send.
func (s *Site) crossOrigin() (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	if s.opts.PublicURL.Host != "" {
		// A proxy may change the Host header, not the origin that people see.
		if err := p.AddTrustedOrigin(s.opts.PublicURL.Scheme + "://" + s.opts.PublicURL.Host); err != nil {
			return nil, err
		}
	}
	// Whoever has the link may use it, from anywhere: no cookie counts there.
	p.AddInsecureBypassPattern("POST " + unsubscribePath + "{token}")
	p.SetDenyHandler(http.HandlerFunc(s.foreign))
	return p, nil
}

// ownHost refuses foreign names. Where the operator named no public URL, a page
// of somebody else's could have its own name point at this machine, and would
// then be of our origin (DNS rebinding).
func (s *Site) ownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.opts.PublicURL.Host == "" && !origin.Nameless(r.Host) {
			s.errorPage(w, r, nil, http.StatusMisdirectedRequest, "host")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// headers puts on every answer what a browser has to know to keep the page to
// itself.
func (s *Site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", s.policy(r))
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		// Pages hold what is between a family and a school: no cache keeps them.
		h.Set("Cache-Control", "no-store")
		if s.cookies.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// policy names the socket's address in full: for Safari 15, 'self' does not
// cover it.
func (s *Site) policy(r *http.Request) string {
	connect := "'self'"
	if socket := s.socketOrigin(r); socket != "" {
		connect += " " + socket
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src " + connect,
		"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
	}, "; ")
}

var plainHost = regexp.MustCompile(`^[a-zA-Z0-9.\-]+(?::[0-9]+)?$|^\[[0-9a-fA-F:.]+\](?::[0-9]+)?$`)

func (s *Site) socketOrigin(r *http.Request) string {
	host, scheme := s.opts.PublicURL.Host, "ws://"
	if s.cookies.secure {
		scheme = "wss://"
	}
	if host == "" { // only on loopback is there no public URL
		host = r.Host
	}
	if !plainHost.MatchString(host) {
		return ""
	}
	return scheme + host
}

// openedByPerson says whether somebody opened this page to look at it, as far
// as the request tells: not a prefetch, not a fragment that a script asked for.
func openedByPerson(r *http.Request) bool {
	if r.Method != http.MethodGet || r.Header.Get(scriptHeader) != "" {
		return false
	}
	for _, name := range []string{"Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	dest := r.Header.Get("Sec-Fetch-Dest") // browsers before 2023 do not say
	return dest == "" || dest == "document"
}

// scriptHeader is on requests that the browser client makes.
const scriptHeader = "X-Requested-By"

func byScript(r *http.Request) bool { return r.Header.Get(scriptHeader) != "" }
