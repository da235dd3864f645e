package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/route"
)

func TestTheRouteOfARequestIsKnownWithoutWhatIsInIt(t *testing.T) {
	s := serve(t)
	for path, want := range map[string]string{
		"/unread":        route.Unmatched, // it is only read
		"/conversations": "POST /api/v1/conversations",
		"/conversations/" + uuid.NewString() + "/messages": "POST /api/v1/conversations/{id}/messages",
		"/nowhere": route.Unmatched,
	} {
		r, taken := route.Watch(httptest.NewRequest(http.MethodPost, "/api/v1"+path, nil))
		s.handler.ServeHTTP(httptest.NewRecorder(), r)
		if got := taken.String(); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}
