package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/route"
)

func TestTheRouteOfAPageIsKnownWithoutWhatIsInIt(t *testing.T) {
	s := open(t)
	for path, want := range map[string]string{
		"/":                                   "GET /",
		"/sign-in":                            "GET /sign-in",
		"/conversations/" + uuid.NewString():  "GET /conversations/{id}",
		"/sign-in/" + "a-secret-of-some-kind": "GET /sign-in/{secret}",
		"/nowhere/" + uuid.NewString():        route.Unmatched,
	} {
		r, taken := route.Watch(httptest.NewRequest(http.MethodGet, path, nil))
		s.site.ServeHTTP(httptest.NewRecorder(), r)
		if got := taken.String(); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}
