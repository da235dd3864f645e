package identity_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub/identity"
)

func TestASignInLandsOnAPageOfOurs(t *testing.T) {
	for next, want := range map[string]string{
		"/inbox":                         "/inbox",
		"/inbox?unread=1&name=Jos%C3%A9": "/inbox?unread=1&name=Jos%C3%A9",
		"/conversations/1#newest":        "/conversations/1#newest",
		"":                               "/",
		"inbox":                          "/",
		"//elsewhere.example":            "/",
		"/\\elsewhere.example":           "/",
		"\\\\elsewhere.example":          "/",
		"/\t/elsewhere.example":          "/",
		"https://elsewhere.example":      "/",
		"javascript:alert(1)":            "/",
		"/%2felsewhere.example":          "/",
		"/a\r\nSet-Cookie: x":            "/",
		"/%zz":                           "/",
		"/" + strings.Repeat("a", 600):   "/",
	} {
		if got := identity.LocalPath(next); got != want {
			t.Errorf("%q lands on %q, want %q", next, got, want)
		}
	}
}

func FuzzASignInNeverLeavesTheSite(f *testing.F) {
	for _, seed := range []string{"/inbox", "//x", "/\\x", "/..//x", "/%2f%2fx", "/a?b=//c", "/\x00"} {
		f.Add(seed)
	}
	base := &url.URL{Scheme: "https", Host: "school.example", Path: "/sign-in/secret"}
	f.Fuzz(func(t *testing.T, next string) {
		landed, err := base.Parse(identity.LocalPath(next))
		if err != nil || landed.Host != base.Host || landed.Scheme != base.Scheme {
			t.Errorf("%q leads to %v, %v", next, landed, err)
		}
	})
}
