// Package route tells who stands before the routers which route a request took:
// as its template, which has no identifiers in it.
package route

import (
	"context"
	"net/http"
	"strings"

	"github.com/gorilla/mux"
)

// Unmatched is the template of a request that no route took.
const Unmatched = "unmatched"

// Taken is the route of one request, known once it has been served.
type Taken struct {
	request  *http.Request
	template string
}

type takenKey struct{}

// Watch gives back the request to be served and where its route will stand. Who
// watches what is watched already is told the same.
func Watch(r *http.Request) (*http.Request, *Taken) {
	if t, watched := r.Context().Value(takenKey{}).(*Taken); watched {
		return r, t
	}
	t := &Taken{}
	t.request = r.WithContext(context.WithValue(r.Context(), takenKey{}, t))
	return t.request, t
}

// Note is a middleware for a router of mux, which notes the route that it took.
func Note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t, watched := r.Context().Value(takenKey{}).(*Taken); watched {
			if template, err := mux.CurrentRoute(r).GetPathTemplate(); err == nil {
				t.template = withoutPatterns(template)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// String is method and template, as "GET /conversations/{id}", or [Unmatched]. A
// route of http.ServeMux counts where it is not the way to another router.
func (t *Taken) String() string {
	template := t.template
	if template == "" {
		i := strings.Index(t.request.Pattern, "/") // "GET /healthz"
		if i < 0 || strings.HasSuffix(t.request.Pattern, "/") {
			return Unmatched
		}
		template = t.request.Pattern[i:]
	}
	return method(t.request) + " " + template
}

// method is one of those that are known: a client may make up others.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return r.Method
	}
	return "OTHER"
}

// withoutPatterns makes "/{id:[0-9]{3}}" "/{id}".
func withoutPatterns(template string) string {
	var b strings.Builder
	depth, pattern := 0, false
	for _, c := range template {
		switch c {
		case '{':
			depth++
		case '}':
			depth--
			pattern = pattern && depth > 0
		case ':':
			pattern = pattern || depth == 1
		}
		if !pattern {
			b.WriteRune(c)
		}
	}
	return b.String()
}
