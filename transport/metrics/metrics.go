// Package metrics shows an operator what a node does, in the words of Prometheus.
//
// Labels hold kinds, codes and the templates of routes: never a person, a
// district, a conversation or an address.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	maxScrapes     = 4 // at once
	scrapePatience = 10 * time.Second
)

// Metrics are those of one node.
type Metrics struct {
	registry  *prometheus.Registry
	commits   *prometheus.HistogramVec
	failures  *prometheus.CounterVec
	publishes prometheus.Histogram
	requests  *prometheus.HistogramVec
}

// New has the metrics of the process. [Metrics.Store], [Metrics.Broker],
// [Metrics.Node] and [Metrics.HTTP] add those of what they are given.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		commits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "homeline_commit_seconds",
			Help:    "How long the store took for a change, by kind, failed ones among them.",
			Buckets: buckets(0.0005, 14),
		}, []string{"kind"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "homeline_commit_failures_total",
			Help: "Changes that the store could not make, by kind. What it refuses by a rule is not among them.",
		}, []string{"kind"}),
		publishes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "homeline_publish_seconds",
			Help:    "How long the broker took to accept an event or a beat, failed ones among them.",
			Buckets: buckets(0.0001, 14),
		}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "homeline_http_requests_seconds",
			Help:    "How long a request took, by the template of its route and the status of the answer. An upgrade ends with 101.",
			Buckets: buckets(0.001, 14),
		}, []string{"route", "code"}),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.commits, m.failures, m.publishes, m.requests,
	)
	for _, kind := range kinds { // there from the first scrape on
		m.commits.WithLabelValues(string(kind))
		m.failures.WithLabelValues(string(kind))
	}
	return m
}

// buckets are n bounds in seconds, each twice the one before.
func buckets(first float64, n int) []float64 { return prometheus.ExponentialBuckets(first, 2, n) }

// Handler answers a scrape.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		Registry: m.registry, MaxRequestsInFlight: maxScrapes, Timeout: scrapePatience, EnableOpenMetrics: true,
	})
}
