package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.uber.org/goleak"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/route"
	"github.com/homeline/homeline/transport/schooltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// samples are what a scrape says: the value of each series, of a histogram how
// many there were.
type samples map[string]float64

func (m *Metrics) scrape(t *testing.T) samples {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	said := samples{}
	for name, family := range families {
		for _, metric := range family.Metric {
			var labels []string
			for _, l := range metric.Label {
				labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			series := name
			if len(labels) > 0 {
				slices.Sort(labels)
				series += "{" + strings.Join(labels, ",") + "}"
			}
			said[series] = metric.GetGauge().GetValue() + metric.GetCounter().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	return said
}

func (s samples) check(t *testing.T, want samples) {
	t.Helper()
	for series, value := range want {
		if got, there := s[series]; !there || got != value {
			t.Errorf("%s is %v (there: %v), want %v", series, got, there, value)
		}
	}
}

// connection is one that takes everything.
type connection struct{}

func (connection) Write([]byte) error        { return nil }
func (connection) Close(live.Close)          {}
func (connection) Ping()                     {}
func (connection) Unanswered() time.Duration { return 0 }

func TestAScrapeSaysWhatHappenedAndNobodysName(t *testing.T) {
	school := schooltest.Open(t, 0)
	m := New()
	m.Node(school.Node.Stats)
	h := hub.New(m.Store(school.Store), school.Store, school.Node, time.Now)
	ana := school.Actor(schooltest.Ana)
	talk := school.Start(t, "trip", "Dear family")
	for range 3 {
		if _, err := h.Reply(t.Context(), ana, talk, uuid.New(), "And this."); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.MarkRead(t.Context(), school.Actor(schooltest.Rosa), talk, 2); err != nil {
		t.Fatal(err)
	}
	_, session, err := school.Identity.Issue(t.Context(), ana.District, ana.Person, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	attached, _ := school.Node.Attach(t.Context(), live.Who{District: ana.District, Person: ana.Person, SignIn: session.ID}, connection{})
	if err := attached.OpenInbox(t.Context(), func(hub.Head) ([]byte, error) { return []byte("{}"), nil }); err != nil {
		t.Fatal(err)
	}
	if err := m.Broker(broker.NewInProcess()).Publish(t.Context(), ana.District, []byte("event")); err != nil {
		t.Fatal(err)
	}
	router := mux.NewRouter()
	router.Use(route.Note)
	router.HandleFunc("/conversations/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	served := m.HTTP(router)
	for _, path := range []string{"/conversations/" + talk.String(), "/conversations/" + ana.Person.String(), "/ana@example.org"} {
		served.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}

	said := m.scrape(t)
	said.check(t, samples{
		"homeline_connections":                                                       1,
		`homeline_subscriptions{channel="user"}`:                                     1,
		`homeline_subscriptions{channel="conversation"}`:                             0,
		"homeline_deliveries_total":                                                  1,
		`homeline_closes_total{code="0"}`:                                            0,
		`homeline_closes_total{code="4001"}`:                                         0,
		"homeline_broker_up":                                                         1,
		`homeline_commit_seconds{kind="post"}`:                                       3,
		`homeline_commit_seconds{kind="read"}`:                                       1,
		`homeline_commit_seconds{kind="start"}`:                                      0,
		`homeline_commit_seconds{kind="seal"}`:                                       0,
		`homeline_commit_failures_total{kind="post"}`:                                0,
		"homeline_publish_seconds":                                                   1,
		`homeline_events_total{outcome="dropped"}`:                                   0,
		`homeline_events_total{outcome="refused"}`:                                   0,
		`homeline_http_requests_seconds{code="403",route="GET /conversations/{id}"}`: 2,
		`homeline_http_requests_seconds{code="404",route="unmatched"}`:               1,
	})
	for _, there := range []string{
		"homeline_queue_bytes", `homeline_events_total{outcome="published"}`, `homeline_events_total{outcome="received"}`,
		`homeline_reconciliations_total{cause="interval"}`, `homeline_reconciliations_total{cause="gap"}`,
		`homeline_reconciliation_found_total{what="inboxes"}`, `homeline_reconciliation_found_total{what="messages"}`,
		`homeline_reconciliation_found_total{what="seals"}`, `homeline_reconciliation_found_total{what="sign_ins"}`,
		"go_goroutines", "process_resident_memory_bytes", "process_open_fds",
	} {
		if _, is := said[there]; !is {
			t.Errorf("%s is not there", there)
		}
	}
	for series := range said {
		for _, private := range []string{talk.String(), ana.Person.String(), ana.District.String(), session.ID, "example.org", "lincoln"} {
			if strings.Contains(series, private) {
				t.Errorf("%s says %q", series, private)
			}
		}
	}
}

// brokenStore fails, or refuses by a rule.
type brokenStore struct {
	hub.Store
	err error
}

func (s brokenStore) Post(context.Context, hub.Post) (hub.Receipt, error) {
	return hub.Receipt{}, s.err
}

func TestAChangeThatARuleRefusesIsNoFailure(t *testing.T) {
	m := New()
	for _, err := range []error{
		nil, hub.ErrNotFound, &hub.Error{Code: hub.CodeSealed}, // no failures
		errors.New("disk full"), fmt.Errorf("post: %w", &hub.Error{Code: hub.CodeBusy}),
	} {
		if _, got := m.Store(brokenStore{err: err}).Post(t.Context(), hub.Post{}); !errors.Is(got, err) {
			t.Errorf("%v became %v", err, got)
		}
	}
	m.scrape(t).check(t, samples{
		`homeline_commit_seconds{kind="post"}`:        5,
		`homeline_commit_failures_total{kind="post"}`: 2,
	})
}

func TestAnUpgradeAndAPanicAreCountedToo(t *testing.T) {
	m := New()
	routes := http.NewServeMux()
	routes.HandleFunc("GET /socket", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusSwitchingProtocols)
		if _, _, err := http.NewResponseController(w).Hijack(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("the writer below was not asked: %v", err)
		}
	})
	routes.HandleFunc("GET /panics", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	served := m.HTTP(routes)
	for _, path := range []string{"/socket", "/panics"} {
		func() {
			defer func() { _ = recover() }()
			served.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
		}()
	}
	m.scrape(t).check(t, samples{
		`homeline_http_requests_seconds{code="101",route="GET /socket"}`: 1,
		`homeline_http_requests_seconds{code="500",route="GET /panics"}`: 1,
	})
}
