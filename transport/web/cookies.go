package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// The cookies. All but scriptCookie, which the browser client sets to say that
// it runs, are out of reach of scripts.
const (
	sessionCookie = "homeline"
	flashCookie   = "homeline-said"
	keptCookie    = "homeline-kept"
	lastCookie    = "homeline-last" // who was signed in last
	scriptCookie  = "js"
)

type cookies struct{ secure bool }

// name has the __Host- prefix behind https: then no other host, and no page of
// ours that was got without encryption, can set it.
func (c cookies) name(plain string) string {
	if c.secure {
		return "__Host-" + plain
	}
	return plain
}

// set sets a cookie; without age it ends with the browser, and with a negative
// one at once.
func (c cookies) set(w http.ResponseWriter, name, value string, age time.Duration) {
	maxAge := int(age / time.Second)
	if age < 0 {
		maxAge = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: c.name(name), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	})
}

func (c cookies) drop(w http.ResponseWriter, name string) { c.set(w, name, "", -1) }

func (c cookies) get(r *http.Request, name string) string {
	cookie, err := r.Cookie(c.name(name))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// SessionCookie is the name of the cookie that holds the token of a session, for
// what is served beside the pages on the same origin (the socket, the API).
func (s *Site) SessionCookie(*http.Request) string { return s.cookies.name(sessionCookie) }

// runsScript says whether the browser client runs in this browser.
func runsScript(r *http.Request) bool {
	cookie, err := r.Cookie(scriptCookie)
	return err == nil && cookie.Value == "1"
}

// lastText names a person, and their district, in lastCookie.
func lastText(district, person uuid.UUID) string { return district.String() + "." + person.String() }

func (s *Site) last(r *http.Request) (district, person uuid.UUID, ok bool) {
	first, second, _ := strings.Cut(s.cookies.get(r, lastCookie), ".")
	district, errDistrict := uuid.Parse(first)
	person, errPerson := uuid.Parse(second)
	return district, person, errDistrict == nil && errPerson == nil
}
