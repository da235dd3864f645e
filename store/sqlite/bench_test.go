package sqlite

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
)

// BenchmarkSend is sends a second, one at a time, each durable: to 1,000
// conversations in turn, and to one hot one.
func BenchmarkSend(b *testing.B) {
	for _, people := range []int{3, 30} {
		for _, conversations := range []int{1000, 1} {
			b.Run(fmt.Sprintf("participants=%d/conversations=%d", people, conversations), func(b *testing.B) {
				v := settle(b, openTemp(b), people)
				h := newHistory(v, v.people)
				h.gap = 0
				h.write(conversations, 1)
				h.end()
				sendInTurn(b, v, h.conversations, v.people[:3])
			})
		}
	}
}

func sendInTurn(b *testing.B, v *village, conversations, senders []uuid.UUID) {
	used := processorTime(b)
	for n := 0; b.Loop(); n++ {
		v.now = v.now.Add(time.Millisecond)
		v.post(conversations[n%len(conversations)], senders[n%len(senders)])
	}
	used()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sends/s")
}

// processorTime reports what an operation costs the processors, which says more
// than time where others use them too.
func processorTime(b *testing.B) (report func()) {
	before := cpuTime(b)
	return func() { b.ReportMetric(float64((cpuTime(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op") }
}
