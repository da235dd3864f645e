package metrics

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/homeline/homeline/hub/live"
)

// What a node says of itself.
var (
	connections   = describe("connections", "Sessions that are connected.")
	subscriptions = describe("subscriptions", "What the sessions are subscribed to, by the kind of channel.", "channel")
	queueBytes    = describe("queue_bytes", "Bytes that wait for the connections of sessions.")
	deliveries    = describe("deliveries_total", "Frames that were handed to sessions, answers among them.")
	closes        = describe("closes_total", "Sessions that ended or were refused, by the code of docs/protocol.md; 0 where the connection was broken.", "code")
	events        = describe("events_total", "Events between nodes, without beats: published, refused by the broker, dropped for want of room, received.", "outcome")
	brokerUp      = describe("broker_up", "1 while the node's own beat comes back through the broker.")
	unheard       = describe("nodes_unheard", "Nodes of the same database that live and are not heard through the broker, by whether they know that theirs is away.", "broker")
	reconciled    = describe("reconciliations_total", "Comparisons of what sessions were told with the store, by what caused them.", "cause")
	found         = describe("reconciliation_found_total", "What sessions had not been told and reconciling brought.", "what")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("homeline_"+name, help, labels, nil)
}

// node collects from live.Node.Stats.
type node struct{ stats func() live.Stats }

// Node adds what a node says of itself, as live.Node.Stats does. It is called
// once.
func (m *Metrics) Node(stats func() live.Stats) { m.registry.MustRegister(node{stats}) }

// Describe implements prometheus.Collector.
func (node) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		connections, subscriptions, queueBytes, deliveries, closes, events, brokerUp, unheard, reconciled, found,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (n node) Collect(to chan<- prometheus.Metric) {
	s := n.stats()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge(connections, float64(s.Sessions))
	gauge(subscriptions, float64(s.Inboxes), "user")
	gauge(subscriptions, float64(s.Conversations), "conversation")
	gauge(queueBytes, float64(s.QueuedBytes))
	gauge(brokerUp, boolean(!s.BrokerAway))
	gauge(unheard, float64(s.Unheard.Apart), "other")
	gauge(unheard, float64(s.Unheard.Away), "away")
	count(deliveries, s.Deliveries)
	count(events, s.Published, "published")
	count(events, s.Unpublished, "refused")
	count(events, s.Dropped, "dropped")
	count(events, s.Received, "received")
	for code, n := range s.Closes {
		count(closes, n, strconv.Itoa(code))
	}
	for cause, n := range s.Reconciliations {
		count(reconciled, n, string(cause))
	}
	count(found, s.Found.Inboxes, "inboxes")
	count(found, s.Found.Messages, "messages")
	count(found, s.Found.Seals, "seals")
	count(found, s.Found.SignIns, "sign_ins")
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
