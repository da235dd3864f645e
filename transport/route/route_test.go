package route

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gorilla/mux"
)

func TestARequestIsNamedByTheTemplateOfItsRoute(t *testing.T) {
	none := func(http.ResponseWriter, *http.Request) {}
	inner := mux.NewRouter()
	inner.Use(Note)
	inner.HandleFunc("/", none).Methods(http.MethodGet)
	inner.HandleFunc("/inbox", none).Methods(http.MethodGet, http.MethodHead)
	inner.HandleFunc("/conversations/{id:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}:?}/reply", none).Methods(http.MethodPost)
	inner.HandleFunc("/sign-in/{secret}", none)
	inner.PathPrefix("/assets/").HandlerFunc(none)
	outer := http.NewServeMux()
	outer.HandleFunc("GET /healthz", none)
	outer.HandleFunc("/socket", none)
	outer.Handle("/", inner)
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/", "GET /"},
		{"GET", "/inbox?name=Ruiz", "GET /inbox"},
		{"HEAD", "/inbox", "HEAD /inbox"},
		{"POST", "/inbox", Unmatched},
		{"POST", "/conversations/0123abcd-0123-0123-0123/reply", "POST /conversations/{id}/reply"},
		{"GET", "/sign-in/a-secret", "GET /sign-in/{secret}"},
		{"BREW", "/sign-in/a-secret", "OTHER /sign-in/{secret}"},
		{"GET", "/assets/4711/base.css", "GET /assets/"},
		{"GET", "/ana.ruiz@example.org", Unmatched},
		{"GET", "/healthz", "GET /healthz"},
		{"POST", "/healthz", Unmatched},
		{"GET", "/socket", "GET /socket"},
	} {
		r, taken := Watch(httptest.NewRequest(c.method, c.path, nil))
		outer.ServeHTTP(httptest.NewRecorder(), r)
		if got := taken.String(); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestARouterServesWhoDoesNotWatch(t *testing.T) {
	r := mux.NewRouter()
	r.Use(Note)
	r.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusTeapot {
		t.Errorf("%d", w.Code)
	}
}
