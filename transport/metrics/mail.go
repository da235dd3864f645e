package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/homeline/homeline/hub/notify"
)

// What a node's worker has done, and, of all nodes together, what is due.
var (
	mailClaims    = describe("mail_claims_total", "Mails that this node took to send, taken over ones among them.")
	mails         = describe("mails_total", "What became of mails at this node: sent, retried, doubted, failed, unknown, lost.", "outcome")
	mailCancelled = describe("mail_cancelled_total", "Notices and mails that were not sent, by why: read before they were due, and others.", "why")
	mailAsked     = describe("mail_asked_total", "Times that the provider was asked about a mail in doubt, by what it said.", "fate")
	mailSeconds   = describe("mail_call_seconds", "How long the provider took to take a mail.")
	mailUp        = describe("mail_provider_up", "0 after several calls of the provider in a row have failed.")
	mailDue       = describe("mail_due", "Notices and mails that are due and not finished, of the whole installation.")
	mailOldest    = describe("mail_oldest_due_seconds", "For how long the oldest of them has been due; 0 where none is.")
)

// statusAge is how old the counts of the whole installation may be: every scrape
// of every node would ask for them.
const (
	statusAge      = 10 * time.Second
	statusPatience = 5 * time.Second
)

// mail collects from notify.Worker.Stats and notify.Store.Status.
type mail struct {
	stats  func() notify.Stats
	status func(context.Context, time.Time) (notify.Status, error)
	now    func() time.Time // the clock of the installation

	mu    sync.Mutex
	asked time.Time
	last  notify.Status
	known bool
}

// Mail adds what a node's worker says of itself, and what the store says is due.
// by the clock that all nodes go by. It is called once.
func (m *Metrics) Mail(stats func() notify.Stats, status func(context.Context, time.Time) (notify.Status, error), now func() time.Time) {
	m.registry.MustRegister(&mail{stats: stats, status: status, now: now})
}

// Describe implements prometheus.Collector.
func (*mail) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		mailClaims, mails, mailCancelled, mailAsked, mailSeconds, mailUp, mailDue, mailOldest,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (m *mail) Collect(to chan<- prometheus.Metric) {
	s := m.stats()
	gauge := func(d *prometheus.Desc, v float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	count := func(d *prometheus.Desc, v int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	count(mailClaims, s.Claimed)
	for outcome, n := range map[string]int64{
		"sent": s.Sent, "retried": s.Retried, "doubted": s.Doubted, "failed": s.Failed, "unknown": s.Unknown, "lost": s.Lost,
	} {
		count(mails, n, outcome)
	}
	cancelled := map[notify.Why]int64{notify.WhyRead: 0}
	for _, of := range []map[notify.Why]int64{s.Spared, s.Cancelled} {
		for why, n := range of {
			cancelled[why] += n
		}
	}
	for why, n := range cancelled {
		count(mailCancelled, n, string(why))
	}
	for fate, n := range s.Asked {
		count(mailAsked, n, string(fate))
	}
	buckets := map[float64]uint64{}
	for _, b := range s.Calls.Buckets {
		buckets[b.UpTo.Seconds()] = uint64(b.Count)
	}
	to <- prometheus.MustNewConstHistogram(mailSeconds, uint64(s.Calls.Count), s.Calls.Sum.Seconds(), buckets)
	gauge(mailUp, boolean(!s.ProviderAway))
	now := m.now()
	if status, ok := m.due(now); ok {
		gauge(mailDue, float64(status.Due))
		age := 0.0
		if !status.OldestDue.IsZero() {
			age = max(0, now.Sub(status.OldestDue).Seconds())
		}
		gauge(mailOldest, age)
	}
}

// due is what the store says; nothing while it does not answer.
func (m *mail) due(now time.Time) (notify.Status, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known && now.Sub(m.asked) < statusAge {
		return m.last, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), statusPatience)
	defer cancel()
	status, err := m.status(ctx, now)
	if err != nil {
		return notify.Status{}, false
	}
	m.asked, m.last, m.known = now, status, true
	return status, true
}
