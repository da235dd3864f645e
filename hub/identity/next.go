package identity

import (
	"net/url"
	"strings"
)

const maxNext = 512

// LocalPath is next where it is a path of our own, with its query, and "/"
// where it could lead a browser anywhere else: who follows a sign-in link must
// not land on a stranger's page.
func LocalPath(next string) string {
	if len(next) > maxNext || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return "/"
	}
	// Browsers take a backslash for a slash and drop control characters.
	if strings.ContainsFunc(next, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) {
		return "/"
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return next
}
