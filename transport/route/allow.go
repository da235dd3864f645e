package route

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"
)

// NotAllowed handles what a router knows by another method: it names those in
// Allow and leaves the rest to answer.
func NotAllowed(router *mux.Router, answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", strings.Join(methodsOf(router, r), ", "))
		answer(w, r)
	})
}

func methodsOf(router *mux.Router, r *http.Request) (methods []string) {
	_ = router.Walk(func(of *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		known, err := of.GetMethods()
		if err != nil {
			return nil // it takes every method, and would have been taken
		}
		for _, method := range known {
			as := *r
			as.Method = method
			var match mux.RouteMatch
			if of.Match(&as, &match) && match.MatchErr == nil && !slices.Contains(methods, method) {
				methods = append(methods, method)
			}
		}
		return nil
	})
	slices.Sort(methods)
	return methods
}

// Only serves a path by one method, GET also by HEAD, and says which where it is
// asked for by another.
func Only(on *http.ServeMux, method, path string, h http.Handler) {
	on.Handle(method+" "+path, h)
	allowed := method
	if method == http.MethodGet {
		allowed += ", " + http.MethodHead
	}
	on.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allowed)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	})
}
