package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/homeline/homeline/hub/replymail"
)

var replyMails = describe("reply_mails_total", "Replies that came by e-mail, by what became of them.", "outcome")

// replies collects from replymail.Service.Count.
type replies func(replymail.Outcome) int64

// Replies adds what became of the mails that a node was brought. It is called at
// most once.
func (m *Metrics) Replies(count func(replymail.Outcome) int64) {
	m.registry.MustRegister(replies(count))
}

// Describe implements prometheus.Collector.
func (replies) Describe(to chan<- *prometheus.Desc) { to <- replyMails }

// Collect implements prometheus.Collector.
func (r replies) Collect(to chan<- prometheus.Metric) {
	for _, outcome := range replymail.Outcomes() {
		to <- prometheus.MustNewConstMetric(replyMails, prometheus.CounterValue, float64(r(outcome)), string(outcome))
	}
}
