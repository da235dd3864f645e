package accesslog_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"github.com/homeline/homeline/transport/accesslog"
	"github.com/homeline/homeline/transport/route"
)

// desk serves a route that logs a line of its own and one that fails.
func desk(level slog.Level) (http.Handler, *bytes.Buffer) {
	var said bytes.Buffer
	log := slog.New(accesslog.WithRequest(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: level})))
	router := mux.NewRouter()
	router.Use(route.Note)
	router.HandleFunc("/sign-in/{token}", func(_ http.ResponseWriter, r *http.Request) { log.InfoContext(r.Context(), "inside") })
	router.HandleFunc("/fails", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	router.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	return accesslog.Handler(router, log), &said
}

func ask(h http.Handler, path, id string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set(accesslog.Header, id)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestARequestIsLoggedByItsRouteAndNothingThatIsSomebodys(t *testing.T) {
	h, said := desk(slog.LevelInfo)
	id := ask(h, "/sign-in/secret?address=ana@home.example", "").Header().Get(accesslog.Header)
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	if len(lines) != 2 || len(id) < 8 {
		t.Fatalf("request %q wrote\n%s", id, said)
	}
	for _, line := range lines {
		if !strings.Contains(line, "request="+id) || strings.Contains(line, "secret") || strings.Contains(line, "ana@") {
			t.Error(line)
		}
	}
	if !strings.Contains(lines[1], `route="GET /sign-in/{token}" code=200`) {
		t.Error(lines[1])
	}
}

func TestTheIdentifierOfAProxyIsTakenOverWhereItIsOne(t *testing.T) {
	h, _ := desk(slog.LevelInfo)
	if got := ask(h, "/fails", "proxy-4711").Header().Get(accesslog.Header); got != "proxy-4711" {
		t.Errorf("it became %q", got)
	}
	for _, bad := range []string{"short", "with space here", "new\nline-in-it", strings.Repeat("x", 65)} {
		if got := ask(h, "/fails", bad).Header().Get(accesslog.Header); got == bad || len(got) < 8 {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func TestFailuresAreErrorsAndProbesAreSilent(t *testing.T) {
	h, said := desk(slog.LevelInfo)
	ask(h, "/healthz", "")
	if said.Len() > 0 {
		t.Errorf("a probe wrote %s", said)
	}
	ask(h, "/fails", "")
	if !strings.Contains(said.String(), "level=ERROR") {
		t.Errorf("a failure wrote %s", said)
	}
}
