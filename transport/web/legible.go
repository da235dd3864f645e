package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// legible refuses a query with bytes that are not UTF-8, or with NUL: they could
// only be kept as something else.
func (s *Site) legible(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := legible(r.URL.Query()); err != nil {
			s.fail(w, r, nil, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// parseForm parses the form of a request, and refuses in it what legible does.
func parseForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	return legible(r.PostForm)
}

func legible(form url.Values) error {
	for name, values := range form {
		for _, text := range append([]string{name}, values...) {
			if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
				return fmt.Errorf("%w: a field that is not text", errBadForm)
			}
		}
	}
	return nil
}
